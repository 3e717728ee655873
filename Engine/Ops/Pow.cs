using System.Numerics;

namespace Engine;

/// <summary>y = aᵇ, ∂y/∂a = b·aᵇ⁻¹ and 0 where b = 0, ∂y/∂b = aᵇ ln a and 0 where a ≤ 0.</summary>
public readonly record struct PowFunction : IBinaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Pow";

    /// <inheritdoc/>
    public L Value<L>(L a, L b) where L : ILane<L> => L.Pow(a, b);

    /// <inheritdoc/>
    public L DerivativeA<L>(L a, L b) where L : ILane<L> => L.WhereGreater(L.Abs(b), 0, b * L.Pow(a, b - 1), 0);

    /// <inheritdoc/>
    public L DerivativeB<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, L.Pow(a, b) * L.Log(a), 0);
}

/// <summary>The operation <c>Pow</c> on tensors.</summary>
public static class PowOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>aᵇ elementwise, with NumPy's broadcasting; a ≥ 0, or of any sign where b is a whole number.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> Pow(in Tensor<T> a, in Tensor<T> b) => Tensor<T>.Apply(new PowFunction(), a, b);
    }
}
