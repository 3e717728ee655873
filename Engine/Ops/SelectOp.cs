using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>The selection between two tensors by a mask of 0 and 1, which comes from a comparison.</summary>
internal sealed class SelectOp<T>(string name) : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static readonly SelectOp<T> Greater = new("WhereGreater"), NotZero = new("Where");

    public override string Name => name;

    /// <summary>y = then where the comparison of a and b is 1, else otherwise, recorded.</summary>
    public Tensor<T> Apply<TKernel>(TKernel comparison, in Tensor<T> a, in Tensor<T> b, in Tensor<T> then, in Tensor<T> otherwise)
        where TKernel : unmanaged, IBinaryKernel<T>
    {
        Shape shape = Shape.Broadcast(Shape.Broadcast(a.Shape, b.Shape, Name), Shape.Broadcast(then.Shape, otherwise.Shape, Name), Name);
        Tensor<T> compared = Pairwise.Mask(comparison, a, b, Name);
        Tensor<T> y = Tape<T>.Allocate(shape, out Span<T> elements), mask = BroadcastTo(compared, y);
        Selection.Run(mask.Span, BroadcastTo(then, y).Span, BroadcastTo(otherwise, y).Span, elements);
        return Tape<T>.Record(new Node<T> { Op = this, A = then, B = otherwise, Saved = mask }, y);
    }

    protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
    {
        Contribute(node, context, node.A, new WhereTrue());
        Contribute(node, context, node.B, new WhereFalse());
    }

    protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
    {
        Tensor<T> zero = Pairwise.Constant<T>(0), g = context.OutputGradient;
        context.Accumulate(node.A, Tensor<T>.WhereGreater(node.Saved, zero, g, zero));
        context.Accumulate(node.B, Tensor<T>.WhereGreater(node.Saved, zero, zero, g));
    }

    private static Tensor<T> BroadcastTo(in Tensor<T> x, in Tensor<T> like)
    {
        if (x.Shape == like.Shape)
        {
            return x;
        }
        Tensor<T> copy = Tape<T>.Allocate(like.Shape);
        Pairwise.Zip(new BroadcastKernel<T>(), x, like, copy);
        return copy;
    }

    private static void Contribute<TSelected>(in Node<T> node, in BackwardContext<T> context, in Tensor<T> input, TSelected selected)
        where TSelected : unmanaged, IPairFunction
    {
        if (context.NeedsGradient(input))
        {
            Tensor<T> d = context.Allocate(input, node.Output.Shape, out _);
            Pairwise.Zip(new PairKernel<TSelected, T>(selected), node.Saved, context.OutputGradient, d);
            context.Accumulate(input, d);
        }
    }

    /// <summary>The gradient b where the mask a is 1, else 0.</summary>
    private readonly struct WhereTrue : IPairFunction
    {
        public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, b, 0);
    }

    /// <summary>The gradient b where the mask a is 0, else 0.</summary>
    private readonly struct WhereFalse : IPairFunction
    {
        public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, 0, b);
    }
}
