using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = ln Σ eˣ over some axes or all, computed as m + ln Σ e^(x − m) with the largest element m, so that nothing overflows;
/// ∂y/∂x = e^(x − y), and 0 where y is −∞.
/// </summary>
public static class LogSumExpOp
{
    /// <summary>The largest element where it is finite, else 0.</summary>
    private readonly struct Shift : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(double.PositiveInfinity, L.Abs(a), a, 0);
    }

    /// <summary>The exponential of x − m.</summary>
    private readonly struct ShiftedExponential : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => L.Exp(a - b);
    }

    /// <summary>The sum m + ln Σ.</summary>
    private readonly struct ShiftedLogarithm : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => b + L.Log(a);
    }

    /// <summary>g·e^(x − y), and 0 where y is −∞.</summary>
    private readonly struct SoftmaxGradient : IAxisGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L x, L a, L b) where L : ILane<L> =>
            L.WhereGreater(a, double.NegativeInfinity, b * L.Exp(x - a), L.Max(a, 0)); // else a is −∞ or NaN
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The logarithm of the sum of the exponentials of all elements, a scalar; −∞ if there are none.</summary>
        public Tensor<T> LogSumExp() => Apply(x, axisSet: -1, keep: false);

        /// <summary>The logarithm of the sum of the exponentials along one axis.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axis is kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> LogSumExp(int axis, bool keepDimensions = false) => x.LogSumExp([axis], keepDimensions);

        /// <summary>The logarithm of the sum of the exponentials along some axes.</summary>
        /// <param name="axes">The axes, each once; a negative one counts from the last. Without any the result is x.</param>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">An axis is repeated.</exception>
        public Tensor<T> LogSumExp(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
            Apply(x, x.Shape.AxisSet(axes, nameof(LogSumExp)), keepDimensions);
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, int axisSet, bool keep) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Shape shape = x.Shape.Without(axisSet, keep);
        Tensor<T> values = ReducedAxes.Gather(x, ref axisSet), y = Tape<T>.Allocate(shape, out Span<T> elements),
            shift = Tape<T>.Allocate(shape, out Span<T> shifts);
        AxisLayout layout = ReducedAxes.Layout(values.Shape, axisSet);
        AxisFold.Run<MaxFold, TermOf<IdentityTerm>, T>(default, values.Span, [], shifts, layout);
        Pairwise.Zip(new PairKernel<Shift, T>(), shift, shift, shift);
        AxisFold.Run<SumFold, ShiftedExponential, T>(default, values.Span, shifts, elements, layout);
        Pairwise.Zip(new PairKernel<ShiftedLogarithm, T>(), y, shift, y);
        return Tape<T>.Record(new Node<T> { Op = LogSumExpBackward<T>.Instance, A = values, Integer = axisSet }, y);
    }

    private sealed class LogSumExpBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly LogSumExpBackward<T> Instance = new();

        public override string Name => "LogSumExp";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            AxisGradient.Run(
                new SoftmaxGradient(), node.A.Span, node.Output.Span, context.OutputGradient.Span, elements,
                ReducedAxes.Layout(node.A.Shape, (int)node.Integer));
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) =>
            ReducedAxes.Contribute(new SoftmaxGradient(), node, context, node.Output, context.OutputGradient);
    }
}
