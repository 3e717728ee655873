using System.Globalization;

namespace Examples.Charts;

/// <summary>Round numbers for the ticks of an axis.</summary>
internal static class Ticks
{
    private static readonly double[] Digits = [1, 2, 5];

    /// <summary>The smallest of … 0.1, 0.2, 0.5, 1, 2, 5 … that is not below <paramref name="value"/>, which is positive.</summary>
    public static double RoundUp(double value)
    {
        double power = PowerOfTen((int)Math.Floor(Math.Log10(value)));
        return Digits.Select(digit => digit * power).FirstOrDefault(step => step >= value * (1 - 1e-12), 10 * power);
    }

    /// <summary>The largest of … 0.1, 0.2, 0.5, 1, 2, 5 … that is not above <paramref name="value"/>, which is positive.</summary>
    public static double RoundDown(double value)
    {
        double power = PowerOfTen((int)Math.Floor(Math.Log10(value)));
        return Digits.Reverse().Select(digit => digit * power).First(step => step <= value * (1 + 1e-12));
    }

    /// <summary>The multiples of <paramref name="step"/> from <paramref name="low"/> to <paramref name="high"/>.</summary>
    public static IReadOnlyList<double> Multiples(double low, double high, double step)
    {
        double first = Math.Ceiling(low / step - 1e-9);
        int count = (int)Math.Max(0, Math.Floor(high / step + 1e-9) - first + 1);
        return [.. Enumerable.Range(0, count).Select(i => Math.Clamp((first + i) * step, low, high))];
    }

    /// <summary>
    /// The powers of ten from one value to another, at most nine of them; if they are fewer than three, also twice and five times them.
    /// </summary>
    public static IReadOnlyList<double> Powers(double low, double high)
    {
        int first = (int)Math.Floor(Math.Log10(low)), last = (int)Math.Ceiling(Math.Log10(high)), every = 1 + (last - first) / 8;
        IEnumerable<double> powers = Enumerable.Range(0, (last - first) / every + 1).Select(i => PowerOfTen(first + i * every));
        double[] inside = [.. powers.Where(power => power >= low && power <= high)];
        return inside.Length >= 3
            ? inside
            : [.. powers.SelectMany(power => Digits.Select(digit => digit * power)).Where(tick => tick >= low && tick <= high)];
    }

    /// <summary>10ⁿ as parsed from its decimal text: 10⁻³ is 0.001, not its neighbor.</summary>
    private static double PowerOfTen(int n) =>
        double.Parse(string.Create(CultureInfo.InvariantCulture, $"1e{n}"), CultureInfo.InvariantCulture);
}
