using System.Numerics;

namespace Engine;

/// <summary>
/// y = (x − mean)/√(variance + ε)·γ + β over the trailing axes of each example: the same in training and evaluation, and independent of
/// the rest of the batch.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class LayerNorm<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer with γ = 1 and β = 0.</summary>
    /// <param name="normalizedShape">The trailing axes over which mean and variance are taken, at least one.</param>
    /// <param name="epsilon">ε ≥ 0.</param>
    /// <param name="affine">Whether there are γ and β, which have the shape of these axes.</param>
    /// <exception cref="ArgumentException">There are no axes, or no elements in them.</exception>
    public LayerNorm(Shape normalizedShape, double epsilon = 1e-5, bool affine = true)
    {
        NormalizationEpsilon.Check(epsilon, "LayerNorm");
        if (normalizedShape.Rank == 0 || normalizedShape.Length == 0)
        {
            throw new ArgumentException(
                $"LayerNorm: got the normalized shape {normalizedShape}, expected at least one axis and one element.",
                nameof(normalizedShape));
        }
        NormalizedShape = normalizedShape;
        Epsilon = epsilon;
        if (affine)
        {
            Weight = AddParameter("weight", Tensor<T>.Full(normalizedShape, T.One));
            Bias = AddParameter("bias", Tensor<T>.Zeros(normalizedShape));
        }
    }

    /// <summary>The trailing axes over which mean and variance are taken.</summary>
    public Shape NormalizedShape { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>γ, if there is one.</summary>
    public Parameter<T>? Weight { get; }

    /// <summary>β, if there is one.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>The layer, the axes it normalizes, and non-default settings.</summary>
    public override string ToString() => $"LayerNorm({NormalizedShape}" + LayerText.Setting("epsilon", Epsilon, 1e-5)
        + LayerText.Setting("not affine", Weight is null) + ")";

    private protected override bool IsWeight(Parameter<T> parameter) => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x does not end in the normalized axes.</exception>
    public override Tensor<T> Forward(Tensor<T> x) =>
        Weight is null || Bias is null ? x.LayerNorm(NormalizedShape, Epsilon) : x.LayerNorm(Weight.Value, Bias.Value, Epsilon);
}
