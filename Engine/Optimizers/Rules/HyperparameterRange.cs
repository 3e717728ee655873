using System.Globalization;
using System.Numerics;

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
    /// <see cref="double.MaxValue"/>, which stands for no bound, is valid for elements of every precision.
    /// </summary>
    /// <typeparam name="T">The precision of the elements.</typeparam>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The value is outside the interval, or larger than the largest element.
    /// </exception>
    internal double Check<T>(string ruleName, Hyperparameter value, long t, string symbol, string property)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double number = value.At(t - 1);
        if (Contains(number) && (number == double.MaxValue || T.IsFinite(T.CreateTruncating(number))))
        {
            return number;
        }
        T largest = T.BitDecrement(T.PositiveInfinity);
        string elements = typeof(T) == typeof(float) ? "float" : "double";
        string expected = Contains(number)
            ? string.Create(CultureInfo.InvariantCulture, $"up to {largest}, the largest {elements}")
            : double.IsPositiveInfinity(LessThan) ? $"that is {this}"
            : ToString();
        throw new ArgumentOutOfRangeException(property,
            $"{ruleName}: got {property} ({symbol}) = {Text(number)} at update {t}, expected a number {expected}.");
    }

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);
}
