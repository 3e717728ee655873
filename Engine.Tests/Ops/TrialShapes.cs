using System.Numerics;

namespace Engine.Tests;

/// <summary>
/// Random extents, shapes and settings of one trial: the same each time they are read, so that a row can give an extent to several inputs.
/// </summary>
internal sealed class TrialShapes
{
    private readonly RandomKey _key;
    private long _drawn;

    public TrialShapes(RandomKey key)
    {
        _key = key;
        (A, B, C, D) = (Next(1, 3), Next(1, 3), Next(1, 3), Next(1, 3));
        N = Next(1, 12) == 1 ? 0 : Next(1, 3);
        Full = Extents(Next(0, 4), mayBeEmpty: false);
        Any = Extents(Next(0, 4), mayBeEmpty: true);
        WithAxis = [Next(1, 3), .. Extents(Next(0, 2), mayBeEmpty: true), Next(1, 3)];
        WithAxis = Next(0, 3) == 0 ? [Next(1, 4)] : WithAxis;
        Rest = Extents(Next(0, 2), mayBeEmpty: true);
        Last = Extents(Next(1, 2), mayBeEmpty: false);
        Groups = Next(1, 3);
        Kernel = (Next(1, 3), Next(1, 3));
        Stride = (Next(1, 3), Next(1, 3));
        Padding = (Next(0, 2), Next(0, 2));
        HalfKernel = (Next(0, Kernel.Height / 2), Next(0, Kernel.Width / 2));
        Dilation = (Next(1, 2), Next(1, 2));
        Height = (Kernel.Height - 1) * Dilation.Height + Next(1, 3);
        Width = (Kernel.Width - 1) * Dilation.Width + Next(1, 3);
    }

    /// <summary>An extent from 0, such as the number of examples.</summary>
    public int N { get; }

    /// <summary>Extents from 1.</summary>
    public int A { get; }

    /// <inheritdoc cref="A"/>
    public int B { get; }

    /// <inheritdoc cref="A"/>
    public int C { get; }

    /// <inheritdoc cref="A"/>
    public int D { get; }

    /// <summary>A shape of up to four axes, with elements.</summary>
    public int[] Full { get; }

    /// <summary>A shape of up to four axes, perhaps without elements.</summary>
    public int[] Any { get; }

    /// <summary>A shape of one to four axes, of which the first and the last have elements.</summary>
    public int[] WithAxis { get; }

    /// <summary>Up to two axes beside those that an operation works on, perhaps without elements.</summary>
    public int[] Rest { get; }

    /// <summary>One or two axes with elements.</summary>
    public int[] Last { get; }

    /// <summary>The number of groups of channels.</summary>
    public int Groups { get; }

    /// <summary>The size of a window.</summary>
    public Size2d Kernel { get; }

    /// <summary>How far it moves.</summary>
    public Size2d Stride { get; }

    /// <summary>A padding of convolutions.</summary>
    public Size2d Padding { get; }

    /// <summary>A padding of pooling: at most half the window.</summary>
    public Size2d HalfKernel { get; }

    /// <summary>The distance between taps of the window.</summary>
    public Size2d Dilation { get; }

    /// <summary>The height of images that the window fits into.</summary>
    public int Height { get; }

    /// <summary>The width of images that the window fits into.</summary>
    public int Width { get; }

    /// <summary>Shapes that broadcast to one.</summary>
    public int[][] Broadcast(int count) => [.. Enumerable.Range(0, count).Select(_ => Part(Any))];

    /// <summary>A shape that broadcasts to the given one.</summary>
    public int[] Part(int[] shape) =>
    [
        .. shape.Skip(Next(0, 2) == 0 ? Next(0, shape.Length) : 0).Select(extent => Next(0, 3) == 0 ? 1 : extent),
    ];

    /// <summary>Two batches of matrices that can be multiplied, or vectors in place of either.</summary>
    public int[][] Product(bool transposeA = false, bool transposeB = false, bool vectors = false) =>
    [
        vectors && Next(0, 4) == 0 ? [N] : [.. Part(Rest), .. transposeA ? (int[])[N, A] : [A, N]],
        vectors && Next(0, 4) == 0 ? [N] : [.. Part(Rest), .. transposeB ? (int[])[B, N] : [N, B]],
    ];

    /// <summary>Images and the weights, and perhaps the bias, of a convolution.</summary>
    public int[][] Images(int groups, bool bias) =>
    [
        [N, groups * A, Height, Width], [groups * B, A, Kernel.Height, Kernel.Width], .. bias ? (int[][])[[groups * B]] : [],
    ];

    /// <summary>A class for each row of logits, 0 for the first.</summary>
    public int[] Classes(Shape logits) => [0, .. Indices(logits[0], logits[1])[1..]];

    /// <summary>Indices below an extent.</summary>
    public int[] Indices(int count, int extent) =>
        [.. Enumerable.Range(0, count).Select(i => (int)(_key.Fold("indices").Uniform(i) * extent))];

    /// <summary>1 and −1.</summary>
    public Tensor<T> Signs<T>(Shape shape) where T : unmanaged, IFloatingPointIeee754<T> =>
        Tensor<T>.From([.. Indices(shape.Length, 2).Select(static i => T.CreateTruncating(2 * i - 1))], shape);

    /// <summary>From low to high, both included.</summary>
    private int Next(int low, int high) => low + (int)(_key.Uniform(_drawn++) * (high - low + 1));

    private int[] Extents(int rank, bool mayBeEmpty) =>
        [.. Enumerable.Range(0, rank).Select(_ => mayBeEmpty && Next(1, 20) == 1 ? 0 : Next(1, 3))];
}
