using System.Globalization;
using static System.FormattableString;

namespace Examples.Charts;

/// <summary>An axis of a chart: where each value lies, and which values are its ticks.</summary>
internal sealed class Axis
{
    /// <summary>
    /// The smallest value of a logarithmic axis and the smallest span of a linear one, and the largest value of any: nothing overflows.
    /// </summary>
    private const double Smallest = 1e-300, Largest = 1e300;

    /// <summary>Accuracies are drawn by the logarithm of the error plus this, so that 100 % has a place.</summary>
    private const double SmallestError = 0.005;

    private readonly Func<double, double> _scale;
    private readonly Func<double, string> _label;

    private Axis(
        string title, double low, double high, IReadOnlyList<double> ticks, Func<double, double> scale, Func<double, string> label)
    {
        Title = title;
        Low = low;
        High = high;
        Ticks = ticks;
        _scale = scale;
        _label = label;
    }

    /// <summary>What its numbers mean; may be empty.</summary>
    public string Title { get; }

    /// <summary>The value at the start of the axis.</summary>
    public double Low { get; }

    /// <summary>The value at its end.</summary>
    public double High { get; }

    /// <summary>The values to label, ascending.</summary>
    public IReadOnlyList<double> Ticks { get; }

    /// <summary>Whether its labels are names, of which none can be left out.</summary>
    public bool HasNames { get; private init; }

    /// <summary>The same axis from its end to its start: what was at the left or below is at the right or above.</summary>
    public Axis Reversed => new(Title, High, Low, Ticks, _scale, _label) { HasNames = HasNames };

    /// <summary>An axis of whole numbers from 0 to <paramref name="last"/>, or to 1 if that is more.</summary>
    public static Axis Count(string title, int last) => Linear(title, 0, Math.Max(1, last), Math.Max(1, Step(0, Math.Max(1, last))));

    /// <summary>An axis from 0 % to 100 %, given as 0 to 1, on which equal ratios of the error have nearly equal lengths.</summary>
    public static Axis Accuracy(string title) => new(title, 0, 1, [0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 1],
        accuracy => -Math.Log(1 - accuracy + SmallestError), accuracy => Invariant($"{accuracy * 100:0.##} %"));

    /// <summary>An axis from <paramref name="low"/> to <paramref name="high"/>.</summary>
    /// <exception cref="ArgumentException">The ends are not in this order, or not from −10³⁰⁰ to 10³⁰⁰.</exception>
    public static Axis Between(string title, double low, double high)
    {
        if (!HasPlace(low) || !HasPlace(high) || IsPoint(low, high))
        {
            throw new ArgumentException(
                Invariant($"Axis: got {low} to {high}, expected two numbers from -1E+300 to 1E+300, the smaller one first."), nameof(high));
        }
        return Linear(title, low, high, Step(low, high));
    }

    /// <summary>An axis over the ones among <paramref name="values"/> from −10³⁰⁰ to 10³⁰⁰, with round ends.</summary>
    public static Axis Around(string title, IEnumerable<double> values)
    {
        double[] placed = [.. values.Where(HasPlace)];
        double low = placed.DefaultIfEmpty(0).Min(), high = placed.DefaultIfEmpty(1).Max();
        if (IsPoint(low, high))
        {
            double room = Math.Max(Math.Abs(low), Math.Abs(high)) is > Smallest and double size ? size / 2 : 1;
            (low, high) = (low - room, high + room);
        }
        double step = Step(low, high);
        return Linear(title, Math.Floor(low / step + 1e-9) * step, Math.Ceiling(high / step - 1e-9) * step, step);
    }

    /// <summary>A logarithmic axis over the ones among <paramref name="values"/> from 10⁻³⁰⁰ to 10³⁰⁰, with round ends.</summary>
    public static Axis Logarithmic(string title, IEnumerable<double> values)
    {
        double[] placed = [.. values.Where(value => value is >= Smallest and <= Largest)];
        double low = Charts.Ticks.RoundDown(placed.DefaultIfEmpty(0.1).Min());
        double high = Charts.Ticks.RoundUp(placed.DefaultIfEmpty(1).Max());
        high = Math.Max(high, 10 * low);
        return new Axis(title, low, high, Charts.Ticks.Powers(low, high), Math.Log,
            value => value.ToString(value is < 1e-3 or > 1e4 ? "0e-0" : "0.###", CultureInfo.InvariantCulture));
    }

    /// <summary>An axis of names, the first one at the start: the i-th has the values from i to i + 1.</summary>
    /// <exception cref="ArgumentException">There is no name.</exception>
    public static Axis Names(string title, IReadOnlyList<string> names)
    {
        if (names.Count == 0)
        {
            throw new ArgumentException("Axis: got no names, expected at least one.", nameof(names));
        }
        double[] middles = [.. Enumerable.Range(0, names.Count).Select(i => i + 0.5)];
        return new Axis(title, 0, names.Count, middles, value => value, value => names[(int)value]) { HasNames = true };
    }

    /// <summary>Where <paramref name="value"/> lies: 0 at the start of the axis, 1 at its end, not finite where it has no place.</summary>
    public double Fraction(double value) => (_scale(value) - _scale(Low)) / (_scale(High) - _scale(Low));

    /// <summary>The label of a value.</summary>
    public string Label(double value) => _label(value);

    private static Axis Linear(string title, double low, double high, double step) => new(title, low, high,
        Charts.Ticks.Multiples(low, high, step), value => value, Labels(Math.Max(Math.Abs(low), Math.Abs(high)), step));

    /// <summary>A round step that divides the axis into three to six parts.</summary>
    private static double Step(double low, double high) => Charts.Ticks.RoundUp((high - low) / 6);

    private static bool HasPlace(double value) => Math.Abs(value) <= Largest;

    private static bool IsPoint(double low, double high) =>
        high - low <= Math.Max(Smallest, 1e-12 * Math.Max(Math.Abs(low), Math.Abs(high)));

    /// <summary>
    /// Labels with the digits that tell multiples of <paramref name="step"/> apart, in powers of ten where zeros would be many.
    /// </summary>
    private static Func<double, string> Labels(double largest, double step)
    {
        int magnitude = (int)Math.Floor(Math.Log10(largest * (1 + 1e-12))), last = (int)Math.Floor(Math.Log10(step * (1 + 1e-12)));
        string format = magnitude > 5 || last < -4
            ? $"0.{new string('#', Math.Max(0, magnitude - last))}e-0"
            : $"0.{new string('#', Math.Max(0, -last))}";
        return value => value == 0 ? "0" : value.ToString(format, CultureInfo.InvariantCulture);
    }
}
