using System.Globalization;

namespace Engine;

/// <summary>
/// How a CSV file is read. All columns that are neither ignored nor answers are inputs. Without <see cref="Labels"/> and
/// <see cref="Targets"/> the data set has neither labels nor targets.
/// </summary>
public sealed record CsvOptions
{
    /// <summary>Whether the first row has the names of the columns.</summary>
    public bool HasHeader { get; init; } = true;

    /// <summary>What is between two fields: an ASCII character that is not part of a number, a letter or a quote.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is another character.</exception>
    public char Separator
    {
        get;
        init => field = char.IsAscii(value) && !char.IsAsciiLetterOrDigit(value)
            && value is not ('"' or '\r' or '\n' or '.' or '+' or '-')
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value),
                $"CsvOptions.Separator: got '{value}' (U+{(int)value:X4}), expected an ASCII character that is not part of a "
                    + "number, a letter, a quote or a line end.");
    } = ',';

    /// <summary>The column with the names of the classes, if the examples have labels; spaces around a name do not count.</summary>
    public CsvColumn? Labels { get; init; }

    /// <summary>
    /// The names of the classes: that of label 0 first. If null, each new name in the file is the next class. Otherwise another name is an
    /// error.
    /// </summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The columns to predict, in the order in which they are the columns of the targets.</summary>
    public IReadOnlyList<CsvColumn> Targets { get; init; } = [];

    /// <summary>Columns that are not read, such as the number of a row.</summary>
    public IReadOnlyList<CsvColumn> Ignored { get; init; } = [];

    /// <summary>What becomes of a row in which a value is missing.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The enumeration has no such member.</exception>
    public MissingValues Missing
    {
        get;
        init => field = value is MissingValues.Throw or MissingValues.SkipRow
            ? value
            : throw new ArgumentOutOfRangeException(
                nameof(value),
                string.Create(
                    CultureInfo.InvariantCulture, $"CsvOptions.Missing: got {(int)value}, expected Throw or SkipRow."));
    }

    /// <summary>What stands for a missing value, such as <c>?</c>, beside an empty field and a number that is NaN.</summary>
    public string MissingText { get; init; } = "";
}
