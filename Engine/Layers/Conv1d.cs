using System.Numerics;

namespace Engine;

/// <summary>
/// The convolution of sequences: [batch, channels, length] becomes [batch, outputs, output length], the output length being ⌊(length +
/// 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Conv1d<T> : WeightedLayer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// A layer whose weight and bias are initialized uniformly on ±1/√fan with fan = channels / groups · kernel, as in PyTorch, unless an
    /// initializer is given.
    /// </summary>
    /// <param name="channels">The extent of axis 1 of the input, at least 1.</param>
    /// <param name="outputs">The extent of axis 1 of the output, at least 1.</param>
    /// <param name="kernel">The size of the window, at least 1.</param>
    /// <param name="key">
    /// The key of the initial values: two layers with the same key and shape start out equal, so fold a number or a name into it for each.
    /// </param>
    /// <param name="stride">How far the window moves, at least 1.</param>
    /// <param name="padding">The zeros before and after the sequences.</param>
    /// <param name="dilation">The distance between taps of the window, at least 1.</param>
    /// <param name="groups">
    /// The number of groups that channels and outputs are divided into; the outputs of a group see its channels only. It divides both.
    /// </param>
    /// <param name="bias">Whether there is a bias b.</param>
    /// <param name="weightInitializer">The initial weight.</param>
    /// <param name="biasInitializer">The initial bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    /// <exception cref="ArgumentException">The number of groups does not divide channels and outputs.</exception>
    public Conv1d(
        int channels, int outputs, int kernel, RandomKey key, int stride = 1, int padding = 0, int dilation = 1, int groups = 1,
        bool bias = true, Initializer? weightInitializer = null, Initializer? biasInitializer = null)
        : base(
            WeightShape(channels, outputs, kernel, stride, padding, dilation, groups), key, bias, weightInitializer,
            biasInitializer)
    {
        Stride = stride;
        Padding = padding;
        Dilation = dilation;
        Groups = groups;
    }

    /// <summary>How far the window moves.</summary>
    public int Stride { get; }

    /// <summary>The zeros before and after the sequences.</summary>
    public int Padding { get; }

    /// <summary>The distance between taps of the window.</summary>
    public int Dilation { get; }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

    /// <summary>The layer, its extents, and non-default settings.</summary>
    public override string ToString() => ConvolutionLayer.Text(
        "Conv1d", Weight.Shape, Weight.Shape[2], Stride, Padding, Dilation, 1, Groups, Bias is not null);

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x, Tensor<T> weight, Tensor<T> bias) =>
        x.Conv1d(weight, bias, Stride, Padding, Dilation, Groups);

    private static Shape WeightShape(
        int channels, int outputs, int kernel, int stride, int padding, int dilation, int groups)
    {
        ConvolutionLayer.Check("Conv1d", channels, outputs, groups);
        WindowArguments.Window("Conv1d", kernel, stride, padding, dilation);
        return [outputs, channels / groups, kernel];
    }
}
