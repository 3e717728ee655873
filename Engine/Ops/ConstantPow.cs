using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = xⁿ, dy/dx = n·xⁿ⁻¹, and 0 where n = 0.</summary>
/// <param name="Exponent">n.</param>
public readonly record struct ConstantPowFunction(double Exponent) : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Pow";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => Power(x, Exponent);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => Exponent == 0 ? 0 : Exponent * Power(x, Exponent - 1);

    /// <summary>xⁿ, where the most common exponents are spared the power of a lane, which computes elements one by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Power<L>(L x, double n) where L : ILane<L> => n == 1 ? x : n == 2 ? x * x : L.Pow(x, n);
}

/// <summary>The operation <c>Pow</c> with a number as the exponent.</summary>
public static class ConstantPowOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = xⁿ for x ≥ 0, and for x of any sign where n is a whole number; dy/dx = n·xⁿ⁻¹, and 0 where n = 0.</summary>
        /// <param name="exponent">n.</param>
        public Tensor<T> Pow(double exponent) => x.Apply(new ConstantPowFunction(exponent));
    }
}
