using System.Globalization;

namespace Engine;

/// <summary>What a <see cref="LearningRateRangeTest"/> has measured.</summary>
/// <param name="Samples">The updates made, with rising rates, all losses finite.</param>
/// <param name="HasDiverged">Whether the loss exploded, or was not finite, before the largest rate was reached.</param>
public sealed record LearningRateRangeResult(IReadOnlyList<LearningRateRangeSample> Samples, bool HasDiverged)
{
    /// <summary>
    /// The rate at which the smoothed loss falls fastest with the logarithm of the rate: the suggested one. Null where it never falls.
    /// </summary>
    public double? SteepestDescent
    {
        get
        {
            // the rates are equally far apart in their logarithm, so that the difference is the slope
            int best = 0;
            double slope = 0;
            for (int i = 1; i + 1 < Samples.Count; i++)
            {
                double difference = Samples[i + 1].SmoothedLoss - Samples[i - 1].SmoothedLoss;
                if (difference < slope)
                {
                    (best, slope) = (i, difference);
                }
            }
            return best == 0 ? null : Samples[best].Rate;
        }
    }

    /// <summary>The rate at which the smoothed loss is smallest: larger ones undo what was learned.</summary>
    public double? Minimum => Samples.Count == 0 ? null : Samples.MinBy(sample => sample.SmoothedLoss).Rate;

    /// <summary>A tenth of <see cref="Minimum"/>, a more careful suggestion.</summary>
    public double? TenthOfMinimum => Minimum / 10;

    /// <summary>The number of updates, and the suggested rates.</summary>
    public override string ToString()
    {
        string end = HasDiverged ? "diverged" : "did not diverge";
        string rates = SteepestDescent is { } rate
            ? string.Create(CultureInfo.InvariantCulture, $"steepest descent at {rate:G3}, minimum/10 at {TenthOfMinimum:G3}")
            : "the loss never fell";
        return string.Create(CultureInfo.InvariantCulture, $"learning-rate range test of {Samples.Count} updates, {end}: {rates}");
    }
}
