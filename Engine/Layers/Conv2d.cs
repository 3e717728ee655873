using System.Numerics;

namespace Engine;

/// <summary>
/// The convolution of images: [batch, channels, height, width] becomes [batch, outputs, output height, output width], an output extent
/// being ⌊(extent + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Conv2d<T> : WeightedLayer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// A layer whose weight and bias are initialized uniformly on ±1/√fan with fan = channels / groups · kernel height · kernel width, as
    /// in PyTorch, unless an initializer is given.
    /// </summary>
    /// <param name="channels">The extent of axis 1 of the input, at least 1.</param>
    /// <param name="outputs">The extent of axis 1 of the output, at least 1.</param>
    /// <param name="kernel">The size of the window, at least 1.</param>
    /// <param name="key">
    /// The key of the initial values: two layers with the same key and shape start out equal, so fold a number or a name into it for each.
    /// </param>
    /// <param name="stride">How far the window moves, at least 1, which is the default.</param>
    /// <param name="padding">The zeros around the images, on each side; none by default.</param>
    /// <param name="dilation">The distance between taps of the window, at least 1, which is the default.</param>
    /// <param name="groups">
    /// The number of groups that channels and outputs are divided into; the outputs of a group see its channels only. It divides both.
    /// </param>
    /// <param name="bias">Whether there is a bias b.</param>
    /// <param name="weightInitializer">The initial weight.</param>
    /// <param name="biasInitializer">The initial bias.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    /// <exception cref="ArgumentException">The number of groups does not divide channels and outputs.</exception>
    public Conv2d(
        int channels, int outputs, Size2d kernel, RandomKey key, Size2d? stride = null, Size2d padding = default, Size2d? dilation = null,
        int groups = 1, bool bias = true, Initializer? weightInitializer = null, Initializer? biasInitializer = null)
        : base(
            WeightShape(channels, outputs, kernel, stride ?? 1, padding, dilation ?? 1, groups), key, bias, weightInitializer,
            biasInitializer)
    {
        Stride = stride ?? 1;
        Padding = padding;
        Dilation = dilation ?? 1;
        Groups = groups;
    }

    /// <summary>How far the window moves.</summary>
    public Size2d Stride { get; }

    /// <summary>The zeros around the images, on each side.</summary>
    public Size2d Padding { get; }

    /// <summary>The distance between taps of the window.</summary>
    public Size2d Dilation { get; }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

    /// <summary>The layer, its extents, and non-default settings.</summary>
    public override string ToString() => ConvolutionLayer.Text(
        "Conv2d", Weight.Shape, new Size2d(Weight.Shape[2], Weight.Shape[3]), Stride, Padding, Dilation, new Size2d(1, 1), Groups,
        Bias is not null);

    /// <inheritdoc/>
    public override Tensor<T> Forward(Tensor<T> x, Tensor<T> weight, Tensor<T> bias) =>
        x.Conv2d(weight, bias, Stride, Padding, Dilation, Groups);

    private static Shape WeightShape(
        int channels, int outputs, Size2d kernel, Size2d stride, Size2d padding, Size2d dilation, int groups)
    {
        ConvolutionLayer.Check("Conv2d", channels, outputs, groups);
        WindowArguments.Window("Conv2d", kernel, stride, padding, dilation);
        return [outputs, channels / groups, kernel.Height, kernel.Width];
    }
}
