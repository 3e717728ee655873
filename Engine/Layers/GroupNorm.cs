using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// y = (x − mean)/√(variance + ε)·γ + β over each group of neighboring channels of each example, [batch, channels] or
/// [batch, channels, ..]: the same in training and evaluation, and independent of the rest of the batch.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class GroupNorm<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer with γ = 1 and β = 0.</summary>
    /// <param name="groups">The number of groups, which divides the channels; 1 normalizes each example as a whole.</param>
    /// <param name="channels">The extent of axis 1, at least 1.</param>
    /// <param name="epsilon">ε ≥ 0.</param>
    /// <param name="affine">Whether there are γ and β, one of each for a channel.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1, or the groups do not divide the channels.</exception>
    public GroupNorm(int groups, int channels, double epsilon = 1e-5, bool affine = true)
    {
        NormalizationEpsilon.Check(epsilon, "GroupNorm");
        if (groups < 1 || channels < 1 || channels % groups != 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(groups),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"GroupNorm: got {groups} groups of {channels} channels, expected at least 1 of each, and groups that divide "
                        + $"the channels evenly."));
        }
        Groups = groups;
        Channels = channels;
        Epsilon = epsilon;
        if (affine)
        {
            Weight = AddParameter("weight", Tensor<T>.Ones([channels]));
            Bias = AddParameter("bias", Tensor<T>.Zeros([channels]));
        }
    }

    /// <summary>The number of groups.</summary>
    public int Groups { get; }

    /// <summary>The extent of axis 1.</summary>
    public int Channels { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>γ of [channels], if there is one.</summary>
    public Parameter<T>? Weight { get; }

    /// <summary>β of [channels], if there is one.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>The layer, its groups, the extent of axis 1, and non-default settings.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"GroupNorm({Groups} groups of {Channels} channels")
        + LayerText.Setting("epsilon", Epsilon, 1e-5) + LayerText.Setting("not affine", Weight is null) + ")";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">x has other channels or fewer than two axes, or a group has a single element.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        if (x.Shape.Rank < 2 || x.Shape[1] != Channels)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"GroupNorm: got the shape {x.Shape}, expected [batch, {Channels}] or [batch, {Channels}, ..]."),
                nameof(x));
        }
        return Weight is null || Bias is null
            ? x.GroupNorm(Groups, Epsilon)
            : x.GroupNorm(Groups, Weight.Value, Bias.Value, Epsilon);
    }
}
