using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x·σ(x) with σ(x) = 1/(1 + e⁻ˣ), dy/dx = σ(x)(1 + x(1 − σ(x))).</summary>
/// <remarks>
/// Also called swish (S. Elfwing, E. Uchibe, K. Doya: Sigmoid-weighted linear units for neural network function approximation in
/// reinforcement learning, 2018).
/// </remarks>
public readonly record struct SiluFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Silu";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => x / (1 + L.Exp(-x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L>
    {
        L s = 1 / (1 + L.Exp(-x));
        return s * (1 + x * (1 - s));
    }
}

/// <summary>The operation <c>Silu</c> on tensors.</summary>
public static class SiluOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x·σ(x) with σ(x) = 1/(1 + e⁻ˣ), dy/dx = σ(x)(1 + x(1 − σ(x))).</summary>
        public Tensor<T> Silu() => x.Apply(new SiluFunction());
    }
}
