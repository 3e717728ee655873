using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// y = (x − mean)/√(variance + ε)·γ + β for each channel, axis 1 of [batch, channels] or [batch, channels, ..]. In training mean and
/// variance are those of the batch, and the running statistics follow them: running ← (1 − momentum)·running + momentum·observed, where
/// the observed variance is the unbiased one, divided by n − 1, although the batch is normalized by the biased one, as in PyTorch. In
/// evaluation the running statistics are used instead.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class BatchNorm<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly NamedCounter? _batches;

    /// <summary>A layer with γ = 1, β = 0, running mean 0 and running variance 1.</summary>
    /// <param name="channels">The extent of axis 1, at least 1.</param>
    /// <param name="epsilon">ε ≥ 0.</param>
    /// <param name="momentum">
    /// The fraction of the running statistics that each batch replaces, from 0 to 1; null for 1/(number of batches so far), which gives
    /// the mean of all batches.
    /// </param>
    /// <param name="affine">Whether there are γ and β.</param>
    /// <param name="trackRunningStatistics">
    /// Whether there are running statistics; without them a batch is normalized by its own in evaluation too.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">A number lies outside its range.</exception>
    public BatchNorm(int channels, double epsilon = 1e-5, double? momentum = 0.1, bool affine = true, bool trackRunningStatistics = true)
    {
        if (channels < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(channels),
                string.Create(CultureInfo.InvariantCulture, $"BatchNorm: got {channels} channels, expected at least 1."));
        }
        NormalizationEpsilon.Check(epsilon, "BatchNorm");
        if (momentum is not (null or (>= 0 and <= 1)))
        {
            throw new ArgumentOutOfRangeException(
                nameof(momentum),
                string.Create(
                    CultureInfo.InvariantCulture, $"BatchNorm: got the momentum {momentum}, expected null or a number from 0 to 1."));
        }
        Channels = channels;
        Epsilon = epsilon;
        Momentum = momentum;
        if (affine)
        {
            Weight = AddParameter("weight", Tensor<T>.Full([channels], T.One));
            Bias = AddParameter("bias", Tensor<T>.Zeros([channels]));
        }
        if (trackRunningStatistics)
        {
            RunningMean = AddBuffer("running_mean", Tensor<T>.Zeros([channels]));
            RunningVariance = AddBuffer("running_var", Tensor<T>.Full([channels], T.One));
            _batches = AddCounter("num_batches_tracked");
        }
    }

    /// <summary>The extent of axis 1.</summary>
    public int Channels { get; }

    /// <summary>ε.</summary>
    public double Epsilon { get; }

    /// <summary>The fraction of the running statistics that each batch replaces; null if they are the mean of all batches.</summary>
    public double? Momentum { get; }

    /// <summary>γ, if there is one.</summary>
    public Parameter<T>? Weight { get; }

    /// <summary>β, if there is one.</summary>
    public Parameter<T>? Bias { get; }

    /// <summary>The running mean of each channel, if there is one.</summary>
    public NamedTensor<T>? RunningMean { get; }

    /// <summary>The running unbiased variance of each channel, if there is one.</summary>
    public NamedTensor<T>? RunningVariance { get; }

    /// <summary>
    /// Whether the running statistics are the means over all batches, as with a momentum of null; while they are recomputed.
    /// </summary>
    internal bool AveragesAllBatches { get; set; }

    /// <summary>Resets the running statistics to those of a new layer.</summary>
    public void ResetStatistics()
    {
        if (RunningMean is null || RunningVariance is null || _batches is null)
        {
            return;
        }
        RunningMean.Value.Output.Clear();
        RunningVariance.Value.Output.Fill(T.One);
        _batches.Value = 0;
    }

    /// <summary>The layer, the extent of axis 1, and non-default settings.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"BatchNorm({Channels}")
        + LayerText.Setting("epsilon", Epsilon, 1e-5)
        + (Momentum is { } momentum ? LayerText.Setting("momentum", momentum, 0.1) : ", cumulative average")
        + LayerText.Setting("not affine", Weight is null) + LayerText.Setting("no running statistics", RunningMean is null) + ")";

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">
    /// x has other channels or fewer than two axes; or the batch's own statistics are needed and a channel has a single value. The running
    /// statistics are then unchanged.
    /// </exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        if (x.Shape.Rank < 2 || x.Shape[1] != Channels)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"BatchNorm: got the shape {x.Shape}, expected [batch, {Channels}] or [batch, {Channels}, ..]."),
                nameof(x));
        }
        Tensor<T> weight = Weight is null ? default : Weight.Value, bias = Bias is null ? default : Bias.Value;
        if (!Training && RunningMean is not null && RunningVariance is not null)
        {
            return x.BatchNorm(RunningMean.Value, RunningVariance.Value, weight, bias, Epsilon);
        }
        Tensor<T> y = x.BatchNorm(weight, bias, Epsilon, out Tensor<T> statistics);
        if (Training)
        {
            Track(statistics, x.Length / Channels);
        }
        return y;
    }

    private void Track(in Tensor<T> statistics, int values)
    {
        if (RunningMean is null || RunningVariance is null || _batches is null)
        {
            return;
        }
        _batches.Value++;
        T share = T.CreateTruncating((AveragesAllBatches ? null : Momentum) ?? 1.0 / _batches.Value), rest = T.One - share,
            unbiased = T.CreateTruncating(values) / T.CreateTruncating(values - 1);
        ReadOnlySpan<T> observed = statistics.Span;
        Span<T> means = RunningMean.Value.Output, variances = RunningVariance.Value.Output;
        for (int channel = 0; channel < Channels; channel++)
        {
            means[channel] = rest * means[channel] + share * observed[channel];
            variances[channel] = rest * variances[channel] + share * (observed[2 * Channels + channel] * unbiased);
        }
    }
}
