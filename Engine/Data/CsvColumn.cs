using System.Globalization;

namespace Engine;

/// <summary>
/// A column of a CSV file, by its name in the header or by its index: <c>"species"</c>, <c>0</c>, or <c>^1</c> for the last.
/// </summary>
public readonly record struct CsvColumn
{
    /// <summary>A column by its name, exactly as in the header.</summary>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public CsvColumn(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
    }

    /// <summary>A column by its index, from 0 on, or counted from the end.</summary>
    public CsvColumn(Index index) => Index = index;

    /// <summary>The name, or null for a column by its index.</summary>
    public string? Name { get; }

    /// <summary>The index, if there is no name.</summary>
    public Index Index { get; }

    /// <summary>A column by its name.</summary>
    public static implicit operator CsvColumn(string name) => new(name);

    /// <summary>A column by its index from 0 on.</summary>
    public static implicit operator CsvColumn(int index) => new(new Index(index));

    /// <summary>A column by its index, such as <c>^1</c>.</summary>
    public static implicit operator CsvColumn(Index index) => new(index);

    /// <summary>The name in quotes, or the index.</summary>
    public override string ToString() => Name is not null ? $"'{Name}'"
        : (Index.IsFromEnd ? "^" : "") + Index.Value.ToString(CultureInfo.InvariantCulture);
}
