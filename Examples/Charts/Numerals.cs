using System.Globalization;

namespace Examples.Charts;

/// <summary>Numbers as text for a small place.</summary>
internal static class Numerals
{
    /// <summary>A number with three digits: 0.00123, 12.3, 4.56e7, NaN, ∞.</summary>
    public static string Short(double value)
    {
        double size = Math.Abs(value);
        if (double.IsInfinity(value))
        {
            return value > 0 ? "∞" : "-∞";
        }
        // rounded to three digits first, so that 9999.9 is 1e4
        double rounded = double.Parse(value.ToString("E2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return rounded.ToString(size is 0 or >= 1e-3 and < 1e5 ? "0.#####" : "0.##e-0", CultureInfo.InvariantCulture);
    }
}
