using System.Numerics;
using System.Runtime.CompilerServices;
using Engine.Kernels;

namespace Engine;

/// <summary>y = ln(e^x / Σ e^x) along an axis, as (x − max) − ln Σ e^(x − max); ∂loss/∂x = g − eʸ·Σ g.</summary>
public static class LogSoftmaxOp
{
    private readonly struct LogSoftmaxFunction : ISoftmax
    {
        public static string Name => "LogSoftmax";

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Of<L>(L g, L y) where L : ILane<L> => g;

        public static bool UsesExponentials => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Total<L>(L sum) where L : ILane<L> => L.Log(sum);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Output<L>(L x, L e, L max, L total) where L : ILane<L> => x - max - total;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static L Derivative<L>(L y, L g, L sum) where L : ILane<L> => g - L.Exp(y) * sum;
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// y = ln(e^x / Σ e^x) along an axis, as (x − max) − ln Σ e^(x − max); ∂loss/∂x = g − eʸ·Σ g. Accurate where the softmax itself
        /// would be 0 or 1.
        /// </summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        public Tensor<T> LogSoftmax(int axis = -1) => AxisOp<LogSoftmaxFunction, T>.Apply(x, axis);
    }
}
