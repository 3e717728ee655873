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
        public static Tensor<T> operator /(Tensor<T> a, Tensor<T> b) => Binary.Apply<DivideOperation<T>, T>(Rule<T>.Instance, a, b);

        /// <summary>a / b for every element of a; b is rounded to the precision of a.</summary>
        public static Tensor<T> operator /(Tensor<T> a, double b) => a / Binary.Constant<T>(b);

        /// <summary>a / b for every element of b; a is rounded to the precision of b.</summary>
        public static Tensor<T> operator /(double a, Tensor<T> b) => Binary.Constant<T>(a) / b;
    }

    private sealed class Rule<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Rule<T> Instance = new();

        public override string Name => "Divide";

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            Binary.Contribute<DivideOperation<T>, T>(flow, node.A, node.B);
            if (flow.Wants(node.B))
            {
                Tensor<T> db = flow.Begin(node.B, flow.Gradient.Shape);
                Binary.Zip<MultiplyOperation<T>, T>(flow.Gradient, node.Output, db);
                Binary.Zip<NegatedQuotientOperation<T>, T>(db, node.B, db);
                flow.End(node.B, db);
            }
        }
    }
}
