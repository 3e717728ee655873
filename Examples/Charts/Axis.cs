using System.Globalization;

namespace Examples.Charts;

/// <summary>An axis of a chart: where each value lies, and which values are its ticks.</summary>
internal sealed class Axis
{
    private readonly bool _logarithmic, _percent;

    private Axis(double low, double high, IReadOnlyList<double> ticks, bool logarithmic = false, bool percent = false)
    {
        Low = low;
        High = high;
        Ticks = ticks;
        _logarithmic = logarithmic;
        _percent = percent;
    }

    /// <summary>The value at the start of the axis.</summary>
    public double Low { get; }

    /// <summary>The value at its end.</summary>
    public double High { get; }

    /// <summary>The values to label, ascending.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>An axis of whole numbers from 0 to <paramref name="last"/>, which is at least 1.</summary>
    public static Axis Count(int last)
    {
        double step = Math.Max(1, RoundUp(last / 6.0));
        return new Axis(0, last, Multiples(0, last, step));
    }

    /// <summary>An axis of percentages, from the multiple of 10 % below <paramref name="smallest"/> (at most 90 %) to 100 %.</summary>
    public static Axis Percent(double smallest)
    {
        double low = Math.Clamp(Math.Floor(smallest * 10) / 10, 0, 0.9);
        double step = RoundUp((1 - low) / 6);
        return new Axis(low, 1, Multiples(low, 1, step), percent: true);
    }

    /// <summary>A logarithmic axis over the positive, finite ones among <paramref name="values"/>.</summary>
    public static Axis Logarithmic(IEnumerable<double> values)
    {
        double[] positive = [.. values.Where(value => value > 0 && double.IsFinite(value))];
        double low = RoundDown(positive.DefaultIfEmpty(0.1).Min()), high = RoundUp(positive.DefaultIfEmpty(1).Max());
        high = Math.Max(high, 10 * low);
        int first = (int)Math.Floor(Math.Log10(low)), last = (int)Math.Ceiling(Math.Log10(high));
        List<double> ticks = [];
        for (int power = first; power <= last; power += 1 + (last - first) / 8)
        {
            double tick = PowerOfTen(power);
            if (tick >= low && tick <= high)
            {
                ticks.Add(tick);
            }
        }
        return new Axis(low, high, ticks, logarithmic: true);
    }

    /// <summary>Where <paramref name="value"/> lies: 0 at the start of the axis, 1 at its end, NaN where it has no place.</summary>
    public double Fraction(double value) => _logarithmic
        ? Math.Log(value / Low) / Math.Log(High / Low)
        : (value - Low) / (High - Low);

    /// <summary>The label of a tick.</summary>
    public string Label(double value) => _percent
        ? string.Create(CultureInfo.InvariantCulture, $"{value * 100:0.##} %")
        : value.ToString(_logarithmic && value is < 1e-3 or > 1e4 ? "0e-0" : "0.############", CultureInfo.InvariantCulture);

    private static double[] Multiples(double low, double high, double step)
    {
        int count = (int)Math.Floor((high - low) / step + 1e-9) + 1;
        // counted from the end, so that 100 % is always one of them
        return [.. Enumerable.Range(0, count).Select(i => Math.Round(low == 0 ? i * step : high - (count - 1 - i) * step, 12))];
    }

    /// <summary>The smallest of … 0.1, 0.2, 0.5, 1, 2, 5 … that is not below <paramref name="value"/>.</summary>
    private static double RoundUp(double value)
    {
        double power = PowerOfTen((int)Math.Floor(Math.Log10(value)));
        return new[] { 1.0, 2, 5 }.Select(digit => digit * power).FirstOrDefault(step => step >= value * (1 - 1e-12), 10 * power);
    }

    /// <summary>The largest of … 0.1, 0.2, 0.5, 1, 2, 5 … that is not above <paramref name="value"/>.</summary>
    private static double RoundDown(double value)
    {
        double power = PowerOfTen((int)Math.Floor(Math.Log10(value)));
        return new[] { 5.0, 2, 1 }.Select(digit => digit * power).First(step => step <= value * (1 + 1e-12));
    }

    /// <summary>10ⁿ as parsed from its decimal text: 10⁻³ is 0.001, not its neighbor.</summary>
    private static double PowerOfTen(int n) =>
        double.Parse(string.Create(CultureInfo.InvariantCulture, $"1e{n}"), CultureInfo.InvariantCulture);
}
