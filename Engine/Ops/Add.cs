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
        public static Tensor<T> operator +(Tensor<T> a, Tensor<T> b) => Binary.Apply<AddOperation<T>, T>(Rule<T>.Instance, a, b);

        /// <summary>a + b for every element of a; b is rounded to the precision of a.</summary>
        public static Tensor<T> operator +(Tensor<T> a, double b) => a + Binary.Constant<T>(b);

        /// <summary>a + b for every element of b; a is rounded to the precision of b.</summary>
        public static Tensor<T> operator +(double a, Tensor<T> b) => Binary.Constant<T>(a) + b;
    }

    private sealed class Rule<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly Rule<T> Instance = new();

        public override string Name => "Add";

        protected internal override void Backward(in Node<T> node, in Flow<T> flow)
        {
            // a gradient of the output's length takes over the memory of g, which nobody reads after this: the other input goes first
            bool bIsWhole = node.B.Length == flow.Gradient.Length;
            Tensor<T> first = bIsWhole ? node.A : node.B, last = bIsWhole ? node.B : node.A;
            if (flow.Wants(last))
            {
                Binary.Contribute(flow, first);
                flow.End(last, flow.Gradient);
            }
            else if (flow.Wants(first))
            {
                flow.End(first, flow.Gradient);
            }
        }
    }
}
