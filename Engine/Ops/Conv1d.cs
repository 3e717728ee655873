using System.Numerics;

namespace Engine;

/// <summary>
/// y[n, o, p] = b[o] + Σ W[o, c, t]·x[n, c, p·stride − padding + t·dilation]: the convolution <see cref="Conv2dOp"/> of images of height 1,
/// with its gradients.
/// </summary>
public static class Conv1dOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The convolution of sequences, which is a cross-correlation as in PyTorch: [batch, channels, length] becomes [batch, outputs,
        /// output length], the output length being ⌊(length + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1.
        /// </summary>
        /// <param name="weight">[outputs, channels / groups, kernel].</param>
        /// <param name="bias">[outputs], or a default tensor for none.</param>
        /// <param name="stride">How far the window moves, at least 1.</param>
        /// <param name="padding">The zeros before and after the sequences.</param>
        /// <param name="dilation">The distance between taps of the window, at least 1.</param>
        /// <param name="groups">
        /// The number of groups that channels and outputs are divided into; the outputs of a group see its channels only. It divides both.
        /// </param>
        /// <exception cref="ArgumentException">The shapes do not fit, or the window is larger than the padded sequences.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
        public Tensor<T> Conv1d(
            Tensor<T> weight, Tensor<T> bias = default, int stride = 1, int padding = 0, int dilation = 1, int groups = 1)
        {
            Shape input = x.Shape, kernel = weight.Shape;
            if (input.Rank != 3 || kernel.Rank != 3)
            {
                throw new ArgumentException(
                    $"Conv1d: got an input of shape {input} for a weight of shape {kernel}, expected [batch, channels, length] and "
                        + "[outputs, channels / groups, kernel].",
                    nameof(weight));
            }
            Tensor<T> y = Conv2dOp.Apply(
                "Conv1d", x.Reshape(input[0], input[1], 1, input[2]), input, weight.Reshape(kernel[0], kernel[1], 1, kernel[2]), kernel,
                bias, new Size2d(1, stride), new Size2d(0, padding), new Size2d(1, dilation), groups);
            return y.Reshape(y.Shape[0], y.Shape[1], y.Shape[3]);
        }
    }
}
