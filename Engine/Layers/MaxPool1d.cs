using System.Numerics;

namespace Engine;

/// <summary>
/// The largest element of each window of sequences, along the last axis of [batch, channels, length].
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MaxPool1d<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer without parameters.</summary>
    /// <param name="kernel">The size of the window, at least 1.</param>
    /// <param name="stride">How far the window moves, at least 1; by default its size.</param>
    /// <param name="padding">How far the window begins before the sequences; at most half the size of the window.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public MaxPool1d(int kernel, int? stride = null, int padding = 0)
    {
        Kernel = kernel;
        Stride = stride ?? kernel;
        Padding = padding;
        WindowArguments.PoolingWindow("MaxPool1d", kernel, Stride, padding);
    }

    /// <summary>The size of the window.</summary>
    public int Kernel { get; }

    /// <summary>How far the window moves.</summary>
    public int Stride { get; }

    /// <summary>How far the window begins before the sequences.</summary>
    public int Padding { get; }

    /// <summary>The layer, its window, and non-default settings.</summary>
    public override string ToString() => LayerText.Pooling("MaxPool1d", Kernel, Stride, Padding);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x does not have three axes, or is smaller than the window, padding included.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => x.MaxPool1d(Kernel, Stride, Padding);
}
