using System.Numerics;

namespace Engine;

/// <summary>
/// A layer whose weight is w = g·v/‖v‖ for each output, so that its length g and its direction v are trained separately (Salimans, Kingma:
/// Weight normalization, 2016). The norm is taken over all axes but the first.
/// </summary>
/// <remarks>
/// The parameters are <c>weight_g</c> of [outputs, 1, ..], <c>weight_v</c> and <c>bias</c>, as those of PyTorch's
/// <c>torch.nn.utils.weight_norm</c>. A v of zeros has no direction: then w is NaN, as there.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class WeightNorm<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A layer that initially computes what the given one does.</summary>
    /// <param name="layer">
    /// A <see cref="Linear{T}"/>, <see cref="Conv1d{T}"/>, <see cref="Conv2d{T}"/> or the like. Its settings are used, and its parameters
    /// are copied; it does not become a part of this module.
    /// </param>
    /// <exception cref="ArgumentNullException">The layer is null.</exception>
    public WeightNorm(WeightedLayer<T> layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Layer = layer;
        Tensor<T> weight = layer.Weight.Value.Clone();
        Length = AddParameter("weight_g", Norm(weight));
        Direction = AddParameter("weight_v", weight);
        if (layer.Bias is not null)
        {
            Bias = AddParameter("bias", layer.Bias.Value);
        }
    }

    /// <summary>g of [outputs, 1, ..].</summary>
    public Parameter<T> Length { get; }

    /// <summary>v, of the weight's shape.</summary>
    public Parameter<T> Direction { get; }

    /// <summary>b, if there is one.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>The layer whose settings are used; its parameters are not.</summary>
    internal WeightedLayer<T> Layer { get; }

    /// <summary>The axes that the norm is taken over, for each number of axes.</summary>
    private static ReadOnlySpan<int> FurtherAxes => [1, 2, 3, 4, 5];

    /// <summary>The name, and the layer.</summary>
    public override string ToString() => $"WeightNorm({Layer})";

    /// <inheritdoc/>
    /// <remarks>If the layer throws, nothing of the call is recorded.</remarks>
    /// <exception cref="ArgumentException">The layer refuses the input.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        Tape<T>.Mark before = Tape<T>.SetMark();
        try
        {
            return Layer.Forward(x, Normalized(), Bias is null ? default : Bias.Value);
        }
        catch
        {
            before.RollBack();
            throw;
        }
    }

    /// <summary>w.</summary>
    internal Tensor<T> Normalized() => Direction.Value * (Length.Value / Norm(Direction.Value));

    private protected override bool IsWeight(Parameter<T> parameter) => parameter == Direction;

    private protected override void OnWeightsInitialized(RandomKey key) => Length.SetValue(Norm(Direction.Value));

    /// <summary>‖v‖ for each output.</summary>
    private static Tensor<T> Norm(in Tensor<T> v) => v.Square().Sum(FurtherAxes[..(v.Shape.Rank - 1)], keepDimensions: true).Sqrt();
}
