using System.Numerics;

namespace Engine;

/// <summary>
/// y = max x over a window at each of its positions: <see cref="MaxPool2dOp"/> of images of height 1, with its gradient.
/// </summary>
public static class MaxPool1dOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The largest element in each window, NaN if one is NaN: [batch, channels, length] becomes [batch, channels, output length], the
        /// output length being ⌊(length + 2·padding − kernel)/stride⌋ + 1.
        /// </summary>
        /// <param name="kernel">The size of the window, at least 1.</param>
        /// <param name="stride">How far the window moves, at least 1; by default its size.</param>
        /// <param name="padding">How far the window begins before the sequences; at most half its size.</param>
        /// <exception cref="ArgumentException">x does not have three axes, has no elements in a channel, or is too short.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
        public Tensor<T> MaxPool1d(int kernel, int? stride = null, int padding = 0) => PoolingArguments.WithoutHeight(
            MaxPool2dOp.Apply(
                "MaxPool1d", PoolingArguments.Sequences("MaxPool1d", x), x.Shape, new Size2d(1, kernel), new Size2d(1, stride ?? kernel),
                new Size2d(0, padding)));
    }
}
