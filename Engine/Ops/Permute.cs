using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y is x with its axes in another order; ∂loss/∂x is g with its axes in the inverse order.</summary>
public static class PermuteOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>A copy of x with its axes in another order: axis j of the result is axis <paramref name="axes"/>[j] of x.</summary>
        /// <param name="axes">Each axis once; a negative one counts from the last.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">An axis is missing or repeated.</exception>
        public Tensor<T> Permute(params ReadOnlySpan<int> axes)
        {
            Shape shape = x.Shape;
            if (axes.Length != shape.Rank)
            {
                throw new ArgumentException(
                    $"Permute: got {axes.Length} axes for the shape {shape}, expected {shape.Rank}.", nameof(axes));
            }
            _ = shape.AxisSet(axes, nameof(Permute));
            Span<int> order = stackalloc int[axes.Length];
            for (int j = 0; j < axes.Length; j++)
            {
                order[j] = shape.Axis(axes[j], nameof(Permute));
            }
            return Apply(x, order);
        }

        /// <summary>A copy of x with two of its axes exchanged.</summary>
        /// <param name="first">One axis; a negative one counts from the last.</param>
        /// <param name="second">The other.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> Transpose(int first, int second)
        {
            Span<int> order = stackalloc int[x.Shape.Rank];
            for (int j = 0; j < order.Length; j++)
            {
                order[j] = j;
            }
            int a = x.Shape.Axis(first, nameof(Transpose)), b = x.Shape.Axis(second, nameof(Transpose));
            (order[a], order[b]) = (order[b], order[a]);
            return Apply(x, order);
        }

        /// <summary>A copy of a matrix, transposed.</summary>
        /// <exception cref="InvalidOperationException">x does not have exactly two axes.</exception>
        public Tensor<T> Transpose() => x.Shape.Rank == 2
            ? Apply(x, [1, 0])
            : throw new InvalidOperationException($"Transpose: got the shape {x.Shape}, expected two axes; Permute orders more.");
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, ReadOnlySpan<int> order) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<int> extents = stackalloc int[order.Length];
        int code = 0;
        for (int j = 0; j < order.Length; j++)
        {
            extents[j] = x.Shape[order[j]];
            code |= order[j] << 3 * j; // an axis is below 8
        }
        Tensor<T> y = Tape<T>.Allocate(new Shape(extents), out Span<T> elements);
        Permutation.Copy(x.Span, x.Shape.Extents, order, elements);
        return Tape<T>.Record(new Node<T> { Op = PermuteBackward<T>.Instance, A = x, Integer = code }, y);
    }

    private sealed class PermuteBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly PermuteBackward<T> Instance = new();

        public override string Name => "Permute";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements), g = context.OutputGradient;
            Span<int> inverse = stackalloc int[g.Shape.Rank];
            Invert((int)node.Integer, inverse);
            Permutation.Copy(g.Span, g.Shape.Extents, inverse, elements);
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            Span<int> inverse = stackalloc int[node.A.Shape.Rank];
            Invert((int)node.Integer, inverse);
            context.Accumulate(node.A, context.OutputGradient.Permute(inverse));
        }

        private static void Invert(int code, Span<int> inverse)
        {
            for (int j = 0; j < inverse.Length; j++)
            {
                inverse[code >> 3 * j & 7] = j;
            }
        }
    }
}
