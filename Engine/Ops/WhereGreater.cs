using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = then where a &gt; b, else otherwise; ∂y/∂then = 1 where a &gt; b and 0 elsewhere, ∂y/∂otherwise the reverse; a and b only select
/// and get no gradient.
/// </summary>
public static class WhereGreaterOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// <paramref name="then"/> where a &gt; b, else <paramref name="otherwise"/> (also where a or b is NaN), all four with NumPy's
        /// broadcasting.
        /// </summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> WhereGreater(in Tensor<T> a, in Tensor<T> b, in Tensor<T> then, in Tensor<T> otherwise)
        {
            Shape shape = Shape.Broadcast(
                Shape.Broadcast(a.Shape, b.Shape, Name), Shape.Broadcast(then.Shape, otherwise.Shape, Name), Name);
            Tensor<T> greater = Tape<T>.Allocate(Shape.Broadcast(a.Shape, b.Shape, Name));
            Pairwise.Zip(new PairKernel<Greater, T>(), a, b, greater);
            Tensor<T> y = Tape<T>.Allocate(shape, out Span<T> elements), mask = BroadcastTo(greater, y);
            Selection.Run(mask.Span, BroadcastTo(then, y).Span, BroadcastTo(otherwise, y).Span, elements);
            return Tape<T>.Record(new Node<T> { Op = WhereGreaterBackward<T>.Instance, A = then, B = otherwise, Saved = mask }, y);
        }
    }

    private const string Name = "WhereGreater";

    private static Tensor<T> BroadcastTo<T>(in Tensor<T> x, in Tensor<T> like) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x.Shape == like.Shape)
        {
            return x;
        }
        Tensor<T> copy = Tape<T>.Allocate(like.Shape);
        Pairwise.Zip(new BroadcastKernel<T>(), x, like, copy);
        return copy;
    }

    private sealed class WhereGreaterBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly WhereGreaterBackward<T> Instance = new();

        public override string Name => WhereGreaterOp.Name;

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
    }

    /// <summary>1 where a &gt; b, else 0.</summary>
    private readonly struct Greater : IPairFunction
    {
        public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, b, 1, 0);
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
