using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>y = Σ x / n over some axes or all, n elements each; ∂y/∂x = 1/n.</summary>
public static class MeanOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The mean of all elements, a scalar; NaN if there are none.</summary>
        public Tensor<T> Mean() => Apply(x, axisSet: -1, keep: false);

        /// <summary>The mean along one axis.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axis is kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> Mean(int axis, bool keepDimensions = false) => x.Mean([axis], keepDimensions);

        /// <summary>The mean along some axes.</summary>
        /// <param name="axes">The axes, each once; a negative one counts from the last. Without any the result is a copy of x.</param>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">An axis is repeated.</exception>
        public Tensor<T> Mean(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
            Apply(x, x.Shape.AxisSet(axes, nameof(Mean)), keepDimensions);
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, int axisSet, bool keep) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> y = SumOp.Reduce(x, axisSet, keep);
        TensorPrimitives.Divide(y.Span, Count<T>(x.Shape, axisSet), y.Output);
        return Tape<T>.Record(new Node<T> { Op = MeanBackward<T>.Instance, A = x, Integer = axisSet }, y);
    }

    /// <summary>The number of elements that each mean is taken of.</summary>
    private static T Count<T>(in Shape shape, int axisSet) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int count = shape.Length == 0 ? 0 : 1; // without elements there is no mean, or it is of nothing
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            count *= (axisSet >> axis & 1) != 0 ? shape[axis] : 1;
        }
        return T.CreateTruncating(count);
    }

    private sealed class MeanBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly MeanBackward<T> Instance = new();

        public override string Name => "Mean";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            int axisSet = (int)node.Integer;
            Shape kept = dx.Shape.Without(axisSet, keep: true);
            ReadOnlySpan<T> n = [Count<T>(dx.Shape, axisSet)];
            Broadcasting.Zip<DivideKernel<T>, T>(context.OutputGradient.Span, kept.Extents, n, [], elements, dx.Shape.Extents);
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            double n = double.CreateTruncating(Count<T>(node.A.Shape, (int)node.Integer));
            context.Accumulate(node.A, SumOp.Spread(context.OutputGradient / n, node));
        }
    }
}
