using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y = a − b elementwise, ∂y/∂a = 1, ∂y/∂b = −1.</summary>
public static class SubtractOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>a − b elementwise, with NumPy's broadcasting.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> operator -(Tensor<T> a, Tensor<T> b) =>
            Pairwise.Apply(new SubtractKernel<T>(), SubtractBackward<T>.Instance, a, b);

        /// <summary>a − b for every element of a; b is rounded to the precision of a.</summary>
        public static Tensor<T> operator -(Tensor<T> a, double b) => a - Pairwise.Constant<T>(b);

        /// <summary>a − b for every element of b; a is rounded to the precision of b.</summary>
        public static Tensor<T> operator -(double a, Tensor<T> b) => Pairwise.Constant<T>(a) - b;
    }

    private sealed class SubtractBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly SubtractBackward<T> Instance = new();

        public override string Name => "Subtract";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            Tensor<T> g = context.OutputGradient;
            if (context.NeedsGradient(node.B))
            {
                Tensor<T> db = context.Allocate(node.B, g.Shape, out Span<T> elements);
                Elementwise.Map(new NegateFunction(), g.Span, elements);
                context.Accumulate(node.B, db);
            }
            context.AccumulateOwned(node.A, g); // nobody reads the memory of g after this
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            context.Accumulate(node.A, context.OutputGradient);
            context.Accumulate(node.B, -context.OutputGradient);
        }
    }
}
