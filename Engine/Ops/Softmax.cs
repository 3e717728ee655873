using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>y = e^x / Σ e^x along an axis; ∂loss/∂x = y(g − Σ g·y).</summary>
public static class SoftmaxOp
{
    private readonly struct SoftmaxFunction : ISoftmax
    {
        public static string Name => "Softmax";

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Of<L>(L g, L y) where L : ILane<L> => g * y;

        public static bool UsesExponentials => true;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Total<L>(L sum) where L : ILane<L> => 1 / sum;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Output<L>(L x, L e, L max, L total) where L : ILane<L> => e * total;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Derivative<L>(L y, L g, L sum) where L : ILane<L> => y * (g - sum);
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = e^x / Σ e^x along an axis; ∂loss/∂x = y(g − Σ g·y). The sum along the axis is 1.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> Softmax(int axis = -1) => AxisOp<SoftmaxFunction, T>.Apply(x, axis);
    }
}
