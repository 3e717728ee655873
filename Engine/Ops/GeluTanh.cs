using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x(1 + tanh u)/2 with u = √(2/π)(x + 0.044715x³), dy/dx = (1 + tanh u)/2 + x(1 − tanh² u)u′/2.</summary>
/// <remarks>
/// The approximation of <see cref="GeluFunction"/> by D. Hendrycks, K. Gimpel: Gaussian error linear units, 2016, as GPT-2 uses it.
/// </remarks>
public readonly record struct GeluTanhFunction : IUnaryFunction
{
    private const double Root2OverPi = 0.7978845608028654, Cubic = 0.044715;
    private const double Saturated = 10; // from here on tanh u is 1 in double precision

    /// <inheritdoc/>
    public static string Name => "GeluTanh";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => 0.5 * x * (1 + L.Tanh(Root2OverPi * (x + Cubic * x * x * x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L>
    {
        L z = L.Max(L.Min(x, Saturated), -Saturated); // x² could be ∞, and 0·∞ is no number
        L t = L.Tanh(Root2OverPi * (z + Cubic * z * z * z));
        return 0.5 * (1 + t) + 0.5 * z * ((1 - t * t) * (Root2OverPi * (1 + 3 * Cubic * z * z)));
    }
}

/// <summary>The operation <c>GeluTanh</c> on tensors.</summary>
public static class GeluTanhOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x(1 + tanh u)/2 with u = √(2/π)(x + 0.044715x³), dy/dx = (1 + tanh u)/2 + x(1 − tanh² u)u′/2.</summary>
        public Tensor<T> GeluTanh() => x.Apply(new GeluTanhFunction());
    }
}
