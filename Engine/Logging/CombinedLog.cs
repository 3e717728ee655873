using System.Numerics;
using System.Runtime.ExceptionServices;

namespace Engine;

/// <summary>
/// Several logs as one. If one throws, the others still receive the call; then the exception is thrown, or all of them in an
/// <see cref="AggregateException"/>.
/// </summary>
public sealed class CombinedLog : IRunLog
{
    private readonly IRunLog[] _logs;

    /// <summary>Combines logs, and closes them when it is closed.</summary>
    /// <param name="logs">The logs; there may be none.</param>
    public CombinedLog(params IEnumerable<IRunLog> logs)
    {
        ArgumentNullException.ThrowIfNull(logs);
        _logs = [.. logs];
        foreach (IRunLog log in _logs)
        {
            ArgumentNullException.ThrowIfNull(log, nameof(logs));
        }
    }

    /// <inheritdoc/>
    public void Scalar(string tag, double value, long step) =>
        ForEach((tag, value, step), static (log, entry) => log.Scalar(entry.tag, entry.value, entry.step));

    /// <inheritdoc/>
    public void Histogram<T>(string tag, ReadOnlySpan<T> values, long step) where T : unmanaged, IFloatingPointIeee754<T>
    {
        List<Exception>? failures = null;
        foreach (IRunLog log in _logs)
        {
            try
            {
                log.Histogram(tag, values, step);
            }
            catch (Exception e)
            {
                (failures ??= []).Add(e);
            }
        }
        Throw(failures);
    }

    /// <inheritdoc/>
    public void Image(string tag, LogImage image, long step) =>
        ForEach((tag, image, step), static (log, entry) => log.Image(entry.tag, entry.image, entry.step));

    /// <inheritdoc/>
    public void Text(string tag, string text, long step) =>
        ForEach((tag, text, step), static (log, entry) => log.Text(entry.tag, entry.text, entry.step));

    /// <inheritdoc/>
    public void Hyperparameters(IReadOnlyDictionary<string, HyperparameterValue> values, IReadOnlyList<string> metrics) =>
        ForEach((values, metrics), static (log, entry) => log.Hyperparameters(entry.values, entry.metrics));

    /// <inheritdoc/>
    public void Flush() => ForEach(0, static (log, _) => log.Flush());

    /// <summary>Closes all logs.</summary>
    /// <exception cref="IOException">One of them could not be written.</exception>
    public void Dispose() => ForEach(0, static (log, _) => log.Dispose());

    private void ForEach<TEntry>(TEntry entry, Action<IRunLog, TEntry> action)
    {
        List<Exception>? failures = null;
        foreach (IRunLog log in _logs)
        {
            try
            {
                action(log, entry);
            }
            catch (Exception e)
            {
                (failures ??= []).Add(e);
            }
        }
        Throw(failures);
    }

    private static void Throw(List<Exception>? failures)
    {
        if (failures is null)
        {
            return;
        }
        if (failures.Count == 1)
        {
            ExceptionDispatchInfo.Throw(failures[0]);
        }
        throw new AggregateException(failures);
    }
}
