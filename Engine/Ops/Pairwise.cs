using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// What the operations on two tensors share: broadcasting in the forward pass, and contributions of the form g ∘ other in the backward
/// pass.
/// </summary>
internal static class Pairwise
{
    /// <summary>y = a ∘ b, recorded.</summary>
    public static Tensor<T> Apply<TKernel, T>(TKernel kernel, Op<T> op, in Tensor<T> a, in Tensor<T> b)
        where TKernel : unmanaged, IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> y = Tape<T>.Allocate(Shape.Broadcast(a.Shape, b.Shape, op.Name));
        Zip(kernel, a, b, y);
        return Tape<T>.Record(new Node<T> { Op = op, A = a, B = b }, y);
    }

    /// <summary>y = a ∘ b as a constant, which gets no gradient.</summary>
    public static Tensor<T> Mask<TKernel, T>(TKernel kernel, in Tensor<T> a, in Tensor<T> b, string name)
        where TKernel : unmanaged, IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> y = Tape<T>.Allocate(Shape.Broadcast(a.Shape, b.Shape, name));
        Zip(kernel, a, b, y);
        return y;
    }

    /// <summary>The number as a scalar tensor, which then broadcasts.</summary>
    public static Tensor<T> Constant<T>(double value) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> constant = Tape<T>.Allocate(Shape.Scalar, out Span<T> element);
        element[0] = T.CreateTruncating(value);
        return constant;
    }

    /// <summary>y ← a ∘ b.</summary>
    public static void Zip<TKernel, T>(TKernel kernel, in Tensor<T> a, in Tensor<T> b, in Tensor<T> y)
        where TKernel : unmanaged, IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Broadcasting.Zip(kernel, a.Span, a.Shape.Extents, b.Span, b.Shape.Extents, y.Output, y.Shape.Extents);

    /// <summary>Contributes g ∘ other to <paramref name="input"/>, if it needs a gradient.</summary>
    public static void Contribute<TKernel, T>(TKernel kernel, in BackwardContext<T> context, in Tensor<T> input, in Tensor<T> other)
        where TKernel : unmanaged, IBinaryKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (context.NeedsGradient(input))
        {
            Tensor<T> d = context.Allocate(input, context.OutputGradient.Shape, out _);
            Zip(kernel, context.OutputGradient, other, d);
            context.Accumulate(input, d);
        }
    }
}
