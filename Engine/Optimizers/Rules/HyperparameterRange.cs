using System.Globalization;

namespace Engine;

/// <summary>
/// The interval in which a hyperparameter must lie: bounded below by <see cref="Minimum"/>, above by <see cref="LessThan"/>.
/// </summary>
/// <param name="Minimum">The lower bound.</param>
/// <param name="LessThan">The upper bound, which is never reached; ∞ for every finite number.</param>
/// <param name="ExcludesMinimum">Whether the lower bound itself is outside.</param>
public readonly record struct HyperparameterRange(double Minimum, double LessThan = double.PositiveInfinity, bool ExcludesMinimum = false)
{
    /// <summary>
    /// The interval above <paramref name="greaterThan"/>, or from <paramref name="atLeast"/> on where that is NaN, and below
    /// <paramref name="lessThan"/>.
    /// </summary>
    internal static HyperparameterRange Of(double atLeast, double lessThan, double greaterThan) =>
        double.IsNaN(greaterThan) ? new(atLeast, lessThan) : new(greaterThan, lessThan, ExcludesMinimum: true);

    /// <summary>Whether the number is in the interval; NaN never is.</summary>
    public bool Contains(double number) => (ExcludesMinimum ? number > Minimum : number >= Minimum) && number < LessThan;

    /// <summary>The condition on a symbol, for example <c>β₁ in [0, 1)</c> or <c>η ≥ 0</c>.</summary>
    public string ToText(string symbol) => double.IsPositiveInfinity(LessThan)
        ? $"{symbol} {(ExcludesMinimum ? '>' : '≥')} {Text(Minimum)}"
        : $"{symbol} in {(ExcludesMinimum ? '(' : '[')}{Text(Minimum)}, {Text(LessThan)})";

    /// <summary>The interval in words, for example <c>finite and at least 0</c>.</summary>
    public override string ToString() => double.IsPositiveInfinity(LessThan)
        ? $"finite and {(ExcludesMinimum ? "greater than" : "at least")} {Text(Minimum)}"
        : $"in {(ExcludesMinimum ? '(' : '[')}{Text(Minimum)}, {Text(LessThan)})";

    /// <summary>
    /// The hyperparameter's value at update number <paramref name="t"/> (from 1): the one check of every hyperparameter of every rule.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is outside the interval.</exception>
    internal double Check(string ruleName, Hyperparameter value, long t, string symbol, string property)
    {
        double number = value.At(t - 1);
        return Contains(number)
            ? number
            : throw new ArgumentOutOfRangeException(
                property, $"{ruleName}: got {property} ({symbol}) = {Text(number)} at update {t}, expected a number {this}.");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
