using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Logs what a trainer does. After an update: <c>loss/batch</c>, <c>learning-rate</c>, <c>gradient-norm</c> and <c>update-ratio</c> where
/// the optimizer measures them, and with <see cref="Trainer{T, TBatch}.Statistics"/> also <c>gradient-norm/PARAMETER</c> and
/// <c>update-ratio/PARAMETER</c>. After an epoch: <c>loss/training</c>, <c>loss/validation</c> and <c>metrics/NAME</c>. The step is the
/// number of updates made since the run began, over all calls of <c>Fit</c>. At the beginning, the text <see cref="MachineTag"/>.
/// </summary>
/// <remarks>
/// A log that fails does not end the training: nothing more is logged, <see cref="Failure"/> has the reason, and
/// <see cref="Dispose"/> throws it.
/// </remarks>
public sealed class TrainingLog : IDisposable
{
    /// <summary>The tag of the text that describes the machine.</summary>
    public const string MachineTag = "machine";

    private readonly IRunLog _log;
    private readonly long _every;
    private readonly Action _detach;
    private readonly Dictionary<string, (string GradientNorm, string UpdateRatio)> _tagsOfParameter = [];
    private long _step;
    private bool _isDisposed;

    private TrainingLog(IRunLog log, long firstStep, long every, Func<TrainingLog, Action> attach)
    {
        (_log, _step, _every) = (log, firstStep, every);
        _log.Text(MachineTag, MachineDescription.Current, firstStep);
        _detach = attach(this);
    }

    /// <summary>Why nothing is logged any more; null while all is well.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Begins to log.</summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <typeparam name="TBatch">A part of the data.</typeparam>
    /// <param name="trainer">The trainer whose runs are logged until the result is disposed.</param>
    /// <param name="log">Where to, which stays open.</param>
    /// <param name="every">Updates are logged whose step is a multiple of this, at least 1; epochs are logged always.</param>
    /// <param name="firstStep">The updates that were made before, in a run that goes on from a checkpoint; at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below its least.</exception>
    /// <exception cref="IOException">What was logged before could not be written.</exception>
    public static TrainingLog Attach<T, TBatch>(Trainer<T, TBatch> trainer, IRunLog log, long every = 1, long firstStep = 0)
        where T : unmanaged, IFloatingPointIeee754<T> where TBatch : IBatch
    {
        ArgumentNullException.ThrowIfNull(trainer);
        ArgumentNullException.ThrowIfNull(log);
        Check(every, 1, nameof(every));
        Check(firstStep, 0, nameof(firstStep));
        return new TrainingLog(log, firstStep, every, training =>
        {
            void OnUpdate(object? sender, UpdateEventArgs update) => training.Update(update, trainer.Statistics?.Rows);
            void OnEpoch(object? sender, EpochEventArgs epoch) => training.Epoch(epoch.Record);
            trainer.UpdateCompleted += OnUpdate;
            trainer.EpochCompleted += OnEpoch;
            return () =>
            {
                trainer.UpdateCompleted -= OnUpdate;
                trainer.EpochCompleted -= OnEpoch;
            };
        });
    }

    /// <summary>Ends the logging and leaves the log open; a second time it does nothing.</summary>
    /// <exception cref="IOException">Logging failed during the training: <see cref="Failure"/>, which is the inner exception.</exception>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _detach();
        if (Failure is { } failure)
        {
            throw new IOException($"TrainingLog: logging ended early: {failure.Message}", failure);
        }
    }

    private static void Check(long value, long least, string name)
    {
        if (value < least)
        {
            throw new ArgumentOutOfRangeException(name, string.Create(
                CultureInfo.InvariantCulture, $"TrainingLog.Attach: got {name} = {value}, expected at least {least}."));
        }
    }

    private void Update(UpdateEventArgs update, IReadOnlyList<ParameterStatistics>? statistics)
    {
        if (Failure is not null)
        {
            return;
        }
        try
        {
            long step = checked(++_step);
            if (step % _every != 0)
            {
                return;
            }
            _log.Scalar("loss/batch", update.Loss, step);
            _log.Scalar("learning-rate", update.Report.LearningRate, step);
            Known("gradient-norm", update.Report.GradientNorm, step);
            Known("update-ratio", update.Report.UpdateRatio, step);
            for (int i = 0; i < statistics?.Count; i++)
            {
                ParameterStatistics row = statistics[i];
                (string gradientNorm, string updateRatio) = TagsOf(row.Name);
                Known(gradientNorm, row.GradientNorm, step);
                Known(updateRatio, row.UpdateRatio, step);
            }
        }
        catch (Exception e)
        {
            Failure = e; // thrown when the logging ends: a full disk must not end a training run
        }
    }

    private void Epoch(EpochRecord record)
    {
        if (Failure is not null)
        {
            return;
        }
        try
        {
            _log.Scalar("loss/training", record.TrainingLoss, _step);
            if (record.ValidationLoss is { } loss)
            {
                _log.Scalar("loss/validation", loss, _step);
            }
            foreach (MetricValue metric in record.Metrics)
            {
                _log.Scalar($"metrics/{metric.Name}", metric.Value, _step);
            }
        }
        catch (Exception e)
        {
            Failure = e; // thrown when the logging ends
        }
    }

    /// <summary>A number that is NaN where it is not measured.</summary>
    private void Known(string tag, double value, long step)
    {
        if (!double.IsNaN(value))
        {
            _log.Scalar(tag, value, step);
        }
    }

    private (string GradientNorm, string UpdateRatio) TagsOf(string parameter)
    {
        if (!_tagsOfParameter.TryGetValue(parameter, out (string, string) tags))
        {
            tags = ($"gradient-norm/{parameter}", $"update-ratio/{parameter}");
            _tagsOfParameter.Add(parameter, tags);
        }
        return tags;
    }
}
