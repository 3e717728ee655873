using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y = a · b elementwise, ∂y/∂a = b, ∂y/∂b = a.</summary>
public static class MultiplyOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>a · b elementwise, with NumPy's broadcasting.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> operator *(Tensor<T> a, Tensor<T> b) =>
            Pairwise.Apply(new MultiplyKernel<T>(), MultiplyBackward<T>.Instance, a, b);

        /// <summary>a · b for every element of a; b is rounded to the precision of a.</summary>
        public static Tensor<T> operator *(Tensor<T> a, double b) => a * Pairwise.Constant<T>(b);

        /// <summary>a · b for every element of b; a is rounded to the precision of b.</summary>
        public static Tensor<T> operator *(double a, Tensor<T> b) => Pairwise.Constant<T>(a) * b;
    }

    private sealed class MultiplyBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly MultiplyBackward<T> Instance = new();

        public override string Name => "Multiply";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Pairwise.Contribute(new PairKernel<ChainRule, T>(), context, node.A, node.B);
            Pairwise.Contribute(new PairKernel<ChainRule, T>(), context, node.B, node.A);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            RecordedChainRule.Contribute(context, node.A, node.B);
            RecordedChainRule.Contribute(context, node.B, node.A);
        }
    }
}
