using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// y = (x − mean)/√(variance + ε)·γ + β over each channel of each example, [batch, channels, length] or [batch, channels, ..]: the same in
/// training and evaluation, and independent of the rest of the batch. There are no running statistics.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class InstanceNorm<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer; with γ = 1 and β = 0, if it has them.</summary>
    /// <param name="channels">The extent of axis 1, at least 1.</param>
    /// <param name="epsilon">ε ≥ 0.</param>
    /// <param name="affine">Whether there are γ and β, one of each for a channel; by default not, as in PyTorch.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public InstanceNorm(int channels, double epsilon = 1e-5, bool affine = false)
    {
        NormalizationEpsilon.Check(epsilon, "InstanceNorm");
        if (channels < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(channels),
                string.Create(CultureInfo.InvariantCulture, $"InstanceNorm: got {channels} channels, expected at least 1."));
        }
        Channels = channels;
        Epsilon = epsilon;
        if (affine)
        {
            Weight = AddParameter("weight", Tensor<T>.Ones([channels]));
            Bias = AddParameter("bias", Tensor<T>.Zeros([channels]));
        }
    }

    /// <summary>The extent of axis 1.</summary>
    public int Channels { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>γ of [channels], if there is one.</summary>
    public Parameter<T>? Weight { get; }

    /// <summary>β of [channels], if there is one.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>The layer, the extent of axis 1, and non-default settings.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"InstanceNorm({Channels}")
        + LayerText.Setting("epsilon", Epsilon, 1e-5) + LayerText.Setting("affine", Weight is not null) + ")";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// x has other channels or fewer than three axes, or a channel has a single element.
    /// </exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        if (x.Shape.Rank < 3 || x.Shape[1] != Channels)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"InstanceNorm: got the shape {x.Shape}, expected [batch, {Channels}, length, ..]."),
                nameof(x));
        }
        return Weight is null || Bias is null ? x.InstanceNorm(Epsilon) : x.InstanceNorm(Weight.Value, Bias.Value, Epsilon);
    }
}
