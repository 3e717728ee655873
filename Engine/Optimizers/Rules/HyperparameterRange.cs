using System.Globalization;

namespace Engine;

/// <summary>The one check of every hyper-parameter of every rule.</summary>
internal static class HyperparameterRange
{
    /// <summary>The value for update number <paramref name="t"/> (from 1), which must lie from <paramref name="least"/> to below <paramref name="below"/>; NaN never does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It does not.</exception>
    public static double Checked(string ruleName, Hyperparameter value, long t, string symbol, double least, double below, string name)
    {
        double number = value.At(t - 1);
        return number >= least && number < below
            ? number
            : throw new ArgumentOutOfRangeException(name, number, $"{ruleName}: got {name} ({symbol}) = {Text(number)} at update {t}, expected a number from {Text(least)} to below {Text(below)}.");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
