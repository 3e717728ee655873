namespace Engine.Tests.Training;

/// <summary>The training loop against a plain loop, and where it ends.</summary>
public sealed class TrainerTests
{
    private const double Rate = 0.1;

    /// <summary>Catches: any difference between the trainer's loop and one written by hand, in order or in bits.</summary>
    [Test]
    public void It_equals_a_plain_loop()
    {
        Setup byTrainer = new(), byHand = new();
        TrainingHistory history = byTrainer.Trainer().Fit(byTrainer.Batches, TrainingLength.Epochs(3), byTrainer.Batches);

        Tape<double> tape = new();
        List<double> losses = [];
        for (int epoch = 0; epoch < 3; epoch++)
        {
            double sum = 0;
            byHand.Model.Training = true;
            foreach (Points batch in byHand.Batches)
            {
                using (tape.Record())
                {
                    Tensor<double> loss = byHand.Model.Forward(batch.X).MeanSquaredError(batch.Y);
                    tape.Backward(loss);
                    sum += loss.Item * batch.Count;
                    byHand.Optimizer.Step();
                }
            }
            losses.Add(sum / 10);
        }
        Assert.That(Bits(byTrainer.Model), Is.EqualTo(Bits(byHand.Model)));
        Assert.That(history.Epochs.Select(static epoch => epoch.TrainingLoss), Is.EqualTo(losses));
        Assert.That(history.StopReason, Is.EqualTo(StopReason.Completed));
        Assert.That(history.Updates, Is.EqualTo(9));
    }

    /// <summary>Catches: a mean of the batches' means, and dropout that is active during the validation.</summary>
    [Test]
    public void An_evaluation_is_that_of_all_samples_at_once()
    {
        Setup setup = new();
        Trainer<double, Points> trainer = setup.Trainer();
        trainer.Measure(new MeanAbsoluteError(), static (metric, output, batch) => metric.Add(output, batch.Y));
        EvaluationResult result = trainer.Evaluate(setup.Batches);
        setup.Model.Training = false;
        Tensor<double> output = setup.Model.Forward(setup.All.X);
        Assert.That(result.Loss, Is.EqualTo(output.MeanSquaredError(setup.All.Y).Item).Within(1e-15));
        Assert.That(result.Metrics.Single().Value, Is.EqualTo(Metrics.MeanAbsoluteError(output, setup.All.Y)).Within(1e-15));
        setup.Model.Training = true;
        trainer.Evaluate(setup.Batches);
        Assert.That(setup.Model.Training, Is.True, "the mode is put back");
    }

    /// <summary>Catches: a run of updates that goes on to the end of the epoch.</summary>
    [TestCase(1, 1, 1)]
    [TestCase(3, 3, 1)]
    [TestCase(4, 4, 2)]
    public void A_length_in_updates_ends_in_the_middle_of_an_epoch(long updates, long made, int epochs)
    {
        Setup setup = new();
        TrainingHistory history = setup.Trainer().Fit(setup.Batches, TrainingLength.Updates(updates));
        Assert.That(history.Updates, Is.EqualTo(made));
        Assert.That(setup.Optimizer.Report.Steps, Is.EqualTo(made));
        Assert.That(history.Epochs, Has.Count.EqualTo(epochs));
    }

    /// <summary>Catches: an update with a loss that is not finite, which would spoil the model for good.</summary>
    [Test]
    public void A_loss_that_is_not_finite_ends_the_run_before_its_update()
    {
        Setup setup = new();
        Points poison = new(setup.All.X, Tensor<double>.Full(setup.All.Y.Shape, double.PositiveInfinity), 10);
        double[] before = Bits(setup.Model);
        TrainingHistory history = setup.Trainer().Fit([poison], TrainingLength.Epochs(5));
        Assert.That(history.StopReason, Is.EqualTo(StopReason.Diverged));
        Assert.That(history.Updates, Is.Zero);
        Assert.That(Bits(setup.Model), Is.EqualTo(before));
        Assert.That(Diagnosis.Of(history).Single().Kind, Is.EqualTo(SymptomKind.Diverging));
    }

    /// <summary>Catches: a cancellation in the middle of an update, or one that loses what was done.</summary>
    [Test]
    public void A_cancellation_ends_the_run_between_two_updates()
    {
        Setup setup = new();
        using CancellationTokenSource source = new();
        Trainer<double, Points> trainer = setup.Trainer();
        trainer.UpdateCompleted += (_, update) =>
        {
            if (update.Updates == 4)
            {
                source.Cancel();
            }
        };
        TrainingHistory history = trainer.Fit(setup.Batches, TrainingLength.Epochs(5), null, source.Token);
        Assert.That(history.StopReason, Is.EqualTo(StopReason.Cancelled));
        Assert.That(history.Updates, Is.EqualTo(4));
        Assert.That(history.Epochs, Has.Count.EqualTo(2), "the second is broken off");

        Setup plain = new();
        plain.Trainer().Fit(plain.Batches, TrainingLength.Updates(4));
        Assert.That(Bits(setup.Model), Is.EqualTo(Bits(plain.Model)));
    }

    /// <summary>Catches: a request to stop that is not heard, or heard an update or an epoch late.</summary>
    [Test]
    public void A_handler_ends_the_run()
    {
        Setup setup = new();
        Trainer<double, Points> trainer = setup.Trainer();
        trainer.UpdateCompleted += static (_, update) => update.Stop = update.Updates == 2;
        Assert.That(trainer.Fit(setup.Batches, TrainingLength.Epochs(5)).Updates, Is.EqualTo(2));

        Setup other = new();
        Trainer<double, Points> byEpoch = other.Trainer();
        byEpoch.EpochCompleted += static (_, epoch) => epoch.Stop = epoch.Record.Epoch == 2;
        TrainingHistory history = byEpoch.Fit(other.Batches, TrainingLength.Epochs(5));
        Assert.That(history.StopReason, Is.EqualTo(StopReason.Requested));
        Assert.That(history.Epochs, Has.Count.EqualTo(2));
    }

    /// <summary>Catches: the last weights instead of the best, and a stop one epoch off.</summary>
    [Test]
    public void Early_stopping_ends_the_run_and_puts_back_the_best()
    {
        Setup setup = new();
        double[] monitored = [5, 3, 4, 4, 1];
        List<double[]> after = [];
        Trainer<double, Points> trainer = new(setup.Model, setup.Optimizer, setup.Forward, Setup.Loss)
        {
            EarlyStopping = new EarlyStopping<double>(setup.Model, patience: 2),
            Monitor = record => monitored[record.Epoch - 1],
        };
        trainer.EpochCompleted += (_, _) => after.Add(Bits(setup.Model));
        TrainingHistory history = trainer.Fit(setup.Batches, TrainingLength.Epochs(5));
        Assert.That(history.StopReason, Is.EqualTo(StopReason.EarlyStopping));
        Assert.That(history.Epochs, Has.Count.EqualTo(4));
        Assert.That(Bits(setup.Model), Is.EqualTo(after[1]));
    }

    /// <summary>Catches: batches counted as updates, a rest that is dropped or carried into the next epoch.</summary>
    [Test]
    public void Accumulated_batches_are_one_update()
    {
        Setup setup = new(dropout: 0), whole = new(dropout: 0);
        Trainer<double, Points> trainer = new(setup.Model, setup.Optimizer, setup.Forward, Setup.Loss)
        {
            Accumulation = new GradientAccumulation<double>(setup.Optimizer, 2),
        };
        List<long> updates = [];
        trainer.UpdateCompleted += (_, update) => updates.Add(update.Updates);
        TrainingHistory history = trainer.Fit(setup.Batches, TrainingLength.Epochs(2));
        Assert.That(updates, Is.EqualTo((long[])[1, 2, 3, 4]), "batches of 4 + 4 samples, then the rest of 2");
        Assert.That(history.Epochs[0].Updates, Is.EqualTo(2));

        Points first = new(whole.All.X.Slice(..8).Clone(), whole.All.Y.Slice(..8).Clone(), 8);
        whole.Trainer().Fit([first, whole.Batches[2]], TrainingLength.Epochs(2));
        Assert.That(Bits(setup.Model), Is.EqualTo(Bits(whole.Model)).Within(1e-14));
        Assert.That(
            () => new Trainer<double, Points>(whole.Model, whole.Optimizer, whole.Forward, Setup.Loss)
            {
                Accumulation = new GradientAccumulation<double>(setup.Optimizer, 2),
            }.Fit(whole.Batches, TrainingLength.Epochs(1)),
            Throws.InvalidOperationException.With.Message.Contains("another optimizer"));
    }

    /// <summary>Catches: a validation with the raw weights, or weights of the average that stay in the model.</summary>
    [Test]
    public void The_average_is_validated_and_the_weights_come_back()
    {
        Setup setup = new(), plain = new();
        WeightAverage<double> average = WeightAverage.Equal(setup.Model);
        Trainer<double, Points> trainer = new(setup.Model, setup.Optimizer, setup.Forward, Setup.Loss) { Average = average };
        TrainingHistory history = trainer.Fit(setup.Batches, TrainingLength.Epochs(2), setup.Batches);
        plain.Trainer().Fit(plain.Batches, TrainingLength.Epochs(2));
        Assert.That(Bits(setup.Model), Is.EqualTo(Bits(plain.Model)));
        Assert.That(average.Updates, Is.EqualTo(6));
        using (average.Apply())
        {
            Assert.That(trainer.Evaluate(setup.Batches).Loss, Is.EqualTo(history.Epochs[1].ValidationLoss));
        }
        Assert.That(trainer.Evaluate(setup.Batches).Loss, Is.Not.EqualTo(history.Epochs[1].ValidationLoss));
    }

    /// <summary>Catches: a plateau that observes updates, or another number than the one monitored.</summary>
    [Test]
    public void A_plateau_observes_each_epoch()
    {
        Setup setup = new();
        ReduceOnPlateau plateau = new() { Patience = 1, Factor = 0.5 };
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = plateau.Reduce(0.1) }, setup.Model.Parameters);
        Trainer<double, Points> trainer = new(setup.Model, optimizer, setup.Forward, Setup.Loss)
        {
            Plateau = plateau, Monitor = static record => record.Epoch == 1 ? 1 : 2,
        };
        TrainingHistory history = trainer.Fit(setup.Batches, TrainingLength.Epochs(4));
        Assert.That(history.Epochs.Select(static epoch => epoch.LearningRate), Is.EqualTo((double[])[0.1, 0.1, 0.1, 0.05]));
    }

    /// <summary>Catches: a fraction that counts the epoch that is running as done, or is above 1.</summary>
    [Test]
    public void The_progress_says_how_much_is_done()
    {
        Setup setup = new();
        Reports reports = new();
        Trainer<double, Points> trainer =
            new(setup.Model, setup.Optimizer, setup.Forward, Setup.Loss) { Progress = reports };
        trainer.Fit(setup.Batches, TrainingLength.Epochs(2));
        Assert.That(reports.Values.Where(static p => p.Epoch == 2 && p.Updates == 6).Select(static p => p.Fraction), Has.Some.EqualTo(1));
        Assert.That(reports.Values.Single(static p => p.Updates == 3 && !double.IsNaN(p.Fraction)).Fraction, Is.EqualTo(0.5));
        Assert.That(reports.Values[^1].Remaining, Is.EqualTo(TimeSpan.Zero));
        Assert.That(reports.Values[^1].ToString(), Does.Contain("epoch 2, update 6").And.Contain("0 s left"));
    }

    /// <summary>Catches: memory that each update or each batch takes.</summary>
    [Test]
    [Category("Slow")]
    public void A_longer_epoch_allocates_no_more()
    {
        Setup setup = new();
        Trainer<double, Points> trainer = setup.Trainer();
        Points[] few = [.. Enumerable.Repeat(setup.All, 20)], many = [.. Enumerable.Repeat(setup.All, 2000)];
        long Allocated(Points[] data)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            trainer.Fit(data, TrainingLength.Epochs(1));
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
        Allocated(many);
        long[] differences = [.. Enumerable.Range(0, 5).Select(_ => Allocated(many) - Allocated(few))];
        Assert.That(differences, Has.Some.Zero);
    }

    [Test]
    public void Bad_input_is_named()
    {
        Setup setup = new();
        Trainer<double, Points> trainer = setup.Trainer();
        trainer.Measure(new MeanAbsoluteError(), static (metric, output, batch) => metric.Add(output, batch.Y));
        Assert.Multiple(() =>
        {
            Assert.That(() => trainer.Fit(setup.Batches, default), Throws.ArgumentException.With.Message.Contains("got no length"));
            Assert.That(() => trainer.Fit([], TrainingLength.Epochs(1)), Throws.ArgumentException.With.Message.Contains("without batches"));
            Assert.That(() => trainer.Evaluate([]), Throws.ArgumentException.With.Message.Contains("without samples"));
            Assert.That(
                () => trainer.Measure(new MeanAbsoluteError(), static (_, _, _) => { }),
                Throws.ArgumentException.With.Message.Contains("mean absolute error"));
            Assert.That(
                () => TrainingLength.Epochs(0),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got 0 epochs, expected at least 1"));
            Assert.That(() => TrainingLength.Updates(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        });
    }

    private static double[] Bits(Layer<double> model) => [.. model.Parameters.SelectMany(static p => p.Value.ToArray())];

    /// <summary>Some points of the plane with a target each.</summary>
    internal sealed record Points(Tensor<double> X, Tensor<double> Y, int Count) : IBatch;

    private sealed class Reports : IProgress<TrainingProgress>
    {
        public List<TrainingProgress> Values { get; } = [];

        public void Report(TrainingProgress value) => Values.Add(value);
    }

    /// <summary>Ten points in batches of four, and a small network, always the same.</summary>
    private sealed class Setup
    {
        public Setup(double dropout = 0.2)
        {
            RandomKey key = RandomKey.FromSeed(7);
            All = new(
                Tensor<double>.Random([10, 2], key, Distribution.Normal(0, 1)),
                Tensor<double>.Random([10, 1], key.Fold("y"), Distribution.Normal(0, 1)),
                10);
            Batches = [.. ((Range[])[new(0, 4), new(4, 8), new(8, 10)]).Select(rows => new Points(
                All.X.Slice(rows).Clone(), All.Y.Slice(rows).Clone(), rows.End.Value - rows.Start.Value))];
            Model = new Sequential<double>(
                new Linear<double>(2, 5, key.Fold("a")), new Tanh<double>(), new Dropout<double>(dropout, key.Fold("d")),
                new Linear<double>(5, 1, key.Fold("b")));
            Optimizer = Engine.Optimizer.For(new Momentum { LearningRate = Rate }, Model.Parameters);
        }

        public Points All { get; }

        public Points[] Batches { get; }

        public Sequential<double> Model { get; }

        public Optimizer<double> Optimizer { get; }

        public Tensor<double> Forward(Points batch) => Model.Forward(batch.X);

        public static Tensor<double> Loss(Tensor<double> output, Points batch) => output.MeanSquaredError(batch.Y);

        public Trainer<double, Points> Trainer() => new(Model, Optimizer, Forward, Loss);
    }
}
