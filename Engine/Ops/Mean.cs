using System.Numerics;
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
        /// <param name="axis">Negative: counted from the last.</param>
        /// <param name="keepDimensions">Whether the axis stays, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> Mean(int axis, bool keepDimensions = false) => x.Mean([axis], keepDimensions);

        /// <summary>The mean along some axes.</summary>
        /// <param name="axes">Each once; negative: counted from the last. None: x itself.</param>
        /// <param name="keepDimensions">Whether the axes stay, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">An axis stands there twice.</exception>
        public Tensor<T> Mean(ReadOnlySpan<int> axes, bool keepDimensions = false) => Apply(x, x.Shape.AxisSet(axes, nameof(Mean)), keepDimensions);
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, int axisSet, bool keep) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> y = SumOp.Reduce(x, axisSet, keep);
        DivideOperation<T>.Run(y.Span, Count<T>(x.Shape, axisSet), y.Output);
        if (Tape<T>.Records(x))
        {
            Tape<T>.Add(new Node<T> { Op = Rule<T>.Instance, A = x, Attribute = axisSet }, y);
        }
        return y;
    }

    /// <summary>How many elements are behind each mean.</summary>
    private static T Count<T>(in Shape shape, int axisSet) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int count = 1;
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            count *= (axisSet >> axis & 1) != 0 ? shape[axis] : 1;
        }
        return T.CreateTruncating(count);
    }

    private sealed class Rule<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Rule<T> Instance = new();

        public override string Name => "Mean";

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            Tensor<T> dx = flow.Begin(node.A);
            int axisSet = (int)node.Attribute;
            Shape kept = dx.Shape.Without(axisSet, keep: true);
            ReadOnlySpan<T> n = [Count<T>(dx.Shape, axisSet)];
            Broadcasting.Zip<DivideOperation<T>, T>(flow.Gradient.Span, kept.Extents, n, [], dx.Output, dx.Shape.Extents);
            flow.End(node.A, dx);
        }
    }
}
