using System.Globalization;
using Examples.Charts;

namespace Examples.Compare;

/// <summary>The learning rates to compare: some numbers, or all in a range.</summary>
/// <param name="Values">The numbers; none if there is a range.</param>
/// <param name="Range">The range, or null.</param>
internal sealed record LearningRates(IReadOnlyList<double> Values, Interval? Range)
{
    private const string Dots = "..";

    /// <summary>What <see cref="Parse"/> takes.</summary>
    public const string Expected = "expected positive numbers, or one range such as 0.001..1";

    /// <summary>Reads numbers, or one range in the form <c>0.001..1</c>.</summary>
    /// <returns>The rates, or null if the texts are not in this form.</returns>
    public static LearningRates? Parse(IReadOnlyList<string> texts)
    {
        if (texts is [string text] && text.Split(Dots) is [string from, string to])
        {
            return Number(from) is { } low && Number(to) is { } high && low <= high ? new([], new Interval(low, high)) : null;
        }
        double?[] values = [.. texts.Select(Number)];
        return values.Length == 0 || values.Contains(null) ? null : new([.. values.Select(value => value!.Value).Distinct()], null);
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && number > 0 && double.IsFinite(number)
            ? number
            : null;
}
