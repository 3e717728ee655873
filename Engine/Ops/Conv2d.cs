using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y[n, o, p] = b[o] + Σ W[o, c, t]·x[n, c, p·stride − padding + t·dilation] over the channels c of o's group and the taps t of the window,
/// both dimensions alike, x being 0 in the padding; with the same pairs of p and t: ∂loss/∂x = Σ W·g over o and t, ∂loss/∂W = Σ g·x over n
/// and p, ∂loss/∂b = Σ g over n and p.
/// </summary>
public static class Conv2dOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The convolution of images, which is a cross-correlation as in PyTorch: [batch, channels, height, width] becomes [batch,
        /// outputs, output height, output width], an output extent being ⌊(extent + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1.
        /// </summary>
        /// <param name="weight">[outputs, channels / groups, kernel height, kernel width].</param>
        /// <param name="bias">[outputs], or a default tensor for none.</param>
        /// <param name="stride">How far the window moves, at least 1, which is the default.</param>
        /// <param name="padding">The zeros around the images, on each side; none by default.</param>
        /// <param name="dilation">The distance between taps of the window, at least 1, which is the default.</param>
        /// <param name="groups">
        /// The number of groups that channels and outputs are divided into; the outputs of a group see its channels only. It divides both.
        /// </param>
        /// <exception cref="ArgumentException">The shapes do not fit, or the window is larger than the padded images.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
        public Tensor<T> Conv2d(
            Tensor<T> weight, Tensor<T> bias = default, Size2d? stride = null, Size2d padding = default, Size2d? dilation = null,
            int groups = 1)
        {
            if (x.Shape.Rank != 4 || weight.Shape.Rank != 4)
            {
                throw new ArgumentException(
                    $"Conv2d: got an input of shape {x.Shape} for a weight of shape {weight.Shape}, expected [batch, channels, height, "
                        + "width] and [outputs, channels / groups, kernel height, kernel width].",
                    nameof(weight));
            }
            return Apply("Conv2d", x, x.Shape, weight, weight.Shape, bias, stride ?? 1, padding, dilation ?? 1, groups);
        }
    }

    /// <summary>The convolution, recorded.</summary>
    /// <param name="operation">The name in messages.</param>
    /// <param name="x">[batch, channels, height, width].</param>
    /// <param name="givenX">The shape in messages.</param>
    /// <param name="weight">[outputs, channels / groups, kernel height, kernel width].</param>
    /// <param name="givenWeight">The shape in messages.</param>
    /// <param name="bias">[outputs], or a default tensor.</param>
    /// <param name="stride">The stride.</param>
    /// <param name="padding">The padding.</param>
    /// <param name="dilation">The dilation.</param>
    /// <param name="groups">The number of groups.</param>
    internal static Tensor<T> Apply<T>(
        string operation, in Tensor<T> x, in Shape givenX, in Tensor<T> weight, in Shape givenWeight, in Tensor<T> bias, Size2d stride,
        Size2d padding, Size2d dilation, int groups)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int channels = x.Shape[1], outputs = weight.Shape[0];
        SlidingWindow window =
            WindowArguments.Window(operation, new Size2d(weight.Shape[2], weight.Shape[3]), stride, padding, dilation);
        if (groups < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(groups),
                string.Create(CultureInfo.InvariantCulture, $"{operation}: got {groups} groups, expected at least 1."));
        }
        if (channels % groups != 0)
        {
            throw new ArgumentException(
                $"{operation}: got {groups} groups for the {channels} channels of an input of shape {givenX}, expected a number that "
                    + "divides the channels.",
                nameof(groups));
        }
        if (outputs % groups != 0)
        {
            throw new ArgumentException(
                $"{operation}: got {groups} groups for the {outputs} outputs of a weight of shape {givenWeight}, expected a number that "
                    + "divides the outputs.",
                nameof(groups));
        }
        if (weight.Shape[1] != channels / groups)
        {
            throw new ArgumentException(
                $"{operation}: got a weight of shape {givenWeight} for an input of shape {givenX} and {groups} groups, expected "
                    + $"{channels / groups} channels in the weight.",
                nameof(weight));
        }
        if (!bias.IsDefault && (bias.Shape.Rank != 1 || bias.Shape[0] != outputs))
        {
            throw new ArgumentException(
                $"{operation}: got a bias of shape {bias.Shape} for a weight of shape {givenWeight}, expected [outputs].", nameof(bias));
        }
        WindowArguments.CheckFit(operation, window, givenX, x.Shape[2], x.Shape[3]);
        ConvolutionShape shape = new(x.Shape[0], channels, x.Shape[2], x.Shape[3], outputs, groups, window);
        Tensor<T> y = Tape<T>.Allocate([shape.Batch, outputs, shape.OutputHeight, shape.OutputWidth], out Span<T> elements);
        Tape<T>.Allocate([Convolution.ForwardScratch(shape)], out Span<T> scratch);
        Convolution.Forward(shape, x.Span, weight.Span, bias.OptionalSpan, elements, scratch);
        Conv2dBackward<T> op = FunctionCache<SlidingWindow, Conv2dBackward<T>>.Get(window, static w => new(w));
        return Tape<T>.Record(new Node<T> { Op = op, A = x, B = weight, C = bias, Integer = groups }, y);
    }

    private sealed class Conv2dBackward<T>(SlidingWindow window) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Batch and positions.</summary>
        private const int AllButOutputs = 0b1101;

        public override string Name => "Conv2d";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Shape x = node.A.Shape;
            ConvolutionShape shape = new(x[0], x[1], x[2], x[3], node.B.Shape[0], (int)node.Integer, window);
            ReadOnlySpan<T> g = context.OutputGradient.Span;
            if (context.NeedsGradient(node.C))
            {
                context.Accumulate(node.C, SumOp.Reduce(context.OutputGradient, AllButOutputs, keep: false));
            }
            if (context.NeedsGradient(node.B))
            {
                Tape<T>.Allocate([Convolution.WeightGradientScratch(shape)], out Span<T> scratch);
                Tensor<T> d = context.Allocate(node.B, out Span<T> elements);
                Convolution.WeightGradient(shape, node.A.Span, g, elements, scratch);
                context.Accumulate(node.B, d);
            }
            if (context.NeedsGradient(node.A))
            {
                Tape<T>.Allocate([Convolution.InputGradientScratch(shape)], out Span<T> scratch);
                Tensor<T> d = context.Allocate(node.A, out Span<T> elements);
                Convolution.InputGradient(shape, node.B.Span, g, elements, scratch);
                context.Accumulate(node.A, d);
            }
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            Shape output = node.Output.Shape;
            int groups = (int)node.Integer, positions = output[2] * output[3];
            Tensor<T> padded = WindowTaps.Pad(node.A, window, 0), sum = default;
            for (int row = 0; row < window.Vertical.Taps; row++)
            {
                for (int column = 0; column < window.Horizontal.Taps; column++)
                {
                    // a product of [groups, outputs, channels] and [batch, groups, channels, positions] for each tap
                    Tensor<T> seen = WindowTaps.See(padded, window, output, row, column)
                        .Reshape(output[0], groups, node.B.Shape[1], positions);
                    Tensor<T> weight = node.B.Select(3, column).Select(2, row).Reshape(groups, output[1] / groups, node.B.Shape[1]);
                    Tensor<T> product = weight.MatMul(seen);
                    sum = sum.IsDefault ? product : sum + product;
                }
            }
            Tensor<T> y = sum.Reshape(output);
            return node.C.IsDefault ? y : y + node.C.Reshape(output[1], 1, 1);
        }
    }
}
