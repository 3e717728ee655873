using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>yᵢ = x₀ + … + xᵢ along an axis; ∂loss/∂xᵢ = gᵢ + … + gₙ₋₁, the running sum from the other end.</summary>
public static class CumulativeSumOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The sums of the elements up to each along an axis, of the shape of x.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> CumulativeSum(int axis)
        {
            axis = x.Shape.Axis(axis, nameof(CumulativeSum));
            Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements);
            Scan.Sum(x.Span, elements, Layout(x.Shape, axis), reverse: false);
            return Tape<T>.Record(new Node<T> { Op = CumulativeSumBackward<T>.Instance, A = x, Integer = axis }, y);
        }
    }

    private static AxisLayout Layout(in Shape shape, int axis) =>
        new(shape.ElementCount(0, axis), shape[axis], shape.ElementCount(axis + 1, shape.Rank));

    private sealed class CumulativeSumBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly CumulativeSumBackward<T> Instance = new();

        public override string Name => "CumulativeSum";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            Scan.Sum(context.OutputGradient.Span, elements, Layout(node.A.Shape, (int)node.Integer), reverse: true);
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            // the sum of an element and those behind it
            Tensor<T> g = context.OutputGradient;
            int axis = (int)node.Integer;
            context.Accumulate(node.A, g.Sum(axis, keepDimensions: true) - g.CumulativeSum(axis) + g);
        }
    }
}
