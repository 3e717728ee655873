namespace Engine.Tests.Measures;

/// <summary>Metrics against counts by hand, against each other, and over batches.</summary>
public sealed class MetricTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(41);

    /// <summary>Catches: rows and columns exchanged, and a class without predictions that spoils the mean.</summary>
    [Test]
    public void A_confusion_matrix_counts_by_hand()
    {
        ConfusionMatrix matrix = new(["cat", "dog", "emu"]);
        foreach ((int actual, int predicted) in ((int, int)[])[(0, 0), (0, 0), (0, 1), (1, 1), (1, 0), (1, 1), (2, 1), (0, 0)])
        {
            matrix.Add(Logits(predicted, 3), [actual]);
        }
        Assert.Multiple(() =>
        {
            Assert.That(matrix[0, 0], Is.EqualTo(3));
            Assert.That(matrix[0, 1], Is.EqualTo(1));
            Assert.That(matrix[2, 1], Is.EqualTo(1));
            Assert.That(matrix.Count, Is.EqualTo(8));
            Assert.That(matrix.Accuracy, Is.EqualTo(5.0 / 8));
            Assert.That(matrix.Precision(0), Is.EqualTo(3.0 / 4));
            Assert.That(matrix.Recall(1), Is.EqualTo(2.0 / 3));
            Assert.That(matrix.Precision(2), Is.Zero, "never predicted");
            Assert.That(matrix.F1(0), Is.EqualTo(0.75).Within(1e-15));
            Assert.That(matrix.F1(1), Is.EqualTo(4.0 / 7).Within(1e-15));
            Assert.That(matrix.MacroF1, Is.EqualTo((0.75 + 4.0 / 7 + 0) / 3).Within(1e-15));
            Assert.That(matrix.WeightedF1, Is.EqualTo((4 * 0.75 + 3 * 4.0 / 7) / 8).Within(1e-15));
            Assert.That(matrix.ToString(), Does.Contain("emu").And.Contain("precision").And.Contain("0.667"));
        });
        matrix.Reset();
        Assert.That(matrix.Accuracy, Is.NaN);
        Assert.That(matrix.MacroF1, Is.NaN);
    }

    /// <summary>Catches: a row with NaN that counts as a prediction, or is not counted at all.</summary>
    [Test]
    public void A_row_with_NaN_is_wrong()
    {
        ConfusionMatrix matrix = new(2);
        matrix.Add(Tensor<double>.From([double.NaN, 1, 0, 1], [2, 2]), [1, 1]);
        Assert.That(matrix.Accuracy, Is.EqualTo(0.5));
        Assert.That(matrix.Recall(1), Is.EqualTo(0.5));
        Assert.That(matrix.Precision(1), Is.EqualTo(1));
    }

    /// <summary>Top-1 is the accuracy, top-n is everything, and more never is worse.</summary>
    [Test]
    public void Top_k_grows_from_the_accuracy_to_one()
    {
        Tensor<float> logits = Tensor<float>.Random([50, 6], Key, Distribution.Normal(0, 1));
        int[] classes = [.. Enumerable.Range(0, 50).Select(i => i * 7 % 6)];
        double before = 0;
        for (int k = 1; k <= 6; k++)
        {
            double now = Metrics.TopKAccuracy(logits, classes, k);
            Assert.That(now, Is.GreaterThanOrEqualTo(before));
            before = now;
        }
        Assert.That(Metrics.TopKAccuracy(logits, classes, 1), Is.EqualTo(Metrics.Accuracy(logits, classes)));
        Assert.That(before, Is.EqualTo(1));
        // of equal logits the first come first, as for the accuracy
        Assert.That(Metrics.TopKAccuracy(Tensor<float>.Zeros([1, 4]), [2], 2), Is.Zero);
        Assert.That(Metrics.TopKAccuracy(Tensor<float>.Zeros([1, 4]), [1], 2), Is.EqualTo(1));
        Assert.That(
            () => Metrics.TopKAccuracy(logits, classes, 7),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("k = 7, expected 1 to 6"));
    }

    /// <summary>Catches: a mean of the batches' means, which is wrong where the last batch is smaller.</summary>
    [Test]
    public void Batches_add_up_to_the_whole()
    {
        Tensor<double> logits = Tensor<double>.Random([25, 4], Key, Distribution.Normal(0, 1));
        int[] classes = [.. Enumerable.Range(0, 25).Select(i => i % 4)];
        Tensor<double> targets = Tensor<double>.Random([25, 4], Key.Fold(1), Distribution.Normal(3, 2));
        ClassificationMetric[] classification = [new Accuracy(), new TopKAccuracy(2), new ConfusionMatrix(4)];
        RegressionMetric[] regression = [new MeanAbsoluteError(), new RootMeanSquaredError(), new RSquared()];
        double[] whole = Measure([0, 25]), parts = Measure([0, 8, 16, 24, 25]);
        for (int i = 0; i < whole.Length; i++)
        {
            Assert.That(parts[i], Is.EqualTo(whole[i]).Within(1e-14 * Math.Abs(whole[i])));
        }
        Assert.That(whole[0], Is.EqualTo(Metrics.Accuracy(logits, classes)));
        Assert.That(whole[3], Is.EqualTo(Metrics.MeanAbsoluteError(logits, targets)));

        double[] Measure(int[] borders)
        {
            Array.ForEach(classification, static metric => metric.Reset());
            Array.ForEach(regression, static metric => metric.Reset());
            for (int i = 1; i < borders.Length; i++)
            {
                Range rows = borders[i - 1]..borders[i];
                Array.ForEach(classification, metric => metric.Add(logits.Slice(rows), classes.AsSpan()[rows]));
                Array.ForEach(regression, metric => metric.Add(logits.Slice(rows), targets.Slice(rows)));
            }
            return [.. classification.Select(static m => m.Value), .. regression.Select(static m => m.Value)];
        }
    }

    /// <summary>Catches: a spread from Σy² − nȳ², which cancels where the targets are far from 0.</summary>
    [Test]
    public void R_squared_is_that_of_its_definition()
    {
        Tensor<double> target = Tensor<double>.From(1e9 + 1, 1e9 + 2, 1e9 + 4, 1e9 + 5);
        Tensor<double> mean = Tensor<double>.Full([4], 1e9 + 3);
        Assert.Multiple(() =>
        {
            Assert.That(Metrics.RSquared(target, target), Is.EqualTo(1));
            Assert.That(Metrics.RSquared(mean, target), Is.EqualTo(0).Within(1e-12));
            // one residual of 1 in a spread of 4 + 1 + 1 + 4
            Assert.That(Metrics.RSquared(Tensor<double>.From(1e9 + 2, 1e9 + 2, 1e9 + 4, 1e9 + 5), target), Is.EqualTo(0.9).Within(1e-12));
            Assert.That(Metrics.RSquared(Tensor<double>.From(1, 2), Tensor<double>.From(1, 1)), Is.EqualTo(double.NegativeInfinity));
            Assert.That(Metrics.RootMeanSquaredError(Tensor<double>.From(3, 0), Tensor<double>.From(0, 4)), Is.EqualTo(Math.Sqrt(12.5)));
        });
    }

    /// <summary>Catches: something counted before the check that throws.</summary>
    [Test]
    public void Bad_input_is_named_and_adds_nothing()
    {
        ConfusionMatrix matrix = new(3);
        Tensor<float> two = Tensor<float>.Zeros([1, 2]);
        Assert.Multiple(() =>
        {
            Assert.That(() => new ConfusionMatrix(0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("0 classes"));
            Assert.That(() => new TopKAccuracy(0), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("k = 0"));
            Assert.That(() => matrix.Add(two, [1]), Throws.ArgumentException.With.Message.Contains("expected [rows, 3]"));
            Assert.That(() => matrix[3, 0], Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("class 3"));
            Assert.That(
                () => new TopKAccuracy(3).Add(two, [1]), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1 to 2"));
            Assert.That(() => new RSquared().Add(two, Tensor<float>.Zeros([2])), Throws.ArgumentException.With.Message.Contains("[2]"));
            Assert.That(
                () => Metrics.RSquared(Tensor<float>.Zeros([0]), Tensor<float>.Zeros([0])),
                Throws.ArgumentException.With.Message.Contains("without elements"));
            Assert.That(matrix.Count, Is.Zero);
        });
    }

    private static Tensor<float> Logits(int largest, int classes) =>
        Tensor<float>.From([.. Enumerable.Range(0, classes).Select(i => i == largest ? 1f : 0f)], [1, classes]);
}
