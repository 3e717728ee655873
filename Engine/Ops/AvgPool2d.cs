using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = Σ x / n over a window at each of its positions; ∂loss/∂x = Σ g / n over the windows that see x. n is the size of the window, or the
/// number of elements that it sees.
/// </summary>
public static class AvgPool2dOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The mean of each window: [batch, channels, height, width] becomes [batch, channels, output height, output width], an output
        /// extent being ⌊(extent + 2·padding − kernel)/stride⌋ + 1.
        /// </summary>
        /// <param name="kernel">The size of the window, at least 1.</param>
        /// <param name="stride">How far the window moves, at least 1; by default its size.</param>
        /// <param name="padding">The zeros around the images, on each side; at most half the size of the window.</param>
        /// <param name="countIncludesPadding">Whether these zeros count in the mean, as in PyTorch by default.</param>
        /// <exception cref="ArgumentException">
        /// x does not have four axes, has no rows or columns, or is smaller than the window, padding included.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
        public Tensor<T> AvgPool2d(Size2d kernel, Size2d? stride = null, Size2d padding = default, bool countIncludesPadding = true) =>
            Apply(
                "AvgPool2d", PoolingArguments.Images("AvgPool2d", x), x.Shape, kernel, stride ?? kernel, padding, countIncludesPadding);
    }

    /// <summary>The means of windows, recorded.</summary>
    internal static Tensor<T> Apply<T>(
        string operation, in Tensor<T> x, in Shape given, Size2d kernel, Size2d stride, Size2d padding, bool countIncludesPadding)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        SlidingWindow window = PoolingArguments.Window(operation, x.Shape, given, kernel, stride, padding);
        Tensor<T> y = Tape<T>.Allocate(PoolingArguments.OutputShape(x.Shape, window), out Span<T> elements);
        Pooling.Average(window, x.Span, elements, x.Shape[0] * x.Shape[1], x.Shape[2], x.Shape[3], countIncludesPadding);
        AvgPool2dBackward<T> op = FunctionCache<SlidingWindow, AvgPool2dBackward<T>>.Get(window, static w => new(w));
        return Tape<T>.Record(new Node<T> { Op = op, A = x, Integer = countIncludesPadding ? 1 : 0 }, y);
    }

    private sealed class AvgPool2dBackward<T>(SlidingWindow window) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public override string Name => "AvgPool2d";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            Shape x = node.A.Shape;
            Pooling.AverageBackward(
                window, context.OutputGradient.Span, elements, x[0] * x[1], x[2], x[3], includesPadding: node.Integer != 0);
            context.Accumulate(node.A, dx);
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            Shape output = node.Output.Shape;
            Tensor<T> sum = WindowTaps.Sum(node.A, window, output);
            return node.Integer != 0
                ? sum / window.Taps
                : sum / WindowTaps.Sum(Tensor<T>.Ones(node.A.Shape), window, output);
        }
    }
}
