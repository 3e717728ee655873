using System.Numerics;

namespace Engine;

/// <summary>
/// The largest element of each channel over all axes after the first two: [batch, channels, ..] becomes [batch, channels].
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GlobalMaxPool<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x has fewer than three axes, or channels without elements.</exception>
    public override Tensor<T> Forward(Tensor<T> x) => x.GlobalMaxPool();
}
