using System.Globalization;

namespace Engine;

/// <summary>
/// The mean of independent measurements, and how far the true mean may be from it: Student's interval x̄ ± t·s/√n.
/// </summary>
/// <param name="Mean">The mean x̄; NaN of no measurements.</param>
/// <param name="HalfWidth">Half the width of the interval; NaN of fewer than two measurements.</param>
/// <param name="Count">The number of measurements n.</param>
public readonly record struct ConfidenceInterval(double Mean, double HalfWidth, int Count)
{
    /// <summary>The lower end.</summary>
    public double Low => Mean - HalfWidth;

    /// <summary>The upper end.</summary>
    public double High => Mean + HalfWidth;

    /// <summary>The interval of these measurements.</summary>
    /// <param name="measurements">The measurements, taken to be independent and normally distributed.</param>
    /// <param name="confidence">The probability that such an interval contains the true mean, above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The confidence is not above 0 and below 1.</exception>
    public static ConfidenceInterval Of(ReadOnlySpan<double> measurements, double confidence = 0.95)
    {
        if (!(confidence > 0 && confidence < 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(confidence),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"ConfidenceInterval: got a confidence of {confidence}, expected more than 0 and less than 1."));
        }
        int n = measurements.Length;
        double mean = 0, squares = 0;
        foreach (double x in measurements)
        {
            mean += x / n;
        }
        foreach (double x in measurements)
        {
            squares += (x - mean) * (x - mean);
        }
        double halfWidth = n < 2 ? double.NaN : StudentT.Quantile(confidence, n - 1) * Math.Sqrt(squares / (n - 1) / n);
        return new(n == 0 ? double.NaN : mean, halfWidth, n);
    }

    /// <summary>The mean and the half width, for example <c>0.953 ± 0.004</c>.</summary>
    public override string ToString() => Count < 2
        ? string.Create(CultureInfo.InvariantCulture, $"{Mean:G4}")
        : string.Create(CultureInfo.InvariantCulture, $"{Mean:G4} ± {HalfWidth:G2}");
}
