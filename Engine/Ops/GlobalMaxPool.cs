using System.Numerics;

namespace Engine;

/// <summary>y = max x over the elements of each channel; ∂loss/∂x = g at the first largest element, else 0.</summary>
public static class GlobalMaxPoolOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The largest element of each channel over all axes after the first two, NaN if one is NaN: [batch, channels, ..] becomes
        /// [batch, channels].
        /// </summary>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <exception cref="ArgumentException">x has fewer than three axes, or channels without elements.</exception>
        public Tensor<T> GlobalMaxPool(bool keepDimensions = false)
        {
            Tensor<T> channels = PoolingArguments.Channels("GlobalMaxPool", x);
            Size2d all = new(1, Math.Max(1, channels.Shape[2]));
            Tensor<T> y = MaxPool2dOp.Apply(
                "GlobalMaxPool", PoolingArguments.Sequences("GlobalMaxPool", channels), x.Shape, all, all, padding: 0);
            return PoolingArguments.Reduced(y, x.Shape, keepDimensions);
        }
    }
}
