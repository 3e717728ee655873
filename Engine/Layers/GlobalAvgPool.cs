using System.Numerics;

namespace Engine;

/// <summary>The mean of each channel over all axes after the first two: [batch, channels, ..] becomes [batch, channels].</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GlobalAvgPool<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x has fewer than three axes.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => x.GlobalAvgPool();
}
