using System.Globalization;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Unicode;

namespace Engine;

/// <summary>Collects the rows of a CSV file as examples.</summary>
internal sealed class CsvExamples<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The longest name of a class, and the longest text that a message shows.</summary>
    private const int LongestName = 1024, LongestShown = 40;

    private readonly CsvRecords _records;
    private readonly CsvLayout _layout;
    private readonly CsvOptions _options;
    private readonly byte[] _missing;
    private readonly T[] _rowInputs, _rowTargets;
    private readonly List<T> _inputs = [], _targets = [];
    private readonly List<int> _labels = [];
    private readonly List<string> _classNames = [];
    private readonly Dictionary<string, int> _classes = new(StringComparer.Ordinal);
    private int _rows;

    public CsvExamples(CsvRecords records, CsvLayout layout, CsvOptions options)
    {
        _records = records;
        _layout = layout;
        _options = options;
        ArgumentNullException.ThrowIfNull(options.MissingText, nameof(options.MissingText));
        _missing = Encoding.UTF8.GetBytes(options.MissingText.Trim()); // as fields are
        _rowInputs = new T[layout.Inputs.Length];
        _rowTargets = new T[layout.Targets.Length];
        foreach (string name in options.ClassNames ?? [])
        {
            ArgumentNullException.ThrowIfNull(name, nameof(options.ClassNames));
            if (!_classes.TryAdd(name.Trim(), _classes.Count))
            {
                throw new ArgumentException($"Csv: got the class name '{name}' twice, expected each once.", nameof(options));
            }
            _classNames.Add(name.Trim());
        }
    }

    /// <summary>Adds the record that was read last, unless a value is missing and such rows are skipped.</summary>
    /// <exception cref="InvalidDataException">The row is not as the first one and the options want it.</exception>
    public void AddRow()
    {
        _rows++;
        if (_records.FieldCount != _layout.ColumnCount)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Csv: {_records.Name}, line {_records.Line}: got {_records.FieldCount} fields, expected {_layout.ColumnCount} as in ")
                    + string.Create(CultureInfo.InvariantCulture, $"line {_layout.FirstLine}."));
        }
        bool isComplete = Numbers(_layout.Inputs, _rowInputs) & Numbers(_layout.Targets, _rowTargets);
        if (_layout.Labels is { } column)
        {
            isComplete = !IsMissing(column) && isComplete;
            if (isComplete)
            {
                _labels.Add(Label(column));
            }
        }
        if (isComplete)
        {
            _inputs.AddRange(_rowInputs);
            _targets.AddRange(_rowTargets);
        }
        if (_inputs.Count > Shape.MaxLength - _layout.ColumnCount)
        {
            string most = string.Create(CultureInfo.InvariantCulture, $"at most {Shape.MaxLength}");
            throw Wrong(0, "more numbers than a tensor can hold", most);
        }
    }

    /// <summary>The data set of the rows.</summary>
    /// <exception cref="InvalidDataException">There are no rows.</exception>
    public Dataset<T> ToDataset()
    {
        int count = _inputs.Count / _layout.Inputs.Length;
        if (count == 0)
        {
            throw new InvalidDataException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Csv: {_records.Name}: got {_rows} rows {(_options.HasHeader ? "after the header" : "")}, ")
                    + (_rows > 0 ? "all with missing values, expected at least one without." : "expected at least one."));
        }
        return Answered(Matrix(_inputs, count), count);
    }

    private Dataset<T> Answered(in Tensor<T> inputs, int count)
    {
        IReadOnlyList<string> names = _layout.InputNames;
        if (_layout.Labels is not null)
        {
            return new(inputs, CollectionsMarshal.AsSpan(_labels), _classNames) { FeatureNames = names };
        }
        return _layout.Targets.Length > 0
            ? new(inputs, Matrix(_targets, count)) { FeatureNames = names }
            : new(inputs) { FeatureNames = names };
    }

    private static Tensor<T> Matrix(List<T> values, int rows) =>
        Tensor<T>.From(CollectionsMarshal.AsSpan(values), [rows, values.Count / rows]);

    /// <summary>Reads some columns; false if a value is missing in one.</summary>
    private bool Numbers(int[] columns, T[] values)
    {
        bool isComplete = true;
        for (int i = 0; i < columns.Length; i++)
        {
            isComplete &= !IsMissing(columns[i]) && Number(columns[i], out values[i]);
        }
        return isComplete;
    }

    /// <summary>Reads a finite number; false if it is NaN, and rows with missing values are skipped.</summary>
    private bool Number(int column, out T value)
    {
        if (!T.TryParse(_records[column], NumberStyles.Float, CultureInfo.InvariantCulture, out value))
        {
            throw Wrong(column, Shown(column), "a number");
        }
        if (T.IsNaN(value) && _options.Missing == MissingValues.SkipRow)
        {
            return false;
        }
        return T.IsFinite(value) ? true : throw Wrong(column, Shown(column), $"a number that is finite as {ElementType.NameOf<T>()}");
    }

    private bool IsMissing(int column)
    {
        ReadOnlySpan<byte> field = _records[column].Trim(" \t\r"u8);
        bool isMissing = field.IsEmpty || field.SequenceEqual(_missing);
        return isMissing && _options.Missing == MissingValues.Throw
            ? throw Wrong(column, field.IsEmpty ? "a missing value" : $"{Shown(column)}, which stands for a missing value", "a value")
            : isMissing;
    }

    private int Label(int column)
    {
        ReadOnlySpan<byte> field = _records[column].Trim(" \t\r"u8);
        Span<char> text = stackalloc char[LongestName];
        if (field.Length > LongestName)
        {
            throw Wrong(column, Shown(column), string.Create(CultureInfo.InvariantCulture, $"a name of at most {LongestName} bytes"));
        }
        if (!Utf8.IsValid(field))
        {
            throw Wrong(column, "bytes that are not UTF-8", "text in UTF-8");
        }
        ReadOnlySpan<char> name = text[..Encoding.UTF8.GetChars(field, text)];
        if (_classes.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(name, out int label))
        {
            return label;
        }
        if (_options.ClassNames is not null)
        {
            throw Wrong(column, $"the class {Shown(column)}", $"one of '{string.Join("', '", _classNames)}'");
        }
        _classNames.Add(name.ToString());
        _classes.Add(_classNames[^1], _classes.Count);
        return _classes.Count - 1;
    }

    private string Shown(int column)
    {
        string text = _records.Text(column);
        return text.Length <= LongestShown ? $"'{text}'" : $"'{text[..LongestShown]}…'";
    }

    private InvalidDataException Wrong(int column, string got, string expected) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"Csv: {_records.Name}, line {_records.LineOf(column)}, column {_layout.Describe(column)}: got {got}, expected {expected}."));
}
