using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// How a formula of two numbers becomes an operation on tensors. Where the output's gradient is zero, so is what the inputs get, even if the derivative is infinite or NaN there:
/// what a choice did not choose must not spoil the gradients of what it is made of.
/// </summary>
internal sealed class Bivariate<TFormula, T> : Op<T> where TFormula : struct, IBivariate where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly Bivariate<TFormula, T> s_instance = new();

    public override string Name => TFormula.Name;

    public static Tensor<T> Apply(in Tensor<T> a, in Tensor<T> b) => Binary.Apply<BivariateOperation<TFormula, ValuePart, T>, T>(s_instance, a, b);

    protected internal override void Backward(in Node<T> node, in Flow<T> flow)
    {
        Contribute<DerivativeAPart>(node, flow, node.A);
        Contribute<DerivativeBPart>(node, flow, node.B);
    }

    private static void Contribute<TPart>(in Node<T> node, in Flow<T> flow, in Tensor<T> input) where TPart : struct, IPart
    {
        if (flow.Wants(input))
        {
            Tensor<T> d = flow.Begin(input, flow.Gradient.Shape);
            Binary.Zip<BivariateOperation<TFormula, TPart, T>, T>(node.A, node.B, d);
            Binary.Zip<BivariateOperation<ChainFormula, ValuePart, T>, T>(flow.Gradient, d, d);
            flow.End(input, d);
        }
    }
}

/// <summary>g·d, and g itself where g is 0 or NaN.</summary>
internal readonly struct ChainFormula : IBivariate
{
    public static string Name => "Chain";

    public static L F<L>(L a, L b) where L : ILane<L> => L.WhereGreater(L.Abs(a), 0, a * b, a);

    public static L DerivativeA<L>(L a, L b) where L : ILane<L> => b;

    public static L DerivativeB<L>(L a, L b) where L : ILane<L> => a;
}

/// <summary>A formula of one number whose derivative may be infinite: as <see cref="Bivariate{TFormula, T}"/> it gives no gradient where it gets none.</summary>
internal sealed class GuardedUnary<TFormula, T> : Op<T> where TFormula : struct, IUnary where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly GuardedUnary<TFormula, T> s_instance = new();

    public override string Name => TFormula.Name;

    public static Tensor<T> Apply(in Tensor<T> x)
    {
        Tensor<T> y = Tape<T>.New(x.Shape);
        Elementwise.Map<TFormula, T>(x.Span, y.Output);
        if (Tape<T>.Records(x))
        {
            Tape<T>.Add(new Node<T> { Op = s_instance, A = x }, y);
        }
        return y;
    }

    protected internal override void Backward(in Node<T> node, in Flow<T> flow)
    {
        Tensor<T> dx = flow.Begin(node.A);
        Elementwise.MapBack<TFormula, T>(node.A.Span, node.Output.Span, flow.Gradient.Span, dx.Output);
        Binary.Zip<BivariateOperation<KeepZeroFormula, ValuePart, T>, T>(flow.Gradient, dx, dx);
        flow.End(node.A, dx);
    }
}

/// <summary>d, and g itself where g is 0 or NaN.</summary>
internal readonly struct KeepZeroFormula : IBivariate
{
    public static string Name => "KeepZero";

    public static L F<L>(L a, L b) where L : ILane<L> => L.WhereGreater(L.Abs(a), 0, b, a);

    public static L DerivativeA<L>(L a, L b) where L : ILane<L> => 0;

    public static L DerivativeB<L>(L a, L b) where L : ILane<L> => 1;
}
