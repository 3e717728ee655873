using System.Numerics;

namespace Engine;

/// <summary>y = Σ x / n over the n elements of each channel; ∂loss/∂x = g/n.</summary>
public static class GlobalAvgPoolOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The mean of each channel over all axes after the first two: [batch, channels, ..] becomes [batch, channels]. NaN if there are
        /// no elements.
        /// </summary>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <exception cref="ArgumentException">x has fewer than three axes.</exception>
        public Tensor<T> GlobalAvgPool(bool keepDimensions = false) => PoolingArguments.Reduced(
            PoolingArguments.Channels("GlobalAvgPool", x).Mean(-1), x.Shape, keepDimensions);
    }
}
