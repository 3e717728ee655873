using System.Numerics;

namespace Engine;

/// <summary>
/// The largest element of each window of images, along the axes after the first two of [batch, channels, height, width].
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class MaxPool2d<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer without parameters.</summary>
    /// <param name="kernel">The size of the window, at least 1.</param>
    /// <param name="stride">How far the window moves, at least 1; by default its size.</param>
    /// <param name="padding">How far the window begins before the images; at most half the size of the window.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public MaxPool2d(Size2d kernel, Size2d? stride = null, Size2d padding = default)
    {
        Kernel = kernel;
        Stride = stride ?? kernel;
        Padding = padding;
        WindowArguments.PoolingWindow("MaxPool2d", kernel, Stride, padding);
    }

    /// <summary>The size of the window.</summary>
    public Size2d Kernel { get; }

    /// <summary>How far the window moves.</summary>
    public Size2d Stride { get; }

    /// <summary>How far the window begins before the images.</summary>
    public Size2d Padding { get; }

    /// <summary>The layer, its window, and non-default settings.</summary>
    public override string ToString() => LayerText.Pooling("MaxPool2d", Kernel, Stride, Padding);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x does not have four axes, or is smaller than the window, padding included.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => x.MaxPool2d(Kernel, Stride, Padding);
}
