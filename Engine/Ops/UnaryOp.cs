using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>A function of one number as an operation on tensors.</summary>
internal sealed class UnaryOp<TFunction, T>(TFunction function) : Op<T>
    where TFunction : unmanaged, IUnaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T>
{
    public override string Name => TFunction.Name;

    public static Tensor<T> Apply(TFunction function, in Tensor<T> x)
    {
        Tensor<T> y = Tape<T>.Allocate(x.Shape, out Span<T> elements);
        Elementwise.Map(function, x.Span, elements);
        return Tape<T>.Record(
            new Node<T> { Op = FunctionCache<TFunction, UnaryOp<TFunction, T>>.Get(function, static f => new(f)), A = x }, y);
    }

    protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
    {
        Tensor<T> dx = context.Allocate(node.A, out Span<T> elements);
        Elementwise.MapBackward(function, node.A.Span, node.Output.Span, context.OutputGradient.Span, elements);
        context.Accumulate(node.A, dx);
    }
}
