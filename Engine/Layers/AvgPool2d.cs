using System.Numerics;

namespace Engine;

/// <summary>
/// The mean of each window of images, along the axes after the first two of [batch, channels, height, width].
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class AvgPool2d<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer without parameters.</summary>
    /// <param name="kernel">The size of the window, at least 1.</param>
    /// <param name="stride">How far the window moves, at least 1; by default its size.</param>
    /// <param name="padding">The zeros around the images, on each side; at most half the size of the window.</param>
    /// <param name="countIncludesPadding">Whether the zeros of the padding count in the mean, as in PyTorch by default.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public AvgPool2d(Size2d kernel, Size2d? stride = null, Size2d padding = default, bool countIncludesPadding = true)
    {
        Kernel = kernel;
        Stride = stride ?? kernel;
        Padding = padding;
        CountIncludesPadding = countIncludesPadding;
        WindowArguments.PoolingWindow("AvgPool2d", kernel, Stride, padding);
    }

    /// <summary>The size of the window.</summary>
    public Size2d Kernel { get; }

    /// <summary>How far the window moves.</summary>
    public Size2d Stride { get; }

    /// <summary>The zeros around the images, on each side.</summary>
    public Size2d Padding { get; }

    /// <summary>Whether the zeros of the padding count in the mean.</summary>
    public bool CountIncludesPadding { get; }

    /// <summary>The layer, its window, and non-default settings.</summary>
    public override string ToString() => LayerText.Pooling("AvgPool2d", Kernel, Stride, Padding, CountIncludesPadding);

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x does not have four axes, or is smaller than the window, padding included.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => x.AvgPool2d(Kernel, Stride, Padding, CountIncludesPadding);
}
