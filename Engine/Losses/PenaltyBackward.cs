using System.Numerics;

namespace Engine;

/// <summary>y = b + λ·penalty(a): one use for each parameter a, where b is the penalty of those before.</summary>
internal abstract class PenaltyBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The penalty without λ.</summary>
    public abstract T Value(ReadOnlySpan<T> w);

    /// <summary>The penalty's derivative times a factor.</summary>
    protected abstract void Derivative(ReadOnlySpan<T> w, Span<T> d, T factor);

    protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
    {
        Tensor<T> d = context.Allocate(node.A, out Span<T> elements);
        Derivative(node.A.Span, elements, T.CreateTruncating(node.Scalar) * context.OutputGradient.Item);
        context.Accumulate(node.A, d);
        context.Accumulate(node.B, context.OutputGradient);
    }
}
