using System.Numerics;

namespace Engine;

/// <summary>
/// The mean of each window of sequences, along the last axis of [batch, channels, length].
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AvgPool1d<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer without parameters.</summary>
    /// <param name="kernel">The size of the window, at least 1.</param>
    /// <param name="stride">How far the window moves, at least 1; by default its size.</param>
    /// <param name="padding">The zeros before and after the sequences; at most half the size of the window.</param>
    /// <param name="countIncludesPadding">Whether the zeros of the padding count in the mean, as in PyTorch by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public AvgPool1d(int kernel, int? stride = null, int padding = 0, bool countIncludesPadding = true)
    {
        Kernel = kernel;
        Stride = stride ?? kernel;
        Padding = padding;
        CountIncludesPadding = countIncludesPadding;
        WindowArguments.PoolingWindow("AvgPool1d", kernel, Stride, padding);
    }

    /// <summary>The size of the window.</summary>
    public int Kernel { get; }

    /// <summary>How far the window moves.</summary>
    public int Stride { get; }

    /// <summary>The zeros before and after the sequences.</summary>
    public int Padding { get; }

    /// <summary>Whether the zeros of the padding count in the mean.</summary>
    public bool CountIncludesPadding { get; }

    /// <summary>The layer, its window, and non-default settings.</summary>
    public override string ToString() => LayerText.Pooling("AvgPool1d", Kernel, Stride, Padding, CountIncludesPadding);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x does not have three axes, or is smaller than the window, padding included.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => x.AvgPool1d(Kernel, Stride, Padding, CountIncludesPadding);
}
