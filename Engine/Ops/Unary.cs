using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>How a formula of one number becomes an operation on tensors.</summary>
internal sealed class Unary<TFormula, T> : Op<T> where TFormula : struct, IUnary where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly Unary<TFormula, T> s_instance = new();

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
        flow.End(node.A, dx);
    }
}
