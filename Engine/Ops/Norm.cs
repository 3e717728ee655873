using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = (Σ |x|ᵖ)^(1/p) over some axes or all; ∂y/∂x = sign(x)·(|x|/y)^(p − 1), and 0 where x is 0. For p = ∞, y = max |x|, and the gradient
/// is divided evenly among the elements with |x| = y. Except for p = 1, |x| is divided by the largest of them first, so that the powers of
/// finite numbers neither overflow nor vanish.
/// </summary>
public static class NormOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The norm of all elements as one vector, a scalar; 0 if there are none.</summary>
        /// <param name="p">p &gt; 0, also ∞. Give it by name: a whole number alone is an axis.</param>
        /// <exception cref="ArgumentOutOfRangeException">p is not positive.</exception>
        public Tensor<T> Norm(double p = 2) => Apply(x, axisSet: -1, keep: false, p);

        /// <summary>The norms along one axis.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axis is kept, with extent 1.</param>
        /// <param name="p">p &gt; 0, also ∞.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or p is not positive.</exception>
        public Tensor<T> Norm(int axis, bool keepDimensions = false, double p = 2) => x.Norm([axis], keepDimensions, p);

        /// <summary>The norms along some axes, whose elements are one vector.</summary>
        /// <param name="axes">The axes, each once; a negative one counts from the last. Without any the result is |x|.</param>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <param name="p">p &gt; 0, also ∞.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or p is not positive.</exception>
        /// <exception cref="ArgumentException">An axis is repeated.</exception>
        public Tensor<T> Norm(ReadOnlySpan<int> axes, bool keepDimensions = false, double p = 2) =>
            Apply(x, x.Shape.AxisSet(axes, nameof(Norm)), keepDimensions, p);
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, int axisSet, bool keep, double p) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!(p > 0))
        {
            throw new ArgumentOutOfRangeException(
                nameof(p), string.Create(CultureInfo.InvariantCulture, $"Norm: got p = {p}, expected a positive number or ∞."));
        }
        Shape shape = x.Shape.Without(axisSet, keep);
        Tensor<T> values = ReducedAxes.Gather(x, ref axisSet), y = Tape<T>.Allocate(shape, out Span<T> elements);
        Compute(values.Span, y, elements, ReducedAxes.Layout(values.Shape, axisSet), p);
        return Tape<T>.Record(new Node<T> { Op = NormBackward<T>.Instance, A = values, Integer = axisSet, Scalar = p }, y);
    }

    private static void Compute<T>(ReadOnlySpan<T> x, in Tensor<T> y, Span<T> elements, in AxisLayout layout, double p)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (layout.N == 0)
        {
            elements.Clear();
            return;
        }
        if (p == 1)
        {
            AxisFold.Run<SumFold, TermOf<AbsoluteTerm>, T>(default, x, [], elements, layout);
            return;
        }
        AxisFold.Run<MaxFold, TermOf<AbsoluteTerm>, T>(default, x, [], elements, layout);
        if (double.IsInfinity(p))
        {
            return;
        }
        Tensor<T> unit = Tape<T>.Allocate(y.Shape, out Span<T> units);
        Pairwise.Zip(new PairKernel<Unit, T>(), y, y, unit);
        if (p == 2)
        {
            AxisFold.Run<SumFold, SquaredRatio, T>(default, x, units, elements, layout);
            Pairwise.Zip(new PairKernel<SquareRootTimes, T>(), y, unit, y);
        }
        else
        {
            AxisFold.Run<SumFold, PowerOfRatio, T>(new(p), x, units, elements, layout);
            Pairwise.Zip(new PairKernel<PowerTimes, T>(new(1 / p)), y, unit, y);
        }
    }

    /// <summary>What the elements are divided by: the largest |x|, or 1 where that is 0, ∞ or NaN.</summary>
    private readonly struct Unit : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, L.WhereGreater(double.PositiveInfinity, a, a, 1), 1);
    }

    /// <summary>(x/unit)².</summary>
    private readonly struct SquaredRatio : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L>
        {
            L ratio = a / b;
            return ratio * ratio;
        }
    }

    /// <summary>|x/unit|ᵖ.</summary>
    private readonly struct PowerOfRatio(double p) : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => L.Pow(L.Abs(a) / b, p);
    }

    /// <summary>√sum·unit.</summary>
    private readonly struct SquareRootTimes : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => L.Sqrt(a) * b;
    }

    /// <summary>The power of the sum, times the unit.</summary>
    private readonly struct PowerTimes(double exponent) : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => L.Pow(a, exponent) * b;
    }

    /// <summary>sign(x)·g, for p = 1.</summary>
    private readonly struct SignGradient : IAxisGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L x, L a, L b) where L : ILane<L> => L.Sign(x) * b;
    }

    /// <summary>x/y·g, for p = 2.</summary>
    private readonly struct RatioGradient : IAxisGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L x, L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, x / a * b, a); // else y is 0 or NaN
    }

    /// <summary>sign(x)·(|x|/y)^(p − 1)·g.</summary>
    private readonly struct PowerGradient(double exponent) : IAxisGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L x, L a, L b) where L : ILane<L> =>
            L.WhereGreater(L.Abs(x), 0, L.Sign(x) * L.Pow(L.Abs(x) / a, exponent) * b, x); // else x is 0 or NaN
    }

    /// <summary>1 where |x| = y, else 0.</summary>
    private readonly struct IsAttained : IPairFunction
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L a, L b) where L : ILane<L> => Attained.Select<L>(L.Abs(a), b, 1);
    }

    /// <summary>sign(x)·share where |x| = y, for p = ∞.</summary>
    private readonly struct ShareGradient : IAxisGradient
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Of<L>(L x, L a, L b) where L : ILane<L> => L.Sign(x) * Attained.Select(L.Abs(x), a, b);
    }

    private sealed class NormBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly NormBackward<T> Instance = new();

        public override string Name => "Norm";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            AxisLayout layout = ReducedAxes.Layout(node.A.Shape, (int)node.Integer);
            ReadOnlySpan<T> x = node.A.Span, y = node.Output.Span, g = context.OutputGradient.Span;
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
            switch (node.Scalar)
            {
                case 1:
                    AxisGradient.Run(new SignGradient(), x, y, g, elements, layout);
                    break;
                case 2:
                    AxisGradient.Run(new RatioGradient(), x, y, g, elements, layout);
                    break;
                case double.PositiveInfinity:
                    Tensor<T> share = CountAttained(node);
                    Pairwise.Zip(new DivideKernel<T>(), context.OutputGradient, share, share);
                    AxisGradient.Run(new ShareGradient(), x, y, share.Span, elements, layout);
                    break;
                case double p:
                    AxisGradient.Run(new PowerGradient(p - 1), x, y, g, elements, layout);
                    break;
            }
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> y = node.Output, g = context.OutputGradient;
            switch (node.Scalar)
            {
                case 1:
                    ReducedAxes.Contribute(new SignGradient(), node, context, y, g);
                    break;
                case 2:
                    ReducedAxes.Contribute(new RatioGradient(), node, context, y, g);
                    break;
                case double.PositiveInfinity:
                    ReducedAxes.Contribute(new ShareGradient(), node, context, y, g / CountAttained(node));
                    break;
                case double p:
                    ReducedAxes.Contribute(new PowerGradient(p - 1), node, context, y, g);
                    break;
            }
        }

        /// <summary>How many elements have the largest absolute value.</summary>
        private static Tensor<T> CountAttained(in Node<T> node)
        {
            Tensor<T> count = Tape<T>.Allocate(node.Output.Shape, out Span<T> counts);
            AxisFold.Run<SumFold, IsAttained, T>(
                default, node.A.Span, node.Output.Span, counts, ReducedAxes.Layout(node.A.Shape, (int)node.Integer));
            return count;
        }
    }
}
