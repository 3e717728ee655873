using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Engine.Formats;

namespace Engine;

/// <summary>
/// A log with a JSON object in each line (jsonlines.org): <c>time</c>, <c>step</c>, <c>tag</c>, and <c>value</c>, <c>histogram</c>,
/// <c>text</c> or <c>image</c> (a PNG in base64); or <c>hyperparameters</c> and <c>metrics</c>. A number that is not finite is one of the
/// texts NaN, Infinity, -Infinity. A file that is there is continued; a last line without its end is cut off.
/// </summary>
public sealed class JsonLinesLog : FileLog
{
    private readonly ArrayBufferWriter<byte> _line = new(256);
    private readonly Utf8JsonWriter _json;

    /// <summary>Creates or continues a file.</summary>
    /// <param name="path">The file; its directory is created if there is none.</param>
    /// <param name="options">How the file is written; null for the defaults.</param>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public JsonLinesLog(string path, RunLogOptions? options = null)
        : this(LineFile.Open(path, "{"u8, isQuoted: false, out _), path, options ?? new())
    {
    }

    /// <summary>Writes to a stream, for tests.</summary>
    internal JsonLinesLog(Stream stream, string path, RunLogOptions options)
        : base(stream, path, options) =>
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    private protected override ReadOnlySpan<byte> EncodeScalar(DateTimeOffset time, long step, string tag, double value)
    {
        Begin(time, step, tag);
        Number("value"u8, value);
        return End();
    }

    private protected override ReadOnlySpan<byte> EncodeHistogram(DateTimeOffset time, long step, string tag, HistogramBuckets buckets)
    {
        Begin(time, step, tag);
        _json.WriteStartObject("histogram"u8);
        Number("minimum"u8, buckets.Minimum);
        Number("maximum"u8, buckets.Maximum);
        _json.WriteNumber("count"u8, buckets.Count);
        Number("sum"u8, buckets.Sum);
        Number("sumOfSquares"u8, buckets.SumOfSquares);
        Numbers("limits"u8, buckets.Limits);
        Numbers("counts"u8, buckets.Counts);
        _json.WriteEndObject();
        return End();
    }

    private protected override ReadOnlySpan<byte> EncodeImage(DateTimeOffset time, long step, string tag, LogImage image)
    {
        Begin(time, step, tag);
        _json.WriteNumber("width"u8, image.Width);
        _json.WriteNumber("height"u8, image.Height);
        _json.WriteBase64String("image"u8, Png.Encode(image.Width, image.Height, image.Channels, image.Pixels));
        return End();
    }

    private protected override ReadOnlySpan<byte> EncodeText(DateTimeOffset time, long step, string tag, string text)
    {
        Begin(time, step, tag);
        _json.WriteString("text"u8, text);
        return End();
    }

    private protected override ReadOnlySpan<byte> EncodeHyperparameters(
        DateTimeOffset time, IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics)
    {
        BeginObject(time);
        _json.WriteStartObject("hyperparameters"u8);
        foreach ((string name, HyperparameterValue value) in values)
        {
            switch (value.Kind)
            {
                case HyperparameterKind.Text:
                    _json.WriteString(name, value.Text);
                    break;
                case HyperparameterKind.Boolean:
                    _json.WriteBoolean(name, value.Boolean);
                    break;
                case HyperparameterKind.Number when double.IsFinite(value.Number):
                    _json.WriteNumber(name, value.Number);
                    break;
                default:
                    _json.WriteString(name, value.ToString());
                    break;
            }
        }
        _json.WriteEndObject();
        _json.WriteStartArray("metrics"u8);
        foreach (string metric in metrics)
        {
            _json.WriteStringValue(metric);
        }
        _json.WriteEndArray();
        return End();
    }

    private protected override ReadOnlySpan<byte> EncodeEnd(DateTimeOffset time, bool hasHyperparameters) => [];

    private void Begin(DateTimeOffset time, long step, string tag)
    {
        BeginObject(time);
        _json.WriteNumber("step"u8, step);
        _json.WriteString("tag"u8, tag);
    }

    private void BeginObject(DateTimeOffset time)
    {
        _line.ResetWrittenCount();
        _json.Reset(_line);
        _json.WriteStartObject();
        _json.WriteString("time"u8, time.UtcDateTime);
    }

    private ReadOnlySpan<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _line.Write("\n"u8);
        return _line.WrittenSpan;
    }

    private void Number(ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
        {
            _json.WriteNumber(name, value);
        }
        else
        {
            _json.WriteString(name, NameOf(value));
        }
    }

    private void Numbers(ReadOnlySpan<byte> name, ReadOnlySpan<double> values)
    {
        _json.WriteStartArray(name);
        foreach (double value in values)
        {
            _json.WriteNumberValue(value);
        }
        _json.WriteEndArray();
    }

    private static ReadOnlySpan<byte> NameOf(double value) =>
        double.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8;
}
