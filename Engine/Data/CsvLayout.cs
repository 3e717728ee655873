using System.Globalization;

namespace Engine;

/// <summary>Which columns of a CSV file are inputs and which are answers.</summary>
internal sealed class CsvLayout
{
    private readonly string[] _names;
    private readonly string _file;

    /// <summary>The layout of a file whose first record has been read.</summary>
    /// <exception cref="ArgumentException">
    /// The options name a column that the file does not have, or one twice, or leave no inputs.
    /// </exception>
    public CsvLayout(CsvRecords first, CsvOptions options)
    {
        ArgumentNullException.ThrowIfNull(options.Targets);
        ArgumentNullException.ThrowIfNull(options.Ignored);
        _file = first.Name;
        FirstLine = first.Line;
        ColumnCount = first.FieldCount;
        _names = options.HasHeader ? [.. Enumerable.Range(0, ColumnCount).Select(column => first.Text(column).Trim())] : [];
        HashSet<int> used = [];
        Targets = [.. options.Targets.Select(column => Find(column, nameof(options.Targets), used))];
        Labels = options.Labels is { } labels ? Find(labels, nameof(options.Labels), used) : null;
        if (Labels is not null && Targets.Length > 0)
        {
            throw new ArgumentException($"Csv: {_file}: got Labels and Targets, expected one kind of answers.", nameof(options));
        }
        foreach (CsvColumn column in options.Ignored)
        {
            Find(column, nameof(options.Ignored), used);
        }
        Inputs = [.. Enumerable.Range(0, ColumnCount).Where(column => !used.Contains(column))];
        if (Inputs.Length == 0)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Csv: {_file}: got {ColumnCount} columns (separated by '{options.Separator}'), none of which is left for the inputs, ")
                    + "expected at least one.",
                nameof(options));
        }
    }

    /// <summary>The line of the first record.</summary>
    public int FirstLine { get; }

    /// <summary>The number of fields in each record.</summary>
    public int ColumnCount { get; }

    /// <summary>The columns of the inputs.</summary>
    public int[] Inputs { get; }

    /// <summary>The columns of the targets.</summary>
    public int[] Targets { get; }

    /// <summary>The column of the class names, if there is one.</summary>
    public int? Labels { get; }

    /// <summary>The names of the inputs, none without a header.</summary>
    public string[] InputNames => _names.Length == 0 ? [] : [.. Inputs.Select(column => _names[column])];

    /// <summary>A column in a message: its number from 1 on, and its name.</summary>
    public string Describe(int column) => (column + 1).ToString(CultureInfo.InvariantCulture)
        + (column < _names.Length ? $" ('{_names[column]}')" : "");

    private int Find(CsvColumn column, string role, HashSet<int> used)
    {
        int found = column.Name is null ? column.Index.GetOffset(ColumnCount) : Array.IndexOf(_names, column.Name);
        if (found < 0 || found >= ColumnCount)
        {
            string expected = column.Name is null ? string.Create(CultureInfo.InvariantCulture, $"an index in {ColumnCount} columns")
                : _names.Length == 0 ? "an index, since the file is read without a header"
                : $"one of '{string.Join("', '", _names)}'";
            throw new ArgumentException($"Csv: {_file}: got the column {column} in {role}, expected {expected}.", "options");
        }
        if (column.Name is not null && Array.LastIndexOf(_names, column.Name) != found)
        {
            throw new ArgumentException(
                $"Csv: {_file}: got the column {column} in {role}, of which there are several, expected an index.", "options");
        }
        return used.Add(found)
            ? found
            : throw new ArgumentException($"Csv: {_file}: got the column {column} in {role}, expected each column once.", "options");
    }
}
