using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = Σ (x − mean)² / (n − correction) over some axes or all, n elements each; ∂y/∂x = 2(x − mean)/(n − correction).
/// </summary>
public static class VarianceOp
{
    /// <summary>(x − mean)·scale.</summary>
    internal readonly struct CenteredGradient : IAxisGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L x, L a, L b) where L : ILane<L> => (x - a) * b;
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The variance of all elements, a scalar; NaN if there are not more than the correction and all are equal.</summary>
        /// <param name="correction">
        /// What is subtracted from the number of elements in the denominator, which is 0 at least: 1 for the unbiased variance of a
        /// sample, 0 for that of the elements themselves. Give it by name: a whole number alone is an axis.
        /// </param>
        /// <exception cref="ArgumentOutOfRangeException">The correction is negative or not finite.</exception>
        public Tensor<T> Variance(double correction = 1) => Apply(x, axisSet: -1, keep: false, correction);

        /// <summary>The variance along one axis.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axis is kept, with extent 1.</param>
        /// <param name="correction">1 for the unbiased variance of a sample, 0 for that of the elements themselves.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or the correction is negative or not finite.</exception>
        public Tensor<T> Variance(int axis, bool keepDimensions = false, double correction = 1) =>
            x.Variance([axis], keepDimensions, correction);

        /// <summary>The variance along some axes.</summary>
        /// <param name="axes">The axes, each once; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <param name="correction">1 for the unbiased variance of a sample, 0 for that of the elements themselves.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or the correction is negative or not finite.</exception>
        /// <exception cref="ArgumentException">An axis is repeated.</exception>
        public Tensor<T> Variance(ReadOnlySpan<int> axes, bool keepDimensions = false, double correction = 1) =>
            Apply(x, x.Shape.AxisSet(axes, nameof(Variance)), keepDimensions, correction);
    }

    /// <summary>The variance over a set of axes, not recorded, with the mean and the denominator.</summary>
    internal static Tensor<T> Reduce<T>(
        in Tensor<T> x, int axisSet, in Shape shape, double correction, out Tensor<T> mean, out double denominator)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        AxisLayout layout = ReducedAxes.Layout(x.Shape, axisSet);
        denominator = Math.Max(0, layout.N - correction);
        mean = Tape<T>.Allocate(shape, out Span<T> means);
        Reduction.SumAxis(x.Span, means, layout.Outer, layout.N, layout.Inner);
        TensorPrimitives.Divide(means, T.CreateTruncating(layout.N), means);
        Tensor<T> y = Tape<T>.Allocate(shape, out Span<T> elements);
        AxisFold.Run<SumFold, TermOf<SquaredDifferenceTerm>, T>(default, x.Span, means, elements, layout);
        TensorPrimitives.Divide(elements, T.CreateTruncating(denominator), elements);
        return y;
    }

    /// <summary>Throws unless the correction is a finite number that is not negative.</summary>
    internal static void CheckCorrection(double correction, string operation)
    {
        if (!(correction >= 0 && double.IsFinite(correction)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(correction),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{operation}: got the correction {correction}, expected a finite number that is not negative."));
        }
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, int axisSet, bool keep, double correction)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckCorrection(correction, "Variance");
        Shape shape = x.Shape.Without(axisSet, keep);
        Tensor<T> values = ReducedAxes.Gather(x, ref axisSet),
            y = Reduce(values, axisSet, shape, correction, out Tensor<T> mean, out double denominator);
        return Tape<T>.Record(
            new Node<T> { Op = VarianceBackward<T>.Instance, A = values, Saved = mean, Integer = axisSet, Scalar = denominator }, y);
    }

    private sealed class VarianceBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly VarianceBackward<T> Instance = new();

        public override string Name => "Variance";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tape<T>.Allocate(node.Saved.Shape, out Span<T> scales);
            TensorPrimitives.Multiply(context.OutputGradient.Span, T.CreateTruncating(2 / node.Scalar), scales);
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            AxisGradient.Run(
                new CenteredGradient(), node.A.Span, node.Saved.Span, scales, elements,
                ReducedAxes.Layout(node.A.Shape, (int)node.Integer));
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) => ReducedAxes.Contribute(
            new CenteredGradient(), node, context, ReducedAxes.Mean(node), context.OutputGradient * (2 / node.Scalar));
    }
}
