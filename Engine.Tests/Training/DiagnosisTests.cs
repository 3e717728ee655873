namespace Engine.Tests.Training;

/// <summary>What a diagnosis says of histories made by hand, and of steps whose sizes are known.</summary>
public sealed class DiagnosisTests
{
    private static readonly object?[][] Histories =
    [
        [new[] { 1.0, 0.5, 0.3 }, null, StopReason.Completed, null],
        [new[] { 1.0, 0.5, 3.0 }, null, StopReason.Completed, SymptomKind.Diverging],
        [new[] { 1.0 }, null, StopReason.Diverged, SymptomKind.Diverging],
        [new[] { 1.0, 0.9, 0.8, 0.7 }, new[] { 1.0, 1.1, 1.2, 1.3 }, StopReason.Completed, SymptomKind.Overfitting],
        [new[] { 1.0, 0.9, 0.8, 0.7 }, new[] { 1.0, 1.1, 1.0, 1.1 }, StopReason.Completed, null], // up and down is noise
        [new[] { 1.0, 1.1, 1.2, 1.3 }, new[] { 1.0, 1.1, 1.2, 1.3 }, StopReason.Completed, null], // both rise: not overfitting
    ];

    /// <summary>Catches: a threshold on the wrong side, and noise taken for a trend.</summary>
    [TestCaseSource(nameof(Histories))]
    public void Losses_are_read_as_a_practitioner_would(double[] training, double[]? validation, StopReason reason, SymptomKind? expected)
    {
        IReadOnlyList<Symptom> symptoms = Diagnosis.Of(History(training, validation, reason));
        SymptomKind[] kinds = [.. symptoms.Select(static symptom => symptom.Kind)];
        Assert.That(kinds, expected is { } kind ? Is.EqualTo(new[] { kind }) : Is.Empty);
    }

    private static readonly object?[][] Gradients =
    [
        [1e-3, 1e-3, 1e-2, null],
        [1e-8, 1e-2, 1e-2, SymptomKind.VanishingGradients],
        [1e2, 1e-2, 1e-2, SymptomKind.ExplodingGradients],
        [1e-3, 1e-3, 1e-7, SymptomKind.TooSlow],
    ];

    /// <summary>Catches: first and last layer exchanged; biases, whose gradients are of another size, taken for weights.</summary>
    [TestCaseSource(nameof(Gradients))]
    public void Sizes_are_read_by_depth(double first, double last, double updateRatio, SymptomKind? expected)
    {
        ParameterStatistics[] rows =
        [
            new("0.bias", [4], 1e6, 1, updateRatio),
            new("0.weight", [4, 4], first, 1, updateRatio),
            new("1.weight", [4, 4], last, 1, updateRatio),
            new("1.bias", [4], 1e-12, 1, updateRatio),
            new("unused", [2, 2], double.NaN, 1, 0),
        ];
        IReadOnlyList<Symptom> symptoms = Diagnosis.Of(History([1, 0.9999, 0.9998], null, StopReason.Completed), rows);
        SymptomKind[] kinds = [.. symptoms.Select(static symptom => symptom.Kind)];
        Assert.That(kinds, expected is { } kind ? Is.EqualTo(new[] { kind }) : Is.Empty);
        if (expected is SymptomKind.VanishingGradients or SymptomKind.ExplodingGradients)
        {
            Assert.That(symptoms[0].Message, Does.Contain("'0.weight'").And.Contain("'1.weight'"));
        }
    }

    /// <summary>A tiny learning rate is called too slow, and a huge one diverging: the guide's two cases, on a real run.</summary>
    [TestCase(1e-9, SymptomKind.TooSlow)]
    [TestCase(50, SymptomKind.Diverging)]
    public void Too_low_and_too_high_a_rate_are_told_apart(double rate, SymptomKind expected)
    {
        RandomKey key = RandomKey.FromSeed(3);
        TrainerTests.Points all = new(
            Tensor<double>.Random([10, 2], key, Distribution.Normal(0, 1)),
            Tensor<double>.Random([10, 1], key.Fold(1), Distribution.Normal(0, 1)),
            10);
        Linear<double> model = new(2, 1, key.Fold(2));
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = rate }, model.Parameters);
        UpdateStatistics<double> statistics = new(model.Parameters);
        Trainer<double, TrainerTests.Points> trainer = new(
            model, optimizer, batch => model.Forward(batch.X), static (output, batch) => output.MeanSquaredError(batch.Y))
        { Statistics = statistics };
        TrainingHistory history = trainer.Fit([all], TrainingLength.Epochs(20));
        Assert.That(Diagnosis.Of(history, statistics.Rows)[0].Kind, Is.EqualTo(expected));
    }

    /// <summary>Of plain descent, ‖Δθ‖ = η·‖g‖; a parameter without gradient does not move.</summary>
    [Test]
    public void Sizes_are_those_of_plain_descent()
    {
        Parameter<double> a = new("a", Tensor<double>.From([3, 4], [1, 2])), unused = new("unused", Tensor<double>.From(1));
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = 0.5 }, [a, unused]);
        UpdateStatistics<double> statistics = new([a, unused]);
        Assert.That(statistics.Rows[0].UpdateNorm, Is.NaN);
        a.SetGradient(Tensor<double>.From([6, 8], [1, 2]));
        using (statistics.Measure())
        {
            optimizer.Step();
        }
        Assert.That(statistics.Rows[0], Is.EqualTo(new ParameterStatistics("a", [1, 2], 10, 5, 5)));
        Assert.That(statistics.Rows[0].UpdateRatio, Is.EqualTo(1));
        Assert.That(statistics.Rows[0].GradientRootMeanSquare, Is.EqualTo(10 / Math.Sqrt(2)).Within(1e-15));
        Assert.That(statistics.Rows[1], Is.EqualTo(new ParameterStatistics("unused", [1], double.NaN, 1, 0)));
    }

    private static TrainingHistory History(double[] training, double[]? validation, StopReason reason) => new(
        [.. training.Select((loss, i) => new EpochRecord(i + 1, i + 1, loss, validation?[i], [], 0.1, double.NaN, TimeSpan.Zero))],
        reason,
        training.Length,
        TimeSpan.Zero);
}
