using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>How a formula of the softmax family becomes an operation along an axis.</summary>
internal sealed class AlongAxis<TFormula, T> : Op<T> where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly AlongAxis<TFormula, T> s_instance = new();

    public override string Name => TFormula.Name;

    public static Tensor<T> Apply(in Tensor<T> x, int axis)
    {
        axis = x.Shape.Axis(axis, TFormula.Name);
        Tensor<T> y = Tape<T>.New(x.Shape);
        Softmax.Forward<TFormula, T>(x.Span, y.Output, x.Shape.Product(0, axis), x.Shape[axis], x.Shape.Product(axis + 1, x.Shape.Rank));
        if (Tape<T>.Records(x))
        {
            Tape<T>.Add(new Node<T> { Op = s_instance, A = x, Attribute = axis }, y);
        }
        return y;
    }

    protected internal override void Backward(in Node<T> node, in Flow<T> flow)
    {
        Tensor<T> dx = flow.Begin(node.A);
        int axis = (int)node.Attribute;
        Shape shape = node.A.Shape;
        Softmax.Backward<TFormula, T>(node.Output.Span, flow.Gradient.Span, dx.Output, shape.Product(0, axis), shape[axis], shape.Product(axis + 1, shape.Rank));
        flow.End(node.A, dx);
    }
}
