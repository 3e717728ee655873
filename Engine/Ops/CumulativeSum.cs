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
        public Tensor<T> CumulativeSum(int axis) =>
            CumulativeSumBackward<T>.Forward.Apply(x, 1 << x.Shape.AxisOrElement(axis, nameof(CumulativeSum)));
    }

    /// <summary>The sums from the first element, or in reverse from the last; the gradient is the same with the other direction.</summary>
    private sealed class CumulativeSumBackward<T>(bool reverse) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly CumulativeSumBackward<T> Forward = new(reverse: false), Reverse = new(reverse: true);

        public override string Name => "CumulativeSum";

        public Tensor<T> Apply(in Tensor<T> x, int axisSet)
        {
            Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements);
            Scan.Sum(x.Span, elements, ReducedAxes.Layout(x.Shape, axisSet), reverse);
            return Tape<T>.Record(new Node<T> { Op = this, A = x, Integer = axisSet }, y);
        }

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            Scan.Sum(
                context.OutputGradient.Span, elements, ReducedAxes.Layout(node.A.Shape, (int)node.Integer), !reverse);
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) =>
            context.Accumulate(node.A, (reverse ? Forward : Reverse).Apply(context.OutputGradient, (int)node.Integer));
    }
}
