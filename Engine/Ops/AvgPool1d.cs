using System.Numerics;

namespace Engine;

/// <summary>
/// y = Σ x / n over a window at each of its positions: <see cref="AvgPool2dOp"/> of images of height 1, with its gradient.
/// </summary>
public static class AvgPool1dOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The mean of each window: [batch, channels, length] becomes [batch, channels, output length], the output length being ⌊(length +
        /// 2·padding − kernel)/stride⌋ + 1.
        /// </summary>
        /// <param name="kernel">The size of the window, at least 1.</param>
        /// <param name="stride">How far the window moves, at least 1; by default its size.</param>
        /// <param name="padding">The zeros before and after the sequences; at most half the size of the window.</param>
        /// <param name="countIncludesPadding">Whether these zeros count in the mean, as in PyTorch by default.</param>
        /// <exception cref="ArgumentException">x does not have three axes, has no elements in a channel, or is too short.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
        public Tensor<T> AvgPool1d(int kernel, int? stride = null, int padding = 0, bool countIncludesPadding = true) =>
            PoolingArguments.WithoutHeight(
                AvgPool2dOp.Apply(
                    "AvgPool1d", PoolingArguments.Sequences("AvgPool1d", x), x.Shape, new Size2d(1, kernel),
                    new Size2d(1, stride ?? kernel), new Size2d(0, padding), countIncludesPadding));
    }
}
