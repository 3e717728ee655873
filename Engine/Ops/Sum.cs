using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y = Σ x over some axes or all, ∂y/∂x = 1.</summary>
public static class SumOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The sum of all elements, a scalar; 0 if there are none.</summary>
        public Tensor<T> Sum() => Apply(x, axisSet: -1, keep: false);

        /// <summary>The sum along one axis.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axis is kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> Sum(int axis, bool keepDimensions = false) => x.Sum([axis], keepDimensions);

        /// <summary>The sum along some axes.</summary>
        /// <param name="axes">The axes, each once; a negative one counts from the last. Without any the result is a copy of x.</param>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">An axis is repeated.</exception>
        public Tensor<T> Sum(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
            Apply(x, x.Shape.AxisSet(axes, nameof(Sum)), keepDimensions);
    }

    /// <summary>The sum over a set of axes, not recorded.</summary>
    internal static Tensor<T> Reduce<T>(in Tensor<T> x, int axisSet, bool keep) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Shape kept = x.Shape.Without(axisSet, keep: true);
        Tensor<T> y = Tape<T>.Allocate(keep ? kept : x.Shape.Without(axisSet, keep: false));
        int needed = Broadcasting.Scratch(x.Shape.Extents, kept.Extents);
        Span<T> scratch = needed == 0 ? [] : Tape<T>.Allocate([needed]).Output;
        Broadcasting.SumTo(x.Span, x.Shape.Extents, y.Output, kept.Extents, scratch);
        return y;
    }

    /// <summary>The gradient of a reduction's result for each element that it was taken of, recorded.</summary>
    internal static Tensor<T> Spread<T>(in Tensor<T> g, in Node<T> node) where T : unmanaged, IFloatingPointIeee754<T> =>
        g.Reshape(node.A.Shape.Without((int)node.Integer, keep: true)).Expand(node.A.Shape);

    private static Tensor<T> Apply<T>(in Tensor<T> x, int axisSet, bool keep) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> y = Reduce(x, axisSet, keep);
        return Tape<T>.Record(new Node<T> { Op = SumBackward<T>.Instance, A = x, Integer = axisSet }, y);
    }

    private sealed class SumBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly SumBackward<T> Instance = new();

        public override string Name => "Sum";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            Shape kept = dx.Shape.Without((int)node.Integer, keep: true);
            Broadcasting.Zip<BroadcastKernel<T>,
                T>(context.OutputGradient.Span, kept.Extents, dx.Span, dx.Shape.Extents, elements, dx.Shape.Extents);
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) =>
            context.Accumulate(node.A, Spread(context.OutputGradient, node));
    }
}
