using System.Numerics;
using Engine.Kernels;

namespace Engine.Tests;

/// <summary>The loops of normalisation, loss and mask give the same bits in every lane.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed unsafe class NormalizationLaneTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly int[] s_widths = [1, 3, 15, 16, 17, 64, 100, 129];

    /// <summary>A tail with other arithmetic; a sum in another order; a product and a sum that one lane fuses.</summary>
    [Test]
    public void Layer_normalisation([ValueSource(nameof(s_widths))] int n, [Values] bool affine)
    {
        const int rows = 37;
        Memory x = new(rows * n, 1), g = new(rows * n, 2), gamma = new(n, 3), beta = new(n, 4);
        T* scale = affine ? gamma.Start : null, shift = affine ? beta.Start : null;
        Compare(
            rows * n, 2 * rows,
            (y, statistics) => new LayerNormalization.ForwardLoop<T>(x.Start, scale, shift, y, statistics, statistics + rows, n, T.CreateTruncating(1e-5)), rows);
        Memory means = new(rows, 5), scales = new(rows, 6);
        Compare(
            rows * n, ColumnSums.Leaves(rows, n) * 2 * n,
            (dx, sums) => new LayerNormalization.BackwardLoop<T>(x.Start, scale, g.Start, means.Start, scales.Start, dx, sums, rows, n), ColumnSums.Leaves(rows, n));
    }

    [Test]
    [Category("Slow")]
    public void Batch_normalisation([ValueSource(nameof(s_widths))] int channels, [Values(1, 3, 65)] int places, [Values] bool affine)
    {
        const int batch = 5;
        int length = batch * channels * places, leaves = BatchNormalization.Scratch(batch, channels, places) / (2 * channels);
        Memory x = new(length, 1), g = new(length, 2), gamma = new(channels, 3), beta = new(channels, 4), means = new(channels, 5), scales = new(channels, 6), averages = new(2 * channels, 7);
        T* scale = affine ? gamma.Start : null, shift = affine ? beta.Start : null;
        Compare(leaves * 2 * channels, 1, (sums, _) => new BatchNormalization.MomentsLoop<T>(x.Start, sums, batch, channels, places), leaves);
        Compare(
            3 * channels, leaves * 2 * channels,
            (statistics, tree) =>
            {
                new BatchNormalization.MomentsLoop<T>(x.Start, tree, batch, channels, places).Run<Scalar<T>>(0, leaves);
                return new BatchNormalization.CombineLoop<T>(tree, statistics, batch, channels, places, T.CreateTruncating(1e-5));
            },
            channels);
        Compare(length, 1, (y, _) => new BatchNormalization.NormaliseLoop<T>(x.Start, means.Start, scales.Start, scale, shift, y, batch, channels, places), leaves);
        Compare(leaves * 2 * channels, 1, (sums, _) => new BatchNormalization.SumsLoop<T>(x.Start, means.Start, scales.Start, g.Start, sums, batch, channels, places), leaves);
        foreach (bool ofBatch in (bool[])[true, false])
        {
            T* means2 = ofBatch ? averages.Start : null;
            Compare(length, 1, (dx, _) => new BatchNormalization.InputLoop<T>(x.Start, means.Start, scales.Start, scale, g.Start, means2, dx, batch, channels, places), leaves);
        }
    }

    /// <summary>Also that the loss alone, without a gradient, has the bits of the loss with it.</summary>
    [Test]
    public void Cross_entropy([ValueSource(nameof(s_widths))] int n, [Values(0, 0.1)] double smoothing, [Values] bool weighted)
    {
        const int rows = 9;
        Memory x = new(rows * n, 1), weights = new(n, 2);
        int[] classes = GC.AllocateArray<int>(rows, pinned: true);
        T* w = weighted ? weights.Start : null;
        CrossEntropyTerms<T> terms = new(T.CreateTruncating(smoothing), null, T.CreateTruncating(n), T.CreateTruncating(0.25));
        fixed (int* c = classes)
        {
            int* target = c;
            Memory alone = new(rows, 3);
            new CrossEntropyRows.RowLoop<T>(x.Start, target, w, alone.Start, null, n, terms).Run<Wide<T>>(0, rows);
            (T[] losses, _) = Compare(rows, rows * n, (loss, gradient) => new CrossEntropyRows.RowLoop<T>(x.Start, target, w, loss, gradient, n, terms), rows);
            SameBits.Check(alone.Values, losses, "without gradient");
        }
    }

    [Test]
    public void Mask_and_difference([Values(1, 31, 1024, 3001)] int n)
    {
        Memory x = new(n, 1), z = new(n, 2);
        Compare(n, 1, (y, _) => new Masking.KeepLoop<T>(x.Start, y, T.CreateTruncating(1 << 23), T.CreateTruncating(2), 5, 6, 7), n);
        Compare(n, 1, (y, _) => new Differences.ScaledLoop<T>(x.Start, z.Start, y, T.CreateTruncating(0.3)), n);
    }

    /// <summary>A row's sum that is not the vector's: one order for both.</summary>
    [Test]
    public void Row_sums_are_the_sums_of_vectors([Values(0, 1, 63, 64, 65, 4096, 4097, 12289, 20481, 40000)] int n)
    {
        Memory x = new(Math.Max(1, n), 1);
        T expected = Reduction.Sum<T>(x.Values.AsSpan(0, n));
        RowValues<T> row = new(x.Start);
        T[] sums = [RowSums.Of<RowValues<T>, Scalar<T>, T>(row, n), RowSums.Of<RowValues<T>, Wide<T>, T>(row, n), RowSums.Of<RowValues<T>, Wide512<T>, T>(row, n)];
        SameBits.Check<T>(sums, [expected, expected, expected], "sum");
        RowGradients<T> pair = new(x.Start, null, x.Start, T.Zero, T.One);
        RowSums.Of<RowGradients<T>, Wide<T>, T>(pair, n, out T first, out T second);
        SameBits.Check<T>([first, second], [expected, Reduction.Dot<T>(x.Values.AsSpan(0, n), x.Values.AsSpan(0, n))], "both terms");
    }

    private delegate TLoop Create<TLoop>(T* first, T* second);

    /// <summary>Runs a loop with two results in each lane; fails where they differ. The loop is run in two pieces in one of them: a piece may not know of another.</summary>
    private static (T[] First, T[] Second) Compare<TLoop>(int first, int second, Create<TLoop> create, int count) where TLoop : ILoop<T>
    {
        Memory a = new(first, 0), b = new(second, 0), a2 = new(first, 0), b2 = new(second, 0), a3 = new(first, 0), b3 = new(second, 0);
        create(a.Start, b.Start).Run<Scalar<T>>(0, count);
        create(a2.Start, b2.Start).Run<Wide512<T>>(0, count);
        TLoop pieces = create(a3.Start, b3.Start);
        pieces.Run<Wide<T>>(0, count / 2);
        pieces.Run<Wide<T>>(count / 2, count);
        SameBits.Check<T>(a2.Values, a.Values, $"{typeof(TLoop).Name}, 512 bits, first result");
        SameBits.Check<T>(b2.Values, b.Values, $"{typeof(TLoop).Name}, 512 bits, second result");
        SameBits.Check<T>(a3.Values, a.Values, $"{typeof(TLoop).Name}, own width, first result");
        SameBits.Check<T>(b3.Values, b.Values, $"{typeof(TLoop).Name}, own width, second result");
        return (a.Values, b.Values);
    }

    /// <summary>Pinned numbers: zeros for seed 0.</summary>
    private sealed class Memory
    {
        public Memory(int length, int seed)
        {
            Values = GC.AllocateArray<T>(length, pinned: true);
            if (seed > 0)
            {
                RandomKey.FromSeed(seed).FillNormal<T>(Values, 0.5);
            }
        }

        public T[] Values { get; }

        public T* Start => (T*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(Values, 0);
    }
}
