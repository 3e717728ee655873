using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y is x repeated along the axes that broadcasting adds or stretches; ∂loss/∂x is the sum of g over the copies.</summary>
public static class ExpandOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>A copy of x, broadcast to a shape.</summary>
        /// <param name="shape">A shape that x broadcasts to.</param>
        /// <exception cref="ArgumentException">x does not broadcast to the shape.</exception>
        public Tensor<T> Expand(in Shape shape)
        {
            if (!x.Shape.BroadcastsTo(shape))
            {
                throw new ArgumentException(
                    $"Expand: got the shape {shape} for a tensor of shape {x.Shape}, expected one that it broadcasts to.", nameof(shape));
            }
            Tensor<T> y = Tape<T>.Allocate(shape, out Span<T> elements);
            Broadcasting.Zip<BroadcastKernel<T>, T>(x.Span, x.Shape.Extents, elements, shape.Extents, elements, shape.Extents);
            return Tape<T>.Record(new Node<T> { Op = ExpandBackward<T>.Instance, A = x }, y);
        }
    }

    private sealed class ExpandBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly ExpandBackward<T> Instance = new();

        public override string Name => "Expand";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context) =>
            context.AccumulateOwned(node.A, context.OutputGradient);

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) => Backward(node, context);
    }
}
