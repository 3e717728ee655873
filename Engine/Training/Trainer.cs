using System.Diagnostics;
using System.Numerics;

namespace Engine;

/// <summary>
/// The training loop: for each batch the forward pass, the loss, the backward pass and the step, and after each epoch the validation. It
/// does nothing that a plain loop could not do with the same parts, in the same order and to the same bits.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
/// <typeparam name="TBatch">A part of the data.</typeparam>
public sealed class Trainer<T, TBatch> where T : unmanaged, IFloatingPointIeee754<T> where TBatch : IBatch
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(100);

    private readonly Module<T> _model;
    private readonly Optimizer<T> _optimizer;
    private readonly Func<TBatch, Tensor<T>> _forward;
    private readonly Func<Tensor<T>, TBatch, Tensor<T>> _loss;
    private readonly List<(Metric Metric, Action<Tensor<T>, TBatch> Add)> _metrics = [];
    private readonly Tape<T> _tape = new();
    private readonly UpdateEventArgs _update = new();
    private SparseEmbedding<T>[] _sparse = [];

    /// <summary>Creates a trainer.</summary>
    /// <param name="model">
    /// The model: put into evaluation mode for validation, and into training mode if it is not in it when a run begins. Modules inside that
    /// are in evaluation mode, such as frozen normalizations, stay so.
    /// </param>
    /// <param name="optimizer">The optimizer of its parameters.</param>
    /// <param name="forward">The model's output for a batch.</param>
    /// <param name="loss">The mean loss over a batch, as a tensor with one element, from output and batch.</param>
    public Trainer(
        Module<T> model,
        Optimizer<T> optimizer,
        Func<TBatch, Tensor<T>> forward,
        Func<Tensor<T>, TBatch, Tensor<T>> loss)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(forward);
        ArgumentNullException.ThrowIfNull(loss);
        (_model, _optimizer, _forward, _loss) = (model, optimizer, forward, loss);
    }

    /// <summary>When to stop before the end; null for never. It observes <see cref="Monitor"/> after each epoch.</summary>
    /// <remarks>The run ends with the model at its best if it was stopped early or has reached its length.</remarks>
    public EarlyStopping<T>? EarlyStopping { get; init; }

    /// <summary>
    /// The number that early stopping and the plateau observe, asked for once an epoch: unless set, the validation loss, or the training
    /// loss where there is no validation.
    /// </summary>
    public Func<EpochRecord, double> Monitor { get; init; } = static record => record.ValidationLoss ?? record.TrainingLoss;

    /// <summary>
    /// Reduces its schedules when <see cref="Monitor"/> stops improving; null for none. It observes after each epoch.
    /// </summary>
    public ReduceOnPlateau? Plateau { get; init; }

    /// <summary>An average of the weights, updated after each update, with which the model is validated; null for none.</summary>
    /// <remarks>What early stopping keeps as the best is then the average; otherwise the run ends with the weights of training.</remarks>
    public WeightAverage<T>? Average { get; init; }

    /// <summary>Makes one update from several batches; null to make one from each. What is left at an epoch's end makes one too.</summary>
    public GradientAccumulation<T>? Accumulation { get; init; }

    /// <summary>Receives the progress, at most ten times a second and after each epoch; null for nobody.</summary>
    public IProgress<TrainingProgress>? Progress { get; init; }

    /// <summary>Measures each update, for a diagnosis; null for none. Cannot be combined with <see cref="Accumulation"/>.</summary>
    public UpdateStatistics<T>? Statistics { get; init; }

    /// <summary>Raised after each update.</summary>
    public event EventHandler<UpdateEventArgs>? UpdateCompleted;

    /// <summary>
    /// Raised after each epoch, when early stopping and the plateau have observed it: a checkpoint that a handler saves has everything.
    /// </summary>
    public event EventHandler<EpochEventArgs>? EpochCompleted;

    /// <summary>Adds a metric, which is measured wherever the loss is evaluated.</summary>
    /// <param name="metric">The metric, which the trainer resets before each evaluation.</param>
    /// <param name="add">Adds output and batch to it: <c>(metric, output, batch) => metric.Add(output, batch.Labels)</c>.</param>
    /// <exception cref="ArgumentException">There is a metric of that name already.</exception>
    public void Measure<TMetric>(TMetric metric, Action<TMetric, Tensor<T>, TBatch> add) where TMetric : Metric
    {
        ArgumentNullException.ThrowIfNull(metric);
        ArgumentNullException.ThrowIfNull(add);
        if (_metrics.Exists(known => known.Metric.Name == metric.Name))
        {
            throw new ArgumentException(
                $"Measure: got the metric '{metric.Name}', expected another: it is measured already.", nameof(metric));
        }
        _metrics.Add((metric, (output, batch) => add(metric, output, batch)));
    }

    /// <summary>Trains.</summary>
    /// <param name="training">
    /// The training data; each enumeration is an epoch. If a cancellation interrupts one, the next call resumes it, provided that the data
    /// keep their position, as <see cref="Batches{T}"/> do.
    /// </param>
    /// <param name="length">When the run ends.</param>
    /// <param name="validation">The data that the model is evaluated on after each epoch, or null.</param>
    /// <param name="cancellation">Ends the run after the update that is running; this is no error.</param>
    /// <returns>What each epoch came to, and why the run ended.</returns>
    /// <exception cref="ArgumentException">The length is the default, or an enumeration of the data has no batch.</exception>
    /// <exception cref="InvalidOperationException">
    /// <see cref="Statistics"/> and <see cref="Accumulation"/> are both set, or the accumulation is of another optimizer.
    /// </exception>
    public TrainingHistory Fit(
        IEnumerable<TBatch> training,
        TrainingLength length,
        IEnumerable<TBatch>? validation = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (length == default)
        {
            throw new ArgumentException(
                "Fit: got no length, expected TrainingLength.Epochs(n) or TrainingLength.Updates(n).", nameof(length));
        }
        _sparse = [.. _model.WithDescendants.OfType<SparseEmbedding<T>>()];
        CheckAccumulation();
        if (!_model.Training)
        {
            _model.Training = true;
        }
        Run run = new(length);
        List<EpochRecord> epochs = [];
        while (run.Stopped is null && !length.IsReached(epochs.Count, run.Updates))
        {
            Epoch epoch = TrainEpoch(training, run, epochs.Count + 1, cancellation);
            if (epoch.Samples == 0)
            {
                break; // cancelled, or diverged at its first loss
            }
            run.Epochs++;
            EpochRecord record;
            double monitored = double.NaN;
            bool stopsEarly = false;
            using (Average is { Updates: > 0 } average ? average.Apply() : default)
            {
                EvaluationResult? result = validation is null || run.Stopped is not null ? null : Evaluate(validation);
                record = epoch.ToRecord(epochs.Count + 1, run.Updates, result, _optimizer.Report.LearningRate);
                if (run.Stopped is null && (EarlyStopping is not null || Plateau is not null))
                {
                    monitored = Monitor(record);
                    stopsEarly = EarlyStopping?.ShouldStop(monitored) ?? false;
                }
            }
            epochs.Add(record);
            run.UpdatesPerEpoch = epoch.Updates;
            Progress?.Report(run.At(record.Epoch, 0, record.TrainingLoss));
            if (run.Stopped is null)
            {
                Complete(record, monitored, stopsEarly, run);
            }
        }
        StopReason reason = run.Stopped ?? StopReason.Completed;
        if (EarlyStopping is { BestAt: > 0 } && reason is StopReason.Completed or StopReason.EarlyStopping)
        {
            EarlyStopping.RestoreBest();
        }
        return new TrainingHistory(epochs, reason, run.Updates, run.Time);
    }

    /// <summary>The loss and the metrics over the data, in evaluation mode and without recording.</summary>
    /// <exception cref="ArgumentException">There are no batches.</exception>
    public EvaluationResult Evaluate(IEnumerable<TBatch> data)
    {
        ArgumentNullException.ThrowIfNull(data);
        foreach ((Metric metric, _) in _metrics)
        {
            metric.Reset();
        }
        double sum = 0;
        long samples = 0;
        using EvaluationMode<T> mode = new(_model);
        foreach (TBatch batch in data)
        {
            using (_tape.Evaluate())
            {
                Tensor<T> output = _forward(batch);
                sum += double.CreateTruncating(_loss(output, batch).Item) * batch.Count;
                samples += batch.Count;
                foreach ((_, Action<Tensor<T>, TBatch> add) in _metrics)
                {
                    add(output, batch);
                }
            }
        }
        return samples > 0
            ? new EvaluationResult(sum / samples, [.. _metrics.Select(static m => new MetricValue(m.Metric.Name, m.Metric.Value))])
            : throw new ArgumentException("Evaluate: got data without samples, expected at least one.", nameof(data));
    }

    private Epoch TrainEpoch(IEnumerable<TBatch> training, Run run, long number, CancellationToken cancellation)
    {
        Epoch epoch = new();
        long start = Stopwatch.GetTimestamp();
        using IEnumerator<TBatch> batches = training.GetEnumerator();
        while (true)
        {
            // before a batch is taken: data that go on in the next call would go on after it
            if (cancellation.IsCancellationRequested)
            {
                // an epoch whose last batch is done is whole
                run.IsCancelled = epoch.Samples > 0 && training is IEpochs { IsAtEndOfEpoch: true };
                run.Stopped = run.IsCancelled ? null : StopReason.Cancelled;
                break;
            }
            if (!batches.MoveNext())
            {
                break;
            }
            TBatch batch = batches.Current;
            double loss = Update(batch);
            if (!double.IsFinite(loss))
            {
                Accumulation?.Discard();
                run.Stopped = StopReason.Diverged;
                break;
            }
            epoch.Add(loss, batch.Count);
            run.Samples += batch.Count;
            if (Accumulation is not { Accumulated: > 0 })
            {
                Count(epoch, number, loss, run);
            }
            if (run.Stopped is not null || run.Length.UpdateCount == run.Updates)
            {
                break;
            }
        }
        if (run.Stopped is null && Accumulation?.Flush() is not null)
        {
            Count(epoch, number, epoch.Loss, run);
        }
        epoch.Time = Stopwatch.GetElapsedTime(start);
        run.Time += epoch.Time;
        return epoch.Samples > 0 || run.Stopped is not null
            ? epoch
            : throw new ArgumentException("Fit: got training data without batches, expected at least one.", nameof(training));
    }

    /// <summary>Counts an update, and tells of it.</summary>
    private void Count(Epoch epoch, long number, double loss, Run run)
    {
        Average?.Update();
        epoch.AddUpdate(_optimizer.Report.GradientNorm);
        run.Updates++;
        Announce(number, loss, run);
        if (run.IsReportDue(ReportInterval))
        {
            Progress?.Report(run.At(number, epoch.Updates, epoch.Loss));
        }
    }

    /// <summary>One batch; the update is not made if the loss, which is returned, is not finite.</summary>
    private double Update(TBatch batch)
    {
        using (_tape.Record())
        {
            Tensor<T> loss = _loss(_forward(batch), batch);
            double value = double.CreateTruncating(loss.Item);
            if (!double.IsFinite(value))
            {
                return value;
            }
            if (Accumulation is not null)
            {
                Accumulation.Backward(_tape, loss, batch.Count);
                return value;
            }
            _tape.Backward(loss);
            foreach (SparseEmbedding<T> table in _sparse)
            {
                table.StepRows(_optimizer);
            }
            using (Statistics is null ? default : Statistics.Measure())
            {
                _optimizer.Step();
            }
            return value;
        }
    }

    private void CheckAccumulation()
    {
        if (Accumulation is null)
        {
            return;
        }
        if (_sparse.Length > 0)
        {
            throw new InvalidOperationException(
                $"Fit: got an Accumulation and the layer {_sparse[0]}, whose rows are updated after every batch, expected one of them.");
        }
        if (Statistics is not null)
        {
            throw new InvalidOperationException(
                "Fit: got both Statistics and Accumulation, expected one of them: "
                    + "the gradient of the update is not there before its step.");
        }
        if (!ReferenceEquals(Accumulation.Optimizer, _optimizer))
        {
            throw new InvalidOperationException("Fit: got an Accumulation of another optimizer, expected one of the trainer's.");
        }
    }

    private void Announce(long epoch, double loss, Run run)
    {
        if (UpdateCompleted is not { } handlers)
        {
            return;
        }
        (_update.Epoch, _update.Updates, _update.Loss, _update.Report, _update.Stop) = (epoch, run.Updates, loss, _optimizer.Report, false);
        handlers(this, _update);
        run.Stopped = _update.Stop ? StopReason.Requested : run.Stopped;
    }

    /// <summary>Tells of an epoch when all has observed it, so that a handler may save a checkpoint.</summary>
    private void Complete(EpochRecord record, double monitored, bool stopsEarly, Run run)
    {
        if (!double.IsNaN(monitored))
        {
            Plateau?.Observe(monitored);
        }
        EpochEventArgs done = new(record);
        EpochCompleted?.Invoke(this, done);
        run.Stopped = stopsEarly ? StopReason.EarlyStopping
            : done.Stop ? StopReason.Requested
            : run.IsCancelled ? StopReason.Cancelled
            : null;
    }

    /// <summary>The sums of one epoch.</summary>
    private sealed class Epoch
    {
        private double _lossSum, _normSum;

        public long Samples { get; private set; }

        public long Updates { get; private set; }

        public TimeSpan Time { get; set; }

        public double Loss => _lossSum / Samples;

        public void Add(double loss, int samples)
        {
            _lossSum += loss * samples;
            Samples += samples;
        }

        public void AddUpdate(double gradientNorm)
        {
            _normSum += gradientNorm;
            Updates++;
        }

        public EpochRecord ToRecord(long number, long updates, EvaluationResult? validation, double learningRate) =>
            new(number, updates, Loss, validation?.Loss, validation?.Metrics ?? [], learningRate, _normSum / Updates, Time);
    }

    /// <summary>How far one call of Fit has come.</summary>
    private sealed class Run(TrainingLength length)
    {
        private readonly long _start = Stopwatch.GetTimestamp();
        private TimeSpan _reported;

        public TrainingLength Length { get; } = length;

        public StopReason? Stopped { get; set; }

        /// <summary>Whether the run ends after the epoch, which is whole.</summary>
        public bool IsCancelled { get; set; }

        public long Epochs { get; set; }

        public long Updates { get; set; }

        public long Samples { get; set; }

        public long UpdatesPerEpoch { get; set; }

        public TimeSpan Time { get; set; }

        public bool IsReportDue(TimeSpan interval)
        {
            TimeSpan now = Stopwatch.GetElapsedTime(_start);
            bool isDue = now - _reported >= interval;
            _reported = isDue ? now : _reported;
            return isDue;
        }

        /// <summary>The progress in an epoch that has made some updates.</summary>
        public TrainingProgress At(long epoch, long updatesInEpoch, double loss)
        {
            TimeSpan elapsed = Stopwatch.GetElapsedTime(_start);
            double fraction = Length.UpdateCount is { } updates ? (double)Updates / updates
                : Epochs == 0 ? double.NaN
                : (Epochs + Math.Min(1, (double)updatesInEpoch / UpdatesPerEpoch)) / Length.EpochCount!.Value;
            return new TrainingProgress(epoch, Updates, loss, Samples / elapsed.TotalSeconds, fraction, elapsed);
        }
    }
}
