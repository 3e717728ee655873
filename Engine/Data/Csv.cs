using System.Numerics;

namespace Engine;

/// <summary>
/// Reads data sets from CSV files: text in UTF-8, a row for each example, quotes as in RFC 4180, numbers with a decimal point whatever
/// the culture; plain or compressed with gzip, which the content tells. Whatever is wrong with a file is an
/// <see cref="InvalidDataException"/> that names file, line and column, where lines and columns count from 1.
/// </summary>
public static class Csv
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Which columns are what, or null for a header and inputs alone.</param>
    /// <returns>Inputs of [rows, columns] with the names in the header, and labels or targets of [rows, columns].</returns>
    /// <exception cref="ArgumentException">
    /// The options name a column that the file does not have, or one twice, or leave no inputs.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// The file has no rows, or one with more or fewer fields than the first; a field is not a finite number, or not one of the classes; a
    /// value is missing, unless such rows are skipped; quotes are wrong; the text is not UTF-8; or the compressed data are damaged.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static Dataset<T> Read<T>(string path, CsvOptions? options = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using DataStream stream = DataStream.Open(nameof(Csv), path);
        return Read<T>(stream, options);
    }

    /// <summary>Reads a stream, such as a resource of an assembly, from where it is to its end; it stays open.</summary>
    /// <param name="stream">The bytes of a file.</param>
    /// <param name="options">Which columns are what, or null for a header and inputs alone.</param>
    /// <param name="name">What the stream is called in messages.</param>
    /// <returns>Inputs of [rows, columns] with the names in the header, and labels or targets of [rows, columns].</returns>
    /// <exception cref="ArgumentException">
    /// The options name a column that the file does not have, or one twice, or leave no inputs.
    /// </exception>
    /// <exception cref="InvalidDataException">The content is not as described; see <see cref="Read{T}(string, CsvOptions)"/>.</exception>
    public static Dataset<T> Read<T>(Stream stream, CsvOptions? options = null, string name = "stream")
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        using DataStream data = DataStream.Over(nameof(Csv), stream, name);
        return Read<T>(data, options);
    }

    private static Dataset<T> Read<T>(DataStream stream, CsvOptions? options) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        options ??= new CsvOptions();
        CsvRecords records = new(stream, options.Separator);
        if (!records.Read())
        {
            throw new InvalidDataException(
                $"Csv: {stream.Name}: got a file without rows, expected {(options.HasHeader ? "a header and " : "")}at least one row.");
        }
        CsvLayout layout = new(records, options);
        CsvExamples<T> examples = new(records, layout, options);
        for (bool hasRow = !options.HasHeader || records.Read(); hasRow; hasRow = records.Read())
        {
            examples.AddRow();
        }
        return examples.ToDataset();
    }
}
