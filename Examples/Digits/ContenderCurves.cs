using Examples.Charts;
using static System.FormattableString;

namespace Examples.Digits;

/// <summary>The learning curves of one optimizer with several seeds, and what they have in common.</summary>
/// <param name="Curves">A curve for each seed, at least one, all of the same length.</param>
internal sealed record ContenderCurves(IReadOnlyList<LearningCurve> Curves)
{
    /// <summary>The optimizer.</summary>
    public Contender Contender => Curves[0].Contender;

    /// <summary>Its learning rate.</summary>
    public double LearningRate => Curves[0].LearningRate;

    /// <summary>The time of the training steps, in the mean of the seeds.</summary>
    public TimeSpan Time => Curves.Aggregate(TimeSpan.Zero, (sum, curve) => sum + curve.Time) / Curves.Count;

    /// <summary>The mean over the seeds after each epoch.</summary>
    public IReadOnlyList<double> Mean(Func<LearningCurve, IReadOnlyList<double>> measure) =>
        [.. Epochs(measure).Select(values => values.Average())];

    /// <summary>The smallest and the largest value of any seed after each epoch; NaN where a value is.</summary>
    public IReadOnlyList<Interval> Range(Func<LearningCurve, IReadOnlyList<double>> measure) =>
        [.. Epochs(measure).Select(values => new Interval(values.Aggregate(Math.Min), values.Aggregate(Math.Max)))];

    /// <summary>
    /// An epoch of each seed as text: <c>3</c>, <c>3-5</c> where they differ, <c>3-</c> where some have none, <c>-</c> where all have none.
    /// </summary>
    public string EpochOf(Func<LearningCurve, int?> epoch)
    {
        int?[] epochs = [.. Curves.Select(epoch)];
        string first = Invariant($"{epochs.Min()}"), last = epochs.Contains(null) ? "" : Invariant($"{epochs.Max()}");
        return first == last && last.Length > 0 ? first : $"{first}-{last}";
    }

    private IEnumerable<double[]> Epochs(Func<LearningCurve, IReadOnlyList<double>> measure) =>
        Enumerable.Range(0, measure(Curves[0]).Count).Select(epoch => Curves.Select(curve => measure(curve)[epoch]).ToArray());
}
