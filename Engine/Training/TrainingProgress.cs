using System.Globalization;

namespace Engine;

/// <summary>How far a training run has come.</summary>
/// <param name="Epoch">The running epoch, from 1.</param>
/// <param name="Updates">The updates made since the run began.</param>
/// <param name="Loss">The mean loss of the running epoch so far.</param>
/// <param name="SamplesPerSecond">The samples trained on per second since the run began, validation included.</param>
/// <param name="Fraction">The part of the run that is done, from 0 to 1; NaN in the first epoch of a run whose epochs are counted.</param>
/// <param name="Elapsed">The time since the run began.</param>
public readonly record struct TrainingProgress(
    long Epoch, long Updates, double Loss, double SamplesPerSecond, double Fraction, TimeSpan Elapsed)
{
    /// <summary>
    /// The time left if the rest goes as fast as what is done; null while <see cref="Fraction"/> is not known, or where it is centuries.
    /// </summary>
    public TimeSpan? Remaining => Fraction > 0 && Elapsed.TotalDays * ((1 - Fraction) / Fraction) < TimeSpan.MaxValue.TotalDays / 100
        ? Elapsed * ((1 - Fraction) / Fraction)
        : null;

    /// <summary>One line: epoch, loss, rate and time left.</summary>
    public override string ToString()
    {
        string left = Remaining is { } time ? string.Create(CultureInfo.InvariantCulture, $", {time.TotalSeconds:F0} s left") : "";
        return string.Create(
            CultureInfo.InvariantCulture, $"epoch {Epoch}, update {Updates}: loss {Loss:G4}, {SamplesPerSecond:F0} samples/s{left}");
    }
}
