using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y = a + b elementwise, ∂y/∂a = ∂y/∂b = 1.</summary>
public static class AddOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>a + b elementwise, with NumPy's broadcasting.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> operator +(Tensor<T> a, Tensor<T> b) => Pairwise.Apply(new AddKernel<T>(), AddBackward<T>.Instance, a, b);

        /// <summary>a + b for every element of a; b is rounded to the precision of a.</summary>
        public static Tensor<T> operator +(Tensor<T> a, double b) => a + Pairwise.Constant<T>(b);

        /// <summary>a + b for every element of b; a is rounded to the precision of b.</summary>
        public static Tensor<T> operator +(double a, Tensor<T> b) => Pairwise.Constant<T>(a) + b;
    }

    private sealed class AddBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly AddBackward<T> Instance = new();

        public override string Name => "Add";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            // the last contribution takes over the memory of g, which nobody reads after this; the first is a copy, or the sum over a
            // smaller input
            Tensor<T> g = context.OutputGradient;
            bool isWholeB = node.B.Length == g.Length;
            Tensor<T> first = isWholeB ? node.A : node.B, last = isWholeB ? node.B : node.A;
            if (context.NeedsGradient(last))
            {
                context.Accumulate(first, g);
                context.AccumulateOwned(last, g);
            }
            else
            {
                context.AccumulateOwned(first, g);
            }
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) => Backward(node, context);
    }
}
