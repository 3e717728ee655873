using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y is x with its axes in another order; the gradient goes back in the inverse order.</summary>
public static class PermuteOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>x with its axes in another order, written out: axis j of the result is axis <paramref name="axes"/>[j] of x.</summary>
        /// <param name="axes">Each axis once; negative: counted from the last.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">An axis is missing or stands there twice.</exception>
        public Tensor<T> Permute(params ReadOnlySpan<int> axes)
        {
            Shape shape = x.Shape;
            if (axes.Length != shape.Rank)
            {
                throw new ArgumentException($"Permute: got {axes.Length} axes for the shape {shape}, expected {shape.Rank}.", nameof(axes));
            }
            _ = shape.AxisSet(axes, nameof(Permute));
            Span<int> order = stackalloc int[axes.Length];
            for (int j = 0; j < axes.Length; j++)
            {
                order[j] = shape.Axis(axes[j], nameof(Permute));
            }
            return Apply(x, order);
        }

        /// <summary>The transpose of a matrix, written out.</summary>
        /// <exception cref="InvalidOperationException">x has not exactly two axes.</exception>
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
        Tensor<T> y = Tape<T>.New(new Shape(extents));
        Permutation.Copy(x.Span, x.Shape.Extents, order, y.Output);
        if (Tape<T>.Records(x))
        {
            Tape<T>.Add(new Node<T> { Op = Rule<T>.Instance, A = x, Attribute = code }, y);
        }
        return y;
    }

    private sealed class Rule<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Rule<T> Instance = new();

        public override string Name => "Permute";

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            Tensor<T> dx = flow.Begin(node.A), g = flow.Gradient;
            int code = (int)node.Attribute;
            Span<int> inverse = stackalloc int[g.Shape.Rank];
            for (int j = 0; j < inverse.Length; j++)
            {
                inverse[code >> 3 * j & 7] = j;
            }
            Permutation.Copy(g.Span, g.Shape.Extents, inverse, dx.Output);
            flow.End(node.A, dx);
        }
    }
}
