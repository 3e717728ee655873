using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = 1/√x, dy/dx = −y/(2x).</summary>
public readonly record struct ReciprocalSqrtFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "ReciprocalSqrt";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => 1 / L.Sqrt(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => -0.5 * y / x;
}

/// <summary>The operation <c>ReciprocalSqrt</c> on tensors.</summary>
public static class ReciprocalSqrtOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = 1/√x, dy/dx = −y/(2x).</summary>
        public Tensor<T> ReciprocalSqrt() => x.Apply(new ReciprocalSqrtFunction());
    }
}
