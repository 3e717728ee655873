using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y = a / b elementwise, ∂y/∂a = 1/b, ∂y/∂b = −y/b.</summary>
public static class DivideOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>a / b elementwise, with NumPy's broadcasting.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> operator /(Tensor<T> a, Tensor<T> b) =>
            Pairwise.Apply(new DivideKernel<T>(), DivideBackward<T>.Instance, a, b);

        /// <summary>a / b for every element of a; b is rounded to the precision of a.</summary>
        public static Tensor<T> operator /(Tensor<T> a, double b) => a / Pairwise.Constant<T>(b);

        /// <summary>a / b for every element of b; a is rounded to the precision of b.</summary>
        public static Tensor<T> operator /(double a, Tensor<T> b) => Pairwise.Constant<T>(a) / b;
    }

    private sealed class DivideBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly DivideBackward<T> Instance = new();

        public override string Name => "Divide";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Pairwise.Contribute(new PairKernel<NumeratorChainRule, T>(), context, node.A, node.B);
            if (context.NeedsGradient(node.B))
            {
                Tensor<T> db = context.Allocate(node.B, node.Output.Shape, out _);
                Pairwise.Zip(new PairKernel<ChainRule, T>(), context.OutputGradient, node.Output, db);
                Pairwise.Zip(new PairKernel<DenominatorChainRule, T>(), db, node.B, db);
                context.Accumulate(node.B, db);
            }
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            RecordedChainRule.Contribute(context, node.A, 1 / node.B);
            RecordedChainRule.Contribute(context, node.B, -node.Output / node.B);
        }
    }
}
