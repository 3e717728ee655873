using System.Numerics;

namespace Engine;

/// <summary>
/// y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε) over the trailing axes; with ĝ = g·γ: ∂loss/∂x = (ĝ − mean(ĝ) −
/// x̂·mean(ĝ·x̂))/√(variance + ε), ∂loss/∂γ = Σ g·x̂, ∂loss/∂β = Σ g (Ba, Kiros, Hinton: Layer normalization, 2016). The variance is that
/// of the elements themselves: divided by n.
/// </summary>
public static class LayerNormOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>x̂ over the last axes, which must be <paramref name="normalizedShape"/>.</summary>
        /// <param name="normalizedShape">The trailing axes, at least one.</param>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <exception cref="ArgumentException">x does not end in these axes.</exception>
        public Tensor<T> LayerNorm(Shape normalizedShape, double epsilon = 1e-5) =>
            TrailingNormalization<T>.LayerNorm.Apply(x, normalizedShape, default, default, epsilon);

        /// <summary>x̂·weight + bias over the last axes, which must be the shape of weight and bias.</summary>
        /// <param name="weight">γ, of the trailing axes' shape.</param>
        /// <param name="bias">β, of the same shape.</param>
        /// <param name="epsilon">ε ≥ 0.</param>
        /// <exception cref="ArgumentException">x does not end in the axes of the weight, or the bias has another shape.</exception>
        public Tensor<T> LayerNorm(Tensor<T> weight, Tensor<T> bias, double epsilon = 1e-5) => weight.Shape == bias.Shape
            ? TrailingNormalization<T>.LayerNorm.Apply(x, weight.Shape, weight, bias, epsilon)
            : throw new ArgumentException(
                $"LayerNorm: got a weight of shape {weight.Shape} and a bias of shape {bias.Shape}, expected the same.", nameof(bias));
    }
}
