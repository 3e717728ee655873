using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// y = x/√(mean of x² + ε)·γ over the trailing axes of each example: layer normalization without the mean and the shift.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class RmsNorm<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer with γ = 1.</summary>
    /// <param name="normalizedShape">The trailing axes over which the mean is taken, at least one.</param>
    /// <param name="epsilon">ε ≥ 0; null for the distance from 1 to the next number, 2⁻²³ or 2⁻⁵², as in PyTorch.</param>
    /// <param name="affine">Whether there is a γ, which has the shape of these axes.</param>
    /// <exception cref="ArgumentException">There are no axes, or no elements in them.</exception>
    public RmsNorm(Shape normalizedShape, double? epsilon = null, bool affine = true)
    {
        NormalizationEpsilon.Check(epsilon ?? 0, "RmsNorm");
        if (normalizedShape.Rank == 0 || normalizedShape.Length == 0)
        {
            throw new ArgumentException(
                $"RmsNorm: got the normalized shape {normalizedShape}, expected at least one axis and one element.",
                nameof(normalizedShape));
        }
        NormalizedShape = normalizedShape;
        Epsilon = epsilon;
        if (affine)
        {
            Weight = AddParameter("weight", Tensor<T>.Ones(normalizedShape));
        }
    }

    /// <summary>The trailing axes over which the mean is taken.</summary>
    public Shape NormalizedShape { get; }

    /// <summary>ε; null if it is the distance from 1 to the next number.</summary>
    public double? Epsilon { get; }

    /// <summary>γ, if there is one.</summary>
    public Parameter<T>? Weight { get; }

    /// <summary>The layer, the axes it normalizes, and non-default settings.</summary>
    public override string ToString() => $"RmsNorm({NormalizedShape}"
        + (Epsilon is { } epsilon ? string.Create(CultureInfo.InvariantCulture, $", epsilon {epsilon}") : "")
        + LayerText.Setting("not affine", Weight is null) + ")";

    private protected override bool IsWeight(Parameter<T> parameter) => false;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x does not end in the normalized axes.</exception>
    public override Tensor<T> Forward(Tensor<T> x) =>
        Weight is null ? x.RmsNorm(NormalizedShape, Epsilon) : x.RmsNorm(Weight.Value, Epsilon);
}
