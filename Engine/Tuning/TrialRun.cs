using System.Diagnostics;

namespace Engine;

/// <summary>A trial, which can be continued.</summary>
internal sealed class TrialRun : IDisposable
{
    private readonly Candidate _candidate;
    private readonly Trial _trial;
    private readonly List<double> _values = [], _seconds = [];
    private IEnumerator<double>? _epochs;
    private TrialOutcome? _broken;
    private string? _error;
    private InvalidDataException? _mismatch;
    private int _recorded;

    /// <summary>Begins a trial, or takes over what a file has of it.</summary>
    public TrialRun(Candidate candidate, Trial trial, TrialResult? recorded)
    {
        (_candidate, _trial) = (candidate, trial);
        if (recorded is not null)
        {
            _values.AddRange(recorded.Values);
            _seconds.AddRange(recorded.Seconds);
            _broken = recorded.Outcome is TrialOutcome.Diverged or TrialOutcome.Failed ? recorded.Outcome : null;
            _error = recorded.Error;
            _recorded = _values.Count;
        }
    }

    /// <summary>What it runs with.</summary>
    public Trial Trial => _trial;

    /// <summary>Whether it has fewer epochs than this, and can make more.</summary>
    public bool IsBefore(int epochs) => _broken is null && _values.Count < epochs;

    /// <summary>Trains until it has this many epochs, unless it breaks or is cancelled.</summary>
    public void Advance(int epochs, CancellationToken cancellation)
    {
        try
        {
            _epochs ??= Start(cancellation);
            while (IsBefore(epochs) && !cancellation.IsCancellationRequested)
            {
                long start = Stopwatch.GetTimestamp();
                double value = Next();
                _seconds.Add((_seconds.Count == 0 ? 0 : _seconds[^1]) + Stopwatch.GetElapsedTime(start).TotalSeconds);
                _values.Add(value);
                _broken = double.IsFinite(value) ? null : TrialOutcome.Diverged;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // the candidate has looked at the token of the study itself
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !ReferenceEquals(exception, _mismatch))
        {
            // a trial that throws is a row of the result, with the reason
            (_broken, _error) = (TrialOutcome.Failed, $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    /// <summary>What it came to so far.</summary>
    /// <param name="epochs">The epochs of a whole trial.</param>
    /// <param name="cancelled">Whether the study was.</param>
    public TrialResult ToResult(int epochs, bool cancelled)
    {
        int count = Math.Min(epochs, _values.Count);
        TrialOutcome outcome = _broken is { } broken && count == _values.Count ? broken
            : count == epochs ? TrialOutcome.Completed
            : cancelled ? TrialOutcome.Cancelled
            : TrialOutcome.Stopped;
        return new(_candidate.Name, _trial.Seed, outcome, [.. _values.Take(count)], [.. _seconds.Take(count)], _error);
    }

    public void Dispose()
    {
        try
        {
            _epochs?.Dispose();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            (_broken, _error) = (TrialOutcome.Failed, $"{exception.GetType().Name}: {exception.Message}");
        }
        _epochs = null;
    }

    /// <summary>Starts the trial; what a file holds of it is run again, since a model is not in the file.</summary>
    private IEnumerator<double> Start(CancellationToken cancellation)
    {
        IEnumerator<double> epochs = _candidate.Run(_trial).GetEnumerator();
        _epochs = epochs;
        for (int i = 0; i < _recorded && !cancellation.IsCancellationRequested; i++)
        {
            double value = Next();
            if (!value.Equals(_values[i]))
            {
                throw _mismatch = new InvalidDataException(
                    FormattableString.Invariant(
                        $"Study: got {value} from '{_candidate.Name}' after epoch {i + 1}, expected {_values[i]} as in the file: ")
                        + "delete the file after a change of a candidate.");
            }
        }
        return epochs;
    }

    private double Next() => _epochs!.MoveNext()
        ? _epochs.Current
        : throw new InvalidOperationException(
            FormattableString.Invariant($"The candidate gave no number for epoch {_values.Count + 1}, expected one for each epoch."));
}
