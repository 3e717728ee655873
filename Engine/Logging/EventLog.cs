using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// A log that TensorBoard reads, and that Weights &amp; Biases (<c>wandb sync DIRECTORY</c>) and Comet import: a file
/// <c>events.out.tfevents.…</c> of records with checksums. A directory is a run; the directory above is what TensorBoard is given.
/// </summary>
/// <remarks>
/// Numbers are written in single precision, beyond its range (3.4·10³⁸) as ±∞, as values that all importers read. A histogram has at most
/// 512 intervals, which is as many as Weights &amp; Biases takes. <see cref="EventFile"/> reads the files.
/// </remarks>
public sealed class EventLog : FileLog
{
    private static int s_files = -1;

    private readonly EventEncoder _encoder = new();

    /// <summary>Begins a run in a directory, which is created if there is none.</summary>
    /// <param name="directory">The directory of the run.</param>
    /// <param name="options">How the file is written; null for the defaults.</param>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public EventLog(string directory, RunLogOptions? options = null)
        : this(Create(directory, options ?? new()), options ?? new())
    {
    }

    /// <summary>Writes to a stream, for tests.</summary>
    internal EventLog(Stream stream, string path, RunLogOptions options, long? resumedAt = null)
        : base(stream, path, options)
    {
        Append(resumedAt ?? 0, (time, step) => _encoder.FileVersion(time, step));
        if (resumedAt is { } first)
        {
            Append(first, (time, step) => _encoder.SessionStart(time, step));
        }
    }

    private EventLog(FileStream file, RunLogOptions options, long? resumedAt = null)
        : this(file, file.Name, options, resumedAt)
    {
    }

    /// <summary>How the run ended, which the file says at its end; set it before the log is closed.</summary>
    public RunOutcome Outcome { get; set; }

    /// <summary>
    /// Resumes a run in a new file: readers then discard what the older files say of <paramref name="step"/> and later steps.
    /// </summary>
    /// <param name="directory">The directory of the run.</param>
    /// <param name="step">The first step that is made again: that of the checkpoint the run goes on from, at least 0.</param>
    /// <param name="options">How the file is written; null for the defaults.</param>
    /// <exception cref="ArgumentOutOfRangeException">The step is negative.</exception>
    /// <exception cref="IOException">The file cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">Access to the path is denied.</exception>
    public static EventLog Resume(string directory, long step, RunLogOptions? options = null)
    {
        if (step < 0)
        {
            throw new ArgumentOutOfRangeException(
                nameof(step), string.Create(CultureInfo.InvariantCulture, $"EventLog.Resume: got step {step}, expected at least 0."));
        }
        options ??= new();
        return new EventLog(Create(directory, options), options, step);
    }

    /// <summary>Logs the operations of a tape's current or last recording as a graph; once in a run.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <param name="tape">The tape.</param>
    /// <exception cref="ArgumentException">Nothing was recorded.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    /// <exception cref="IOException">What was logged before could not be written.</exception>
    public void Graph<T>(Tape<T> tape) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(tape);
        if (tape.Count == 0)
        {
            throw new ArgumentException("EventLog.Graph: got a tape without operations, expected a recording.", nameof(tape));
        }
        Append(GraphNode.Of(tape), (time, nodes) => _encoder.Graph(time, nodes));
    }

    private protected override ReadOnlySpan<byte> EncodeScalar(DateTimeOffset time, long step, string tag, double value) =>
        _encoder.Scalar(time, step, tag, value);

    private protected override ReadOnlySpan<byte> EncodeHistogram(
        DateTimeOffset time, long step, string tag, HistogramBuckets buckets) => _encoder.Histogram(time, step, tag, buckets);

    private protected override ReadOnlySpan<byte> EncodeImage(DateTimeOffset time, long step, string tag, LogImage image) =>
        _encoder.Image(time, step, tag, image);

    private protected override ReadOnlySpan<byte> EncodeText(DateTimeOffset time, long step, string tag, string text) =>
        _encoder.Text(time, step, tag, text);

    private protected override ReadOnlySpan<byte> EncodeHyperparameters(
        DateTimeOffset time, IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics) =>
        _encoder.Hyperparameters(time, values, metrics);

    private protected override ReadOnlySpan<byte> EncodeEnd(DateTimeOffset time, bool hasHyperparameters) =>
        hasHyperparameters || Outcome != RunOutcome.Unknown ? _encoder.End(time, Outcome) : [];

    /// <summary>
    /// Creates a file whose name comes after those of all other event files of the directory: readers take them in this order, and take a
    /// file for finished when a later one is there.
    /// </summary>
    private static FileStream Create(string directory, RunLogOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        Directory.CreateDirectory(directory);
        string? latest = Directory.EnumerateFiles(directory).Select(static file => Path.GetFileName(file)!)
            .Where(EventFile.IsEventFile).Max(StringComparer.Ordinal);
        int number = Interlocked.Increment(ref s_files);
        for (long seconds = options.Clock.GetUtcNow().ToUnixTimeSeconds(); ; seconds = Math.Max(seconds, SecondsOf(latest)) + 1)
        {
            string name = string.Create(
                CultureInfo.InvariantCulture,
                $"events.out.tfevents.{seconds:D10}.{Environment.MachineName}.{Environment.ProcessId}.{number}");
            if (latest is null || StringComparer.Ordinal.Compare(name, latest) > 0)
            {
                string path = Path.Combine(directory, name);
                return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete);
            }
            if (SecondsOf(latest) is < 0 or >= LastSecond)
            {
                throw new IOException(
                    $"EventLog: {directory}: got the event file '{latest}', expected names that sort before '{name}'.");
            }
        }
    }

    /// <summary>The largest time of ten digits: a later one would sort before it.</summary>
    private const long LastSecond = 9_999_999_999;

    /// <summary>The time in a file's name; -1 if there is none.</summary>
    private static long SecondsOf(string? name)
    {
        string digits = name?.Split('.').FirstOrDefault(static part => part.Length == 10 && part.All(char.IsAsciiDigit)) ?? "-1";
        return long.Parse(digits, CultureInfo.InvariantCulture);
    }
}
