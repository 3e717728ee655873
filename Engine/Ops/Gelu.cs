using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x·Φ(x) with Φ(x) = (1 + erf(x/√2))/2, dy/dx = Φ(x) + x·e^(−x²/2)/√(2π).</summary>
/// <remarks>
/// The exact function of D. Hendrycks, K. Gimpel: Gaussian error linear units, 2016; see <see cref="GeluTanhFunction"/> for its
/// approximation.
/// </remarks>
public readonly record struct GeluFunction : IUnaryFunction
{
    private const double OneOverRoot2 = 0.7071067811865476, OneOverRoot2Pi = 0.3989422804014327;

    /// <inheritdoc/>
    public static string Name => "Gelu";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => x * Normal(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => Normal(x) + x * (OneOverRoot2Pi * L.Exp(-0.5 * x * x));

    /// <summary>Φ(x), the probability that a standard normal variable is below x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Normal<L>(L x) where L : ILane<L> => 0.5 * (1 + L.Erf(OneOverRoot2 * x));
}

/// <summary>The operation <c>Gelu</c> on tensors.</summary>
public static class GeluOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x·Φ(x) with Φ(x) = (1 + erf(x/√2))/2, dy/dx = Φ(x) + x·e^(−x²/2)/√(2π).</summary>
        public Tensor<T> Gelu() => x.Apply(new GeluFunction());
    }
}
