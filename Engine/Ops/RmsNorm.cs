using System.Numerics;

namespace Engine;

/// <summary>
/// y = x̂·γ with x̂ = x/√(mean of x² + ε) over the trailing axes; with ĝ = g·γ: ∂loss/∂x = (ĝ − x̂·mean(ĝ·x̂))/√(mean of x² + ε),
/// ∂loss/∂γ = Σ g·x̂ (Zhang, Sennrich: Root mean square layer normalization, 2019).
/// </summary>
public static class RmsNormOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>x̂ over the last axes, which must be <paramref name="normalizedShape"/>.</summary>
        /// <param name="normalizedShape">The trailing axes, at least one.</param>
        /// <param name="epsilon">ε ≥ 0; null for the distance from 1 to the next number, 2⁻²³ or 2⁻⁵², as in PyTorch.</param>
        /// <exception cref="ArgumentException">x does not end in these axes.</exception>
        public Tensor<T> RmsNorm(Shape normalizedShape, double? epsilon = null) => Apply(x, normalizedShape, default, epsilon);

        /// <summary>x̂·weight over the last axes, which must be the shape of the weight.</summary>
        /// <param name="weight">γ, of the trailing axes' shape.</param>
        /// <param name="epsilon">ε ≥ 0; null for the distance from 1 to the next number, 2⁻²³ or 2⁻⁵², as in PyTorch.</param>
        /// <exception cref="ArgumentException">x does not end in the axes of the weight.</exception>
        public Tensor<T> RmsNorm(Tensor<T> weight, double? epsilon = null) => Apply(x, weight.Shape, weight, epsilon);
    }

    private static Tensor<T> Apply<T>(in Tensor<T> x, in Shape normalized, in Tensor<T> weight, double? epsilon)
        where T : unmanaged, IFloatingPointIeee754<T> => TrailingNormalization<T>.RmsNorm.Apply(
            x, normalized, weight, default, epsilon ?? (typeof(T) == typeof(float) ? 1.0 / (1 << 23) : 1.0 / (1L << 52)));
}
