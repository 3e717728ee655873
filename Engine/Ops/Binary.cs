using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>What the operations of two tensors have in common: broadcasting forward, and g ∘ other for a derivative.</summary>
internal static class Binary
{
    /// <summary>y = a ∘ b on the tape's memory, recorded if need be.</summary>
    public static Tensor<T> Apply<TOperation, T>(Op<T> op, in Tensor<T> a, in Tensor<T> b) where TOperation : struct, IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> y = Tape<T>.New(Shape.Broadcast(a.Shape, b.Shape, op.Name));
        Zip<TOperation, T>(a, b, y);
        if (Tape<T>.Records(a) || Tape<T>.Records(b))
        {
            Tape<T>.Add(new Node<T> { Op = op, A = a, B = b }, y);
        }
        return y;
    }

    /// <summary>The number as a scalar tensor: broadcasting then does the rest.</summary>
    public static Tensor<T> Constant<T>(double value) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> constant = Tape<T>.New(Shape.Scalar);
        constant.Output[0] = T.CreateTruncating(value);
        return constant;
    }

    /// <summary>y ← a ∘ b.</summary>
    public static void Zip<TOperation, T>(in Tensor<T> a, in Tensor<T> b, in Tensor<T> y) where TOperation : struct, IBinary<T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Broadcasting.Zip<TOperation, T>(a.Span, a.Shape.Extents, b.Span, b.Shape.Extents, y.Output, y.Shape.Extents);

    /// <summary>Contributes g ∘ other to <paramref name="input"/>, if it wants a gradient.</summary>
    public static void Contribute<TOperation, T>(in Flow<T> flow, in Tensor<T> input, in Tensor<T> other) where TOperation : struct, IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (flow.Wants(input))
        {
            Tensor<T> d = flow.Begin(input, flow.Gradient.Shape);
            Zip<TOperation, T>(flow.Gradient, other, d);
            flow.End(input, d);
        }
    }

    /// <summary>Contributes g itself to <paramref name="input"/>, if it wants a gradient.</summary>
    public static void Contribute<T>(in Flow<T> flow, in Tensor<T> input) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (flow.Wants(input))
        {
            Tensor<T> d = flow.Begin(input, flow.Gradient.Shape);
            flow.Gradient.Span.CopyTo(d.Output);
            flow.End(input, d);
        }
    }
}
