using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y = then where a &gt; b, else otherwise; ∂y/∂then = 1 where a &gt; b and 0 elsewhere, ∂y/∂otherwise the reverse; a and b only choose and get no gradient.</summary>
public static class WhereGreaterOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary><paramref name="then"/> where a &gt; b, else <paramref name="otherwise"/> (also where a or b is NaN), all four with NumPy's broadcasting.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> WhereGreater(in Tensor<T> a, in Tensor<T> b, in Tensor<T> then, in Tensor<T> otherwise)
        {
            Shape shape = Shape.Broadcast(Shape.Broadcast(a.Shape, b.Shape, Name), Shape.Broadcast(then.Shape, otherwise.Shape, Name), Name);
            Tensor<T> compared = Tape<T>.New(Shape.Broadcast(a.Shape, b.Shape, Name));
            Binary.Zip<BivariateOperation<GreaterFormula, ValuePart, T>, T>(a, b, compared);
            Tensor<T> y = Tape<T>.New(shape), mask = Stretched(compared, y);
            Selection.Run(mask.Span, Stretched(then, y).Span, Stretched(otherwise, y).Span, y.Output);
            if (Tape<T>.Records(then) || Tape<T>.Records(otherwise))
            {
                Tape<T>.Add(new Node<T> { Op = Rule<T>.Instance, A = then, B = otherwise, Saved = mask }, y);
            }
            return y;
        }
    }

    private const string Name = "WhereGreater";

    private static Tensor<T> Stretched<T>(in Tensor<T> x, in Tensor<T> like) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x.Shape == like.Shape)
        {
            return x;
        }
        Tensor<T> stretched = Tape<T>.New(like.Shape);
        Binary.Zip<StretchOperation<T>, T>(x, like, stretched);
        return stretched;
    }

    private sealed class Rule<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Rule<T> Instance = new();

        public override string Name => WhereGreaterOp.Name;

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            Contribute<ThenFormula>(node, flow, node.A);
            Contribute<OtherwiseFormula>(node, flow, node.B);
        }

        private static void Contribute<TFormula>(in Node<T> node, in Flow<T> flow, in Tensor<T> input) where TFormula : struct, IBivariate
        {
            if (flow.Wants(input))
            {
                Tensor<T> d = flow.Begin(input, flow.Gradient.Shape);
                Binary.Zip<BivariateOperation<TFormula, ValuePart, T>, T>(node.Saved, flow.Gradient, d);
                flow.End(input, d);
            }
        }
    }

    private readonly struct GreaterFormula : IBivariate
    {
        public static string Name => "Greater";

        public static L F<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, b, 1, 0);

        public static L DerivativeA<L>(L a, L b) where L : ILane<L> => 0;

        public static L DerivativeB<L>(L a, L b) where L : ILane<L> => 0;
    }

    private readonly struct ThenFormula : IBivariate
    {
        public static string Name => "Then";

        public static L F<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, b, 0);

        public static L DerivativeA<L>(L a, L b) where L : ILane<L> => 0;

        public static L DerivativeB<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, 1, 0);
    }

    private readonly struct OtherwiseFormula : IBivariate
    {
        public static string Name => "Otherwise";

        public static L F<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, 0, b);

        public static L DerivativeA<L>(L a, L b) where L : ILane<L> => 0;

        public static L DerivativeB<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, 0, 1);
    }
}
