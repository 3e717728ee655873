using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = sinh x = (eˣ − e⁻ˣ)/2, dy/dx = cosh x.</summary>
public readonly record struct SinhFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Sinh";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L>
    {
        // 2·sinh(x/2)·cosh(x/2) in terms of e^(±x/2) − 1: nothing cancels near zero, and nothing overflows before the result
        L u = L.ExpM1(0.5 * x), v = L.ExpM1(-0.5 * x);
        return (u - v) * (1 + 0.5 * (u + v));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => new CoshFunction().Value(x);
}

/// <summary>The operation <c>Sinh</c> on tensors.</summary>
public static class SinhOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = sinh x = (eˣ − e⁻ˣ)/2, dy/dx = cosh x.</summary>
        public Tensor<T> Sinh() => x.Apply(new SinhFunction());
    }
}
