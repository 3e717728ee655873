using System.Globalization;

namespace Engine;

/// <summary>The distribution of many numbers: how many are in each of some intervals, and their moments.</summary>
/// <param name="Minimum">The least of the numbers.</param>
/// <param name="Maximum">The greatest.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Sum">Their sum.</param>
/// <param name="SumOfSquares">The sum of their squares.</param>
/// <param name="Limits">The right ends of the intervals, ascending; the left end of an interval is the right end of the one before.</param>
/// <param name="Counts">The numbers in each interval; as many as <paramref name="Limits"/>.</param>
public sealed record HistogramSummary(
    double Minimum,
    double Maximum,
    double Count,
    double Sum,
    double SumOfSquares,
    IReadOnlyList<double> Limits,
    IReadOnlyList<double> Counts)
{
    /// <summary>The mean; NaN if there are no numbers.</summary>
    public double Mean => Sum / Count;

    /// <summary>
    /// The standard deviation √(Σx²/n − mean²), which loses digits where the mean is far from 0; NaN if there are no numbers.
    /// </summary>
    public double StandardDeviation
    {
        get
        {
            double variance = SumOfSquares / Count - Mean * Mean;
            return variance < 0 ? 0 : Math.Sqrt(variance); // below zero by rounding alone
        }
    }

    /// <summary>One line: how many numbers, mean, deviation and range.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Count} numbers, {Mean:G4} ± {StandardDeviation:G4}, from {Minimum:G4} to {Maximum:G4}");
}
