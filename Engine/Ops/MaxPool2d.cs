using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = max x over a window at each of its positions; ∂loss/∂x = Σ g over the windows whose first largest element x is, row by row.
/// </summary>
public static class MaxPool2dOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The largest element in each window, NaN if one is NaN: [batch, channels, height, width] becomes [batch, channels, output
        /// height, output width], an output extent being ⌊(extent + 2·padding − kernel)/stride⌋ + 1.
        /// </summary>
        /// <param name="kernel">The size of the window, at least 1.</param>
        /// <param name="stride">How far the window moves, at least 1; by default its size.</param>
        /// <param name="padding">How far the window begins before the images; at most half its size. There are no elements there.</param>
        /// <exception cref="ArgumentException">
        /// x does not have four axes, has no rows or columns, or is smaller than the window, padding included.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
        public Tensor<T> MaxPool2d(Size2d kernel, Size2d? stride = null, Size2d padding = default) =>
            Apply("MaxPool2d", PoolingArguments.Images("MaxPool2d", x), x.Shape, kernel, stride ?? kernel, padding);
    }

    /// <summary>The largest elements of windows, recorded.</summary>
    internal static Tensor<T> Apply<T>(string operation, in Tensor<T> x, in Shape given, Size2d kernel, Size2d stride, Size2d padding)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        SlidingWindow window = PoolingArguments.Window(operation, x.Shape, given, kernel, stride, padding);
        Tensor<T> y = Tape<T>.Allocate(PoolingArguments.OutputShape(x.Shape, window), out Span<T> elements);
        Pooling.Max(window, x.Span, elements, x.Shape[0] * x.Shape[1], x.Shape[2], x.Shape[3]);
        return Tape<T>.Record(
            new Node<T> { Op = FunctionCache<SlidingWindow, MaxPool2dBackward<T>>.Get(window, static w => new(w)), A = x }, y);
    }

    private sealed class MaxPool2dBackward<T>(SlidingWindow window) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public override string Name => "MaxPool2d";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            Shape x = node.A.Shape;
            Pooling.MaxBackward(window, node.A.Span, context.OutputGradient.Span, elements, x[0] * x[1], x[2], x[3]);
            context.Accumulate(node.A, dx);
        }

        protected internal override Tensor<T> Definition(in Node<T> node, in BackwardContext<T> context)
        {
            Shape x = node.A.Shape, y = node.Output.Shape;
            int planes = x[0] * x[1], positions = y[2] * y[3];
            ReadOnlySpan<T> input = node.A.Span, output = node.Output.Span;
            int[] indices = new int[planes * positions];
            for (int i = 0; i < indices.Length; i++)
            {
                indices[i] = FirstLargest(
                    input.Slice(i / positions * x[2] * x[3], x[2] * x[3]), x, i % positions / y[3], i % y[3], output[i]);
            }
            return planes == 0 ? node.A.Reshape(y) : node.A.Reshape(planes, x[2] * x[3]).Gather(1, indices).Reshape(y);
        }

        /// <summary>The index in its plane of the first element in a window that is the largest, or NaN if that is.</summary>
        private int FirstLargest(ReadOnlySpan<T> plane, in Shape x, int outputRow, int outputColumn, T largest)
        {
            for (int i = 0; i < window.Taps; i++)
            {
                int row = window.Vertical.Input(outputRow, i / window.Horizontal.Taps),
                    column = window.Horizontal.Input(outputColumn, i % window.Horizontal.Taps);
                if ((uint)row < (uint)x[2] && (uint)column < (uint)x[3])
                {
                    T value = plane[row * x[3] + column];
                    if (value == largest || (T.IsNaN(value) && T.IsNaN(largest)))
                    {
                        return row * x[3] + column;
                    }
                }
            }
            throw new InvalidOperationException($"MaxPool2d: got the output {largest}, expected an element of its window.");
        }
    }
}
