using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Engine;

/// <summary>
/// The trials of a study, one JSON object in each line. A line is written whole; one without an end, from a process that was killed, is
/// dropped.
/// </summary>
internal sealed class StudyFile : IDisposable
{
    private readonly Dictionary<(string Candidate, int Seed), (TrialResult Result, string Key)> _trials = [];
    private readonly FileStream _stream;
    private readonly Lock _lock = new();

    /// <summary>How each line begins.</summary>
    private static ReadOnlySpan<byte> LineStart => "{\"candidate\":"u8;

    /// <summary>Opens or creates a file, and reads what it holds.</summary>
    /// <exception cref="InvalidDataException">A line is not a trial.</exception>
    public StudyFile(string path)
    {
        _stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        try
        {
            Read(path);
        }
        catch
        {
            _stream.Dispose();
            throw;
        }
    }

    /// <summary>The last that the file has of a trial, or null.</summary>
    /// <exception cref="InvalidDataException">It ran with another key.</exception>
    public TrialResult? Find(string candidate, Trial trial)
    {
        if (!_trials.TryGetValue((candidate, trial.Seed), out (TrialResult Result, string Key) found))
        {
            return null;
        }
        return found.Key == trial.Key.ToString()
            ? found.Result
            : throw new InvalidDataException(
                $"{_stream.Name}: got the trial of '{candidate}' under the key {found.Key}, expected {trial.Key}: the file belongs to a "
                    + "study with another key.");
    }

    /// <summary>Adds a trial, and hands it to the operating system.</summary>
    public void Add(TrialResult trial, RandomKey key)
    {
        byte[] line = Encode(trial, key);
        lock (_lock)
        {
            _stream.Write(line);
            _stream.Flush();
        }
    }

    public void Dispose() => _stream.Dispose();

    private void Read(string path)
    {
        byte[] bytes = new byte[_stream.Length];
        _stream.ReadExactly(bytes);
        int start = 0;
        for (int number = 1; start < bytes.Length; number++)
        {
            int length = bytes.AsSpan(start).IndexOf((byte)'\n');
            if (length < 0)
            {
                // what a killed process leaves begins as a line does; anything else is somebody's file
                if (!bytes.AsSpan(start).StartsWith(LineStart) && !LineStart.StartsWith(bytes.AsSpan(start)))
                {
                    throw NotATrial(bytes.AsMemory(start), path, number, null);
                }
                break;
            }
            (TrialResult trial, string key) = Decode(bytes.AsMemory(start, length), path, number);
            _trials[(trial.Candidate, trial.Seed)] = (trial, key);
            start += length + 1;
        }
        _stream.SetLength(start);
        _stream.Position = start;
    }

    private static byte[] Encode(TrialResult trial, RandomKey key)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream))
        {
            json.WriteStartObject();
            json.WriteString("candidate", trial.Candidate);
            json.WriteNumber("seed", trial.Seed);
            json.WriteString("key", key.ToString());
            json.WriteString("outcome", trial.Outcome.ToString());
            WriteNumbers("values", trial.Values);
            WriteNumbers("seconds", trial.Seconds);
            if (trial.Error is not null)
            {
                json.WriteString("error", trial.Error);
            }
            json.WriteEndObject();

            void WriteNumbers(string name, IReadOnlyList<double> numbers)
            {
                json.WriteStartArray(name);
                foreach (double number in numbers)
                {
                    if (double.IsFinite(number))
                    {
                        json.WriteNumberValue(number);
                    }
                    else
                    {
                        json.WriteStringValue(number.ToString(CultureInfo.InvariantCulture)); // JSON has no word for it
                    }
                }
                json.WriteEndArray();
            }
        }
        stream.WriteByte((byte)'\n');
        return stream.ToArray();
    }

    private static (TrialResult Trial, string Key) Decode(ReadOnlyMemory<byte> line, string path, int number)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            double[] values = Numbers(root.GetProperty("values")), seconds = Numbers(root.GetProperty("seconds"));
            if (values.Length != seconds.Length)
            {
                throw new FormatException($"{values.Length} values and {seconds.Length} times");
            }
            string outcome = root.GetProperty("outcome").GetString() ?? "";
            TrialResult trial = new(
                root.GetProperty("candidate").GetString() ?? throw new FormatException("no candidate"),
                root.GetProperty("seed").GetInt32(),
                Enum.GetValues<TrialOutcome>().First(known => known.ToString() == outcome),
                values,
                seconds,
                root.TryGetProperty("error", out JsonElement error) ? error.GetString() : null);
            return (trial, root.GetProperty("key").GetString() ?? throw new FormatException("no key"));
        }
        catch (Exception cause) when (cause is JsonException or FormatException or KeyNotFoundException or InvalidOperationException
            or ArgumentException)
        {
            throw NotATrial(line, path, number, cause);
        }
    }

    private static InvalidDataException NotATrial(ReadOnlyMemory<byte> line, string path, int number, Exception? cause)
    {
        string start = Encoding.UTF8.GetString(line.Span[..Math.Min(line.Length, 60)]);
        return new InvalidDataException(
            string.Create(CultureInfo.InvariantCulture, $"{path}, line {number}: got '{start}', expected a trial of a study."), cause);
    }

    private static double[] Numbers(JsonElement array) => [.. array.EnumerateArray().Select(static element =>
        element.ValueKind == JsonValueKind.String
            ? double.Parse(element.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)
            : element.GetDouble())];
}
