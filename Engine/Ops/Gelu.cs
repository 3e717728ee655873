using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// y = x·Φ(x), dy/dx = Φ(x) + x·φ(x), with the standard normal distribution function Φ and its density φ(x) = e^(−x²/2)/√(2π).
/// </summary>
/// <remarks>
/// The exact function of D. Hendrycks, K. Gimpel: Gaussian error linear units, 2016; see <see cref="GeluTanhFunction"/> for its
/// approximation.
/// </remarks>
public readonly record struct GeluFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Gelu";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => x * L.NormalDistribution(x, out _);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.NormalDistribution(x, out L density) + x * density;
}

/// <summary>The operation <c>Gelu</c> on tensors.</summary>
public static class GeluOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// y = x·Φ(x), dy/dx = Φ(x) + x·φ(x), with the standard normal distribution function Φ and its density φ(x) = e^(−x²/2)/√(2π).
        /// </summary>
        public Tensor<T> Gelu() => x.Apply(new GeluFunction());
    }
}
