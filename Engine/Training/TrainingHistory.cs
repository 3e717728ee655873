using System.Globalization;

namespace Engine;

/// <summary>The epochs of a training run, and how it ended.</summary>
/// <param name="Epochs">What each epoch came to; the last one may have been broken off, and none is there if the first was.</param>
/// <param name="StopReason">Why the run ended.</param>
/// <param name="Updates">The updates made.</param>
/// <param name="Time">The time of the training steps, without validation.</param>
public sealed record TrainingHistory(IReadOnlyList<EpochRecord> Epochs, StopReason StopReason, long Updates, TimeSpan Time)
{
    /// <summary>A line for each epoch, then how the run ended.</summary>
    public override string ToString() => string.Join(
        '\n',
        Epochs.Select(static epoch => epoch.ToString()).Append(string.Create(
            CultureInfo.InvariantCulture, $"{StopReason} after {Updates} updates in {Time.TotalSeconds:F1} s")));
}
