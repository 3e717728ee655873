using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Engine;

/// <summary>
/// How often each class was predicted for each actual class, and what follows from that. Of equal logits the first counts; a row with NaN
/// predicts no class, and counts as wrong.
/// </summary>
public sealed class ConfusionMatrix : ClassificationMetric
{
    /// <summary>The matrix of as many classes takes 800 MB.</summary>
    private const int MaxClasses = 10_000;

    private readonly long[] _counts, _none;
    private readonly string[] _names;
    private long _count;

    /// <summary>Creates a matrix without rows, for classes that are named by their numbers.</summary>
    /// <param name="classes">The number of classes n, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes, or more than 10,000.</exception>
    public ConfusionMatrix(int classes)
        : this([.. Enumerable.Range(0, Checked(classes)).Select(static i => i.ToString(CultureInfo.InvariantCulture))])
    {
    }

    /// <summary>Creates a matrix without rows.</summary>
    /// <param name="names">The names of the classes, at least one.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are no classes, or more than 10,000.</exception>
    public ConfusionMatrix(IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        _names = [.. names];
        Checked(_names.Length, nameof(names));
        if (Array.IndexOf(_names, null) >= 0)
        {
            throw new ArgumentException("ConfusionMatrix: got a class name that is null, expected a text.", nameof(names));
        }
        _counts = new long[_names.Length * _names.Length];
        _none = new long[_names.Length];
    }

    /// <summary>The name of the value, which is the mean of all classes' F₁.</summary>
    public override string Name => "macro F1";

    /// <inheritdoc/>
    public override long Count => _count;

    /// <summary>The names of the classes.</summary>
    public IReadOnlyList<string> ClassNames => _names;

    /// <summary>The number of rows of the class <paramref name="actual"/> for which <paramref name="predicted"/> was predicted.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One of the two is not 0 … n − 1.</exception>
    public long this[int actual, int predicted] =>
        _counts[CheckedClass(actual, nameof(actual)) * _names.Length + CheckedClass(predicted, nameof(predicted))];

    /// <summary>The fraction of rows that were predicted right; NaN without rows.</summary>
    public double Accuracy => (double)Enumerable.Range(0, _names.Length).Sum(i => this[i, i]) / _count;

    /// <summary>The unweighted mean of F₁ over the classes that occur, actual or predicted; NaN without rows.</summary>
    public override double Value => MacroF1;

    /// <summary>The unweighted mean of F₁ over the classes that occur, actual or predicted; NaN without rows.</summary>
    public double MacroF1
    {
        get
        {
            int[] occurring = [.. Enumerable.Range(0, _names.Length).Where(i => Actual(i) + Predicted(i) > 0)];
            return _count == 0 ? double.NaN : occurring.Length == 0 ? 0 : occurring.Average(F1);
        }
    }

    /// <summary>The mean of F₁ over the classes, weighted by how often each occurs; NaN without rows.</summary>
    public double WeightedF1 =>
        _count == 0 ? double.NaN : Enumerable.Range(0, _names.Length).Where(i => Actual(i) > 0).Sum(i => F1(i) * Actual(i)) / _count;

    /// <summary>Of the rows for which the class was predicted, the fraction that is of it; 0 if it never was.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class is not 0 … n − 1.</exception>
    public double Precision(int @class) => Ratio(this[@class, @class], Predicted(@class));

    /// <summary>Of the rows of the class, the fraction for which it was predicted; 0 if there are none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class is not 0 … n − 1.</exception>
    public double Recall(int @class) => Ratio(this[@class, @class], Actual(@class));

    /// <summary>The harmonic mean of precision and recall, 2·right/(actual + predicted); 0 if the class does not occur.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The class is not 0 … n − 1.</exception>
    public double F1(int @class) => Ratio(2 * this[@class, @class], Actual(@class) + Predicted(@class));

    /// <inheritdoc/>
    public override void Reset()
    {
        Array.Clear(_counts);
        Array.Clear(_none);
        _count = 0;
    }

    /// <summary>A table with a row for each actual class and a column for each predicted one, then precision, recall and F₁.</summary>
    public override string ToString()
    {
        int digits = _counts.Max().ToString(CultureInfo.InvariantCulture).Length;
        int width = Math.Max("actual".Length, Math.Max(digits, _names.Max(static name => name.Length)));
        StringBuilder text = new("actual".PadRight(width));
        foreach (string name in _names)
        {
            text.Append("  ").Append(name.PadLeft(width));
        }
        text.Append("  recall");
        for (int actual = 0; actual < _names.Length; actual++)
        {
            text.Append('\n').Append(_names[actual].PadRight(width));
            for (int predicted = 0; predicted < _names.Length; predicted++)
            {
                text.Append("  ").Append(this[actual, predicted].ToString(CultureInfo.InvariantCulture).PadLeft(width));
            }
            text.Append(CultureInfo.InvariantCulture, $"  {Recall(actual),6:F3}");
        }
        AppendRow("precision", Precision);
        AppendRow("F1", F1);
        return text.ToString();

        void AppendRow(string title, Func<int, double> measure)
        {
            text.Append('\n').Append(title.PadRight(width));
            for (int i = 0; i < _names.Length; i++)
            {
                int taken = i == 0 ? Math.Max(0, title.Length - width) : 0;
                text.Append("  ").Append(measure(i).ToString("F3", CultureInfo.InvariantCulture).PadLeft(width - taken));
            }
        }
    }

    private protected override void AddChecked<T>(in Tensor<T> logits, ReadOnlySpan<int> classes)
    {
        int n = logits.Shape[1];
        if (n != _names.Length)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture, $"{Name}: got logits of shape {logits.Shape}, expected [rows, {_names.Length}]."),
                nameof(logits));
        }
        ReadOnlySpan<T> values = logits.Span;
        for (int row = 0; row < classes.Length; row++)
        {
            int predicted = Predictions.Predicted(values.Slice(row * n, n));
            if (predicted < 0)
            {
                _none[classes[row]]++;
            }
            else
            {
                _counts[classes[row] * n + predicted]++;
            }
        }
        _count += classes.Length;
    }

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : (double)part / whole;

    private long Actual(int @class) => _none[@class] + Enumerable.Range(0, _names.Length).Sum(predicted => this[@class, predicted]);

    private long Predicted(int @class) => Enumerable.Range(0, _names.Length).Sum(actual => this[actual, @class]);

    private static int Checked(int classes, [CallerArgumentExpression(nameof(classes))] string name = "") =>
        classes is >= 1 and <= MaxClasses ? classes : throw new ArgumentOutOfRangeException(
            name,
            string.Create(CultureInfo.InvariantCulture, $"ConfusionMatrix: got {classes} classes, expected 1 to {MaxClasses}."));

    private int CheckedClass(int @class, string name) => (uint)@class < (uint)_names.Length
        ? @class
        : throw new ArgumentOutOfRangeException(
            name, string.Create(CultureInfo.InvariantCulture, $"ConfusionMatrix: got class {@class}, expected 0 to {_names.Length - 1}."));
}
