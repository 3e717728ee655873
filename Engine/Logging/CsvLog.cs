using System.Buffers;
using System.Text;

namespace Engine;

/// <summary>
/// A log for spreadsheets and scripts, as comma-separated values (RFC 4180) with the columns time, step, kind, tag and value: numbers with
/// as many digits as give them back; of a histogram the count, mean, standard deviation, minimum and maximum, each with a tag of its own;
/// of a picture only the size. A file that is there is continued; a last line without its end is cut off.
/// </summary>
public sealed class CsvLog : FileLog
{
    private const string Header = "time,step,kind,tag,value\n";

    private readonly ArrayBufferWriter<byte> _line = new(256);

    /// <summary>Creates or continues a file.</summary>
    /// <param name="path">The file; its directory is created if there is none.</param>
    /// <param name="options">How the file is written; null for the defaults.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public CsvLog(string path, RunLogOptions? options = null)
        : this(LineFile.Open(path, Encoding.UTF8.GetBytes(Header), isQuoted: true, out bool isNew), path, options ?? new(), isNew)
    {
    }

    /// <summary>Writes to a stream, for tests.</summary>
    internal CsvLog(Stream stream, string path, RunLogOptions options, bool isNew)
        : base(stream, path, options)
    {
        if (isNew)
        {
            Append(Header, static (_, header) => Encoding.UTF8.GetBytes(header));
        }
    }

    private protected override ReadOnlySpan<byte> EncodeScalar(DateTimeOffset time, long step, string tag, double value)
    {
        _line.ResetWrittenCount();
        AddNumber(time, step, tag, "", value);
        return _line.WrittenSpan;
    }

    private protected override ReadOnlySpan<byte> EncodeHistogram(DateTimeOffset time, long step, string tag, HistogramBuckets buckets)
    {
        bool isEmpty = buckets.Count == 0; // of numbers that are not finite alone
        _line.ResetWrittenCount();
        AddNumber(time, step, tag, "/count", buckets.Count);
        AddNumber(time, step, tag, "/mean", buckets.Sum / buckets.Count);
        AddNumber(time, step, tag, "/standard-deviation", buckets.StandardDeviation);
        AddNumber(time, step, tag, "/minimum", isEmpty ? double.NaN : buckets.Minimum);
        AddNumber(time, step, tag, "/maximum", isEmpty ? double.NaN : buckets.Maximum);
        return _line.WrittenSpan;
    }

    private protected override ReadOnlySpan<byte> EncodeImage(DateTimeOffset time, long step, string tag, LogImage image) =>
        Line(time, step, "image", tag, string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{image.Width}x{image.Height}x{image.Channels}"));

    private protected override ReadOnlySpan<byte> EncodeText(DateTimeOffset time, long step, string tag, string text) =>
        Line(time, step, "text", tag, text);

    private protected override ReadOnlySpan<byte> EncodeHyperparameters(
        DateTimeOffset time, IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics)
    {
        _line.ResetWrittenCount();
        foreach ((string name, HyperparameterValue value) in values)
        {
            AddLine(time, 0, "hyperparameter", name, value.ToString());
        }
        return _line.WrittenSpan;
    }

    private protected override ReadOnlySpan<byte> EncodeEnd(DateTimeOffset time, bool hasHyperparameters) => [];

    private ReadOnlySpan<byte> Line(DateTimeOffset time, long step, string kind, string tag, string value)
    {
        _line.ResetWrittenCount();
        AddLine(time, step, kind, tag, value);
        return _line.WrittenSpan;
    }

    private void AddLine(DateTimeOffset time, long step, string kind, string tag, string value)
    {
        AddStart(time, step, kind);
        AddField(tag, "");
        _line.Write(","u8);
        AddField(value, "");
        _line.Write("\n"u8);
    }

    private void AddNumber(DateTimeOffset time, long step, string tag, string suffix, double value)
    {
        AddStart(time, step, "scalar");
        AddField(tag, suffix);
        _line.Write(","u8);
        LineFile.Add(_line, value, default);
        _line.Write("\n"u8);
    }

    private void AddStart(DateTimeOffset time, long step, string kind)
    {
        LineFile.Add(_line, time.UtcDateTime, "O");
        _line.Write(","u8);
        LineFile.Add(_line, step, default);
        _line.Write(","u8);
        AddText(kind);
        _line.Write(","u8);
    }

    /// <summary>A text, in quotation marks where it needs them.</summary>
    private void AddField(string text, string suffix)
    {
        bool isQuoted = text.AsSpan().IndexOfAny(",\"\r\n") >= 0;
        if (isQuoted)
        {
            _line.Write("\""u8);
            text = text.Replace("\"", "\"\"", StringComparison.Ordinal);
        }
        AddText(text);
        AddText(suffix);
        if (isQuoted)
        {
            _line.Write("\""u8);
        }
    }

    private void AddText(string text) => Encoding.UTF8.GetBytes(text, _line);
}
