using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = √(Σ (x − mean)² / (n − correction)) over some axes or all, n elements each; ∂y/∂x = (x − mean)/((n − correction)·y), and 0 where y
/// is 0.
/// </summary>
public static class StandardDeviationOp
{
    /// <summary>g/((n − correction)·y), and 0 where y is 0.</summary>
    private readonly struct Scale(double denominator) : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(b, 0, a / (denominator * b), b); // else b is 0 or NaN
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The standard deviation of all elements, a scalar; NaN if there are not more than the correction and all are equal.
        /// </summary>
        /// <param name="correction">
        /// What is subtracted from the number of elements in the denominator, which is 0 at least: 1 for that of a sample, 0 for that of
        /// the elements themselves. Give it by name: a whole number alone is an axis.
        /// </param>
        /// <exception cref="ArgumentOutOfRangeException">The correction is negative or not finite.</exception>
        public Tensor<T> StandardDeviation(double correction = 1) => Apply(x, axisSet: -1, keep: false, correction);

        /// <summary>The standard deviation along one axis.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axis is kept, with extent 1.</param>
        /// <param name="correction">1 for that of a sample, 0 for that of the elements themselves.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or the correction is negative or not finite.</exception>
        public Tensor<T> StandardDeviation(int axis, bool keepDimensions = false, double correction = 1) =>
            x.StandardDeviation([axis], keepDimensions, correction);

        /// <summary>The standard deviation along some axes.</summary>
        /// <param name="axes">The axes, each once; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <param name="correction">1 for that of a sample, 0 for that of the elements themselves.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or the correction is negative or not finite.</exception>
        /// <exception cref="ArgumentException">An axis is repeated.</exception>
        public Tensor<T> StandardDeviation(ReadOnlySpan<int> axes, bool keepDimensions = false, double correction = 1) =>
            Apply(x, x.Shape.AxisSet(axes, nameof(StandardDeviation)), keepDimensions, correction);
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, int axisSet, bool keep, double correction)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        VarianceOp.CheckCorrection(correction, "StandardDeviation");
        Shape shape = x.Shape.Without(axisSet, keep);
        Tensor<T> values = ReducedAxes.Gather(x, ref axisSet),
            y = VarianceOp.Reduce(values, axisSet, shape, correction, out Tensor<T> mean, out double denominator);
        TensorPrimitives.Sqrt(y.Span, y.Output);
        return Tape<T>.Record(
            new Node<T> { Op = StandardDeviationBackward<T>.Instance, A = values, Saved = mean, Integer = axisSet, Scalar = denominator },
            y);
    }

    private sealed class StandardDeviationBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly StandardDeviationBackward<T> Instance = new();

        public override string Name => "StandardDeviation";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> scale = Tape<T>.Allocate(node.Saved.Shape, out Span<T> scales);
            Pairwise.Zip(new PairKernel<Scale, T>(new(node.Scalar)), context.OutputGradient, node.Output, scale);
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            AxisGradient.Run(
                new VarianceOp.CenteredGradient(), node.A.Span, node.Saved.Span, scales, elements,
                ReducedAxes.Layout(node.A.Shape, (int)node.Integer));
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            TensorLane<T> scale = new Scale(node.Scalar).Of<TensorLane<T>>(context.OutputGradient, node.Output);
            ReducedAxes.Contribute(
                new VarianceOp.CenteredGradient(), node, context, ReducedAxes.Mean(node), scale.Tensor.Expand(node.Output.Shape));
        }
    }
}
