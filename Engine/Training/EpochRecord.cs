using System.Globalization;
using System.Text;

namespace Engine;

/// <summary>What one epoch of training came to.</summary>
/// <param name="Epoch">Its number, from 1.</param>
/// <param name="Updates">The updates made since the run began.</param>
/// <param name="TrainingLoss">The mean loss over the epoch's samples, each measured before the update that its batch led to.</param>
/// <param name="ValidationLoss">The mean loss over the validation data after the epoch; null without such data.</param>
/// <param name="Metrics">The metrics over the validation data; none without such data.</param>
/// <param name="LearningRate">The learning rate of the last update, of the optimizer's first group.</param>
/// <param name="GradientNorm">
/// The mean of the global gradient norms before clipping; NaN where the optimizer does not measure them (see
/// <see cref="StepReport.GradientNorm"/>).
/// </param>
/// <param name="Time">The time of the training steps, without validation.</param>
public sealed record EpochRecord(
    long Epoch,
    long Updates,
    double TrainingLoss,
    double? ValidationLoss,
    IReadOnlyList<MetricValue> Metrics,
    double LearningRate,
    double GradientNorm,
    TimeSpan Time)
{
    /// <summary>The value of a metric.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public double this[string metric]
    {
        get
        {
            foreach (MetricValue value in Metrics)
            {
                if (value.Name == metric)
                {
                    return value.Value;
                }
            }
            string known = Metrics.Count == 0 ? "none was measured" : string.Join(", ", Metrics.Select(static value => value.Name));
            throw new ArgumentException($"EpochRecord: got the metric '{metric}', expected one of: {known}.", nameof(metric));
        }
    }

    /// <summary>One line: the epoch, the losses, the metrics.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"epoch {Epoch}: training loss {TrainingLoss:G6}");
        if (ValidationLoss is { } loss)
        {
            text.Append(CultureInfo.InvariantCulture, $", validation loss {loss:G6}");
        }
        foreach (MetricValue metric in Metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $", {metric.Name} {metric.Value:G6}");
        }
        return text.ToString();
    }
}
