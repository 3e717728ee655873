using System.Globalization;

namespace Engine.Tests.Logging;

/// <summary>The log of a trainer.</summary>
public sealed class TrainingLogTests
{
    /// <summary>Catches: a tag, step or value that is not what the trainer and the optimizer report.</summary>
    [Test]
    public void It_writes_what_the_trainer_reports()
    {
        (Trainer<double, Batch> trainer, Optimizer<double> optimizer, Batch[] batches) = Setup(measures: true);
        trainer.Measure(new MeanAbsoluteError(), static (metric, output, batch) => metric.Add(output, batch.Y));
        List<string> expected = [];
        trainer.UpdateCompleted += (_, update) =>
        {
            long step = 100 + update.Updates;
            expected.Add(Entry("loss/batch", update.Loss, step));
            expected.Add(Entry("learning-rate", 0.1, step));
            expected.Add(Entry("gradient-norm", optimizer.Report.GradientNorm, step));
            expected.Add(Entry("update-ratio", optimizer.Report.UpdateRatio, step));
            foreach (ParameterStatistics row in trainer.Statistics!.Rows)
            {
                expected.Add(Entry($"gradient-norm/{row.Name}", row.GradientNorm, step));
                expected.Add(Entry($"update-ratio/{row.Name}", row.UpdateRatio, step));
            }
        };
        RecordingLog log = new();
        using (TrainingLog.Attach(trainer, log, firstStep: 100))
        {
            trainer.EpochCompleted += (_, epoch) =>
            {
                long step = 100 + epoch.Record.Updates;
                expected.Add(Entry("loss/training", epoch.Record.TrainingLoss, step));
                expected.Add(Entry("loss/validation", epoch.Record.ValidationLoss!.Value, step));
                expected.Add(Entry("metrics/mean absolute error", epoch.Record["mean absolute error"], step));
            };
            trainer.Fit(batches, TrainingLength.Epochs(2), batches);
        }
        Assert.That(log.Calls[0], Does.StartWith("machine Engine: ").And.EndWith(" 100"));
        Assert.That(log.Calls.Skip(1), Is.EqualTo(expected));
        int calls = log.Calls.Count;
        trainer.Fit(batches, TrainingLength.Epochs(1), batches);
        Assert.That(log.Calls, Has.Count.EqualTo(calls), "detached");
    }

    /// <summary>Catches: numbers that nobody measured, logged as NaN, and more updates than were asked for.</summary>
    [Test]
    public void It_leaves_out_what_is_not_measured()
    {
        (Trainer<double, Batch> trainer, _, Batch[] batches) = Setup(measures: false);
        RecordingLog log = new();
        using (TrainingLog.Attach(trainer, log, every: 3))
        {
            trainer.Fit(batches, TrainingLength.Epochs(2));
        }
        Assert.That(log.Calls.Skip(1).Select(static call => string.Join(' ', call.Split(' ')[0], call.Split(' ')[2])), Is.EqualTo(new[]
        {
            "loss/batch 3", "learning-rate 3", "loss/training 4", "loss/batch 6", "learning-rate 6", "loss/training 8",
        }));
    }

    /// <summary>Catches: a second run of the trainer that counts from 0 again; updates that are not multiples in a resumed run.</summary>
    [Test]
    public void Steps_count_on_over_several_runs()
    {
        (Trainer<double, Batch> trainer, _, Batch[] batches) = Setup(measures: false);
        RecordingLog log = new();
        using (TrainingLog.Attach(trainer, log, every: 3, firstStep: 2))
        {
            trainer.Fit(batches, TrainingLength.Epochs(1));
            trainer.Fit(batches, TrainingLength.Epochs(1));
        }
        Assert.That(
            log.Calls.Skip(1).Where(static call => !call.StartsWith("learning-rate", StringComparison.Ordinal))
                .Select(static call => string.Join(' ', call.Split(' ')[0], call.Split(' ')[2])),
            Is.EqualTo(new[] { "loss/batch 3", "loss/batch 6", "loss/training 6", "loss/batch 9", "loss/training 10" }));
    }

    /// <summary>Catches: a full disk that ends a training run, other numbers because of it, an error that nobody hears of.</summary>
    [TestCase(2)]
    [TestCase(4)]
    [TestCase(12)]
    public void A_log_that_fails_does_not_end_the_training(int failsAt)
    {
        (Trainer<double, Batch> logged, _, Batch[] batches) = Setup(measures: false);
        (Trainer<double, Batch> plain, _, _) = Setup(measures: false);
        RecordingLog log = new(failsAt);
        TrainingLog training = TrainingLog.Attach(logged, log);
        TrainingHistory history = logged.Fit(batches, TrainingLength.Epochs(3));
        Assert.That(history.Updates, Is.EqualTo(12));
        Assert.That(
            history.Epochs.Select(static epoch => epoch.TrainingLoss),
            Is.EqualTo(plain.Fit(batches, TrainingLength.Epochs(3)).Epochs.Select(static epoch => epoch.TrainingLoss)));
        Assert.That(log.Calls, Has.Count.EqualTo(failsAt), "nothing more is logged");
        Assert.That(training.Failure, Is.InstanceOf<IOException>());
        Assert.That(
            training.Dispose, Throws.InstanceOf<IOException>().With.InnerException.SameAs(training.Failure)
                .And.Message.StartsWith("TrainingLog: logging ended early: no space for"));
        Assert.That(training.Dispose, Throws.Nothing);
    }

    [Test]
    public void Wrong_arguments_are_refused()
    {
        (Trainer<double, Batch> trainer, _, _) = Setup(measures: false);
        Assert.That(
            () => TrainingLog.Attach(trainer, new RecordingLog(), every: 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got every = 0, expected at least 1"));
        Assert.That(
            () => TrainingLog.Attach(trainer, new RecordingLog(), firstStep: -1),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got firstStep = -1, expected at least 0"));
    }

    private static string Entry(string tag, double value, long step) =>
        string.Create(CultureInfo.InvariantCulture, $"{tag} {value} {step}");

    private static (Trainer<double, Batch> Trainer, Optimizer<double> Optimizer, Batch[] Batches) Setup(bool measures)
    {
        RandomKey key = RandomKey.FromSeed(3);
        Sequential<double> model = new(
            new Linear<double>(2, 3, key.Fold("a")), new Tanh<double>(), new Linear<double>(3, 1, key.Fold("b")));
        Optimizer<double> optimizer = new() { MeasuresUpdates = measures };
        optimizer.AddGroup(new Sgd { LearningRate = 0.1 }, model.Parameters);
        optimizer.Clip = measures ? GradientClip.ByNorm(1) : default;
        Batch[] batches = [.. Enumerable.Range(0, 4).Select(i => new Batch(
            Tensor<double>.Random([5, 2], key.Fold("x").Fold(i), Distribution.Normal(0, 1)),
            Tensor<double>.Random([5, 1], key.Fold("y").Fold(i), Distribution.Normal(0, 1))))];
        Trainer<double, Batch> trainer = new(
            model, optimizer, batch => model.Forward(batch.X), static (output, batch) => output.MeanSquaredError(batch.Y))
        {
            Statistics = measures ? new UpdateStatistics<double>(model.Parameters) : null,
        };
        return (trainer, optimizer, batches);
    }

    internal sealed record Batch(Tensor<double> X, Tensor<double> Y) : IBatch
    {
        public int Count => 5;
    }
}
