using System.Numerics;

namespace Engine;

/// <summary>
/// A log that is a file, written by a thread of its own: <see cref="EventLog"/>, <see cref="CsvLog"/>, <see cref="JsonLinesLog"/>.
/// </summary>
/// <remarks>
/// A call encodes its entry in memory and returns; the thread writes what has come together. If writing fails, nothing more is written,
/// and every later call throws until the log is closed. If the disk is so slow that <see cref="RunLogOptions.Capacity"/> is not
/// enough, entries are dropped: <see cref="DroppedEntries"/> counts them, and closing the log says so. A warm call of
/// <see cref="Scalar"/> or <see cref="Histogram"/> allocates nothing. The thread does not keep the process alive: what was logged within
/// the last interval is lost if the log is not closed.
/// </remarks>
public abstract class FileLog : IRunLog
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly HistogramBuckets _buckets = new();
    private readonly BackgroundWriter _writer;
    private bool _hasHyperparameters, _isClosed;

    private protected FileLog(Stream stream, string path, RunLogOptions options)
    {
        FilePath = path;
        _clock = options.Clock;
        _writer = new BackgroundWriter(stream, path, options);
    }

    /// <summary>The file.</summary>
    public string FilePath { get; }

    /// <summary>How many entries were dropped because too many were waiting for the disk.</summary>
    public long DroppedEntries => _writer.Dropped;

    /// <inheritdoc/>
    public void Scalar(string tag, double value, long step)
    {
        CheckTag(nameof(Scalar), tag);
        lock (_lock)
        {
            _writer.ThrowIfUnusable();
            _writer.Append(EncodeScalar(_clock.GetUtcNow(), step, tag, value));
        }
    }

    /// <inheritdoc/>
    public void Histogram<T>(string tag, ReadOnlySpan<T> values, long step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckTag(nameof(Histogram), tag);
        if (values.IsEmpty)
        {
            throw new ArgumentException($"{GetType().Name}.Histogram: got no values for '{tag}', expected at least one.", nameof(values));
        }
        lock (_lock)
        {
            _writer.ThrowIfUnusable();
            _buckets.Fill(values);
            _writer.Append(EncodeHistogram(_clock.GetUtcNow(), step, tag, _buckets));
        }
    }

    /// <inheritdoc/>
    public void Image(string tag, LogImage image, long step)
    {
        CheckTag(nameof(Image), tag);
        ArgumentNullException.ThrowIfNull(image);
        lock (_lock)
        {
            _writer.ThrowIfUnusable();
            _writer.Append(EncodeImage(_clock.GetUtcNow(), step, tag, image));
        }
    }

    /// <inheritdoc/>
    public void Text(string tag, string text, long step)
    {
        CheckTag(nameof(Text), tag);
        ArgumentNullException.ThrowIfNull(text);
        lock (_lock)
        {
            _writer.ThrowIfUnusable();
            _writer.Append(EncodeText(_clock.GetUtcNow(), step, tag, text));
        }
    }

    /// <inheritdoc/>
    public void Hyperparameters(IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(metrics);
        foreach (string name in values.Keys.Concat(metrics))
        {
            CheckTag(nameof(Hyperparameters), name);
        }
        lock (_lock)
        {
            _writer.ThrowIfUnusable();
            if (_hasHyperparameters)
            {
                throw new InvalidOperationException(
                    $"{GetType().Name}.Hyperparameters: got them a second time, expected them once in a log.");
            }
            _hasHyperparameters = true;
            _writer.Append(EncodeHyperparameters(_clock.GetUtcNow(), values, metrics));
        }
    }

    /// <inheritdoc/>
    public void Flush() => _writer.Flush();

    /// <summary>Writes what is left and closes the file; a second time it does nothing.</summary>
    /// <exception cref="IOException">Something could not be written and no call has said so yet, or entries were dropped.</exception>
    public void Dispose()
    {
        lock (_lock)
        {
            if (!_isClosed)
            {
                _isClosed = true;
                _writer.Append(EncodeEnd(_clock.GetUtcNow(), _hasHyperparameters));
            }
        }
        _writer.Dispose();
    }

    /// <summary>Appends what derived classes encode.</summary>
    private protected void Append<TArgument>(TArgument argument, Encoder<TArgument> encode)
    {
        lock (_lock)
        {
            _writer.ThrowIfUnusable();
            _writer.Append(encode(_clock.GetUtcNow(), argument));
        }
    }

    /// <summary>Encodes an entry.</summary>
    private protected delegate ReadOnlySpan<byte> Encoder<TArgument>(DateTimeOffset time, TArgument argument);

    private protected abstract ReadOnlySpan<byte> EncodeScalar(DateTimeOffset time, long step, string tag, double value);

    private protected abstract ReadOnlySpan<byte> EncodeHistogram(DateTimeOffset time, long step, string tag, HistogramBuckets buckets);

    private protected abstract ReadOnlySpan<byte> EncodeImage(DateTimeOffset time, long step, string tag, LogImage image);

    private protected abstract ReadOnlySpan<byte> EncodeText(DateTimeOffset time, long step, string tag, string text);

    private protected abstract ReadOnlySpan<byte> EncodeHyperparameters(
        DateTimeOffset time, IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics);

    /// <summary>The last entry of a file; of no bytes where there is nothing to say.</summary>
    private protected abstract ReadOnlySpan<byte> EncodeEnd(DateTimeOffset time, bool hasHyperparameters);

    private void CheckTag(string method, string tag)
    {
        if (string.IsNullOrEmpty(tag))
        {
            throw new ArgumentException($"{GetType().Name}.{method}: got an empty name or tag, expected one.", nameof(tag));
        }
    }
}
