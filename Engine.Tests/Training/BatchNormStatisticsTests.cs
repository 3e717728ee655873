namespace Engine.Tests.Training;

/// <summary>Running statistics recomputed for the weights that a module has.</summary>
public sealed class BatchNormStatisticsTests
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(1);

    private readonly Tensor<double>[] _batches =
        [.. new[] { 6, 3, 9 }.Select((n, i) => Tensor<double>.RandomNormal([n, 4], s_key.Fold(i), mean: i, standardDeviation: 2))];

    private static Sequential<double> Model() => new(
        new Linear<double>(4, 5, s_key.Fold("first")), new BatchNorm<double>(5, momentum: 0.3), new Dropout<double>(0.5, s_key),
        new Sequential<double>(new Tanh<double>(), new Linear<double>(5, 2, s_key.Fold("last")), new BatchNorm<double>(2)));

    private static BatchNorm<double> First(Sequential<double> model) => (BatchNorm<double>)model.Children.ElementAt(1).Module;

    /// <summary>
    /// Catches: the layer's momentum in place of the mean of all batches, statistics that start from the old ones, evaluation statistics
    /// used in the pass, a layer that is nested and left out.
    /// </summary>
    [Test]
    public void Statistics_are_the_means_over_the_batches()
    {
        Sequential<double> model = Model();
        model.Forward(Tensor<double>.Full([2, 4], 100)); // old statistics
        model.RecomputeStatistics(_batches);
        double[][] observed = [.. _batches.Select(x => model[0].Forward(x)).Select(Columns)];
        Assert.That(First(model).RunningMean!.Value.ToArray(), Is.EqualTo(Mean(observed, 0)).Within(1e-14));
        Assert.That(First(model).RunningVariance!.Value.ToArray(), Is.EqualTo(Mean(observed, 5)).Within(1e-13));
        BatchNorm<double> last = (BatchNorm<double>)((Sequential<double>)model.Children.Last().Module).Children.Last().Module;
        Assert.That(last.RunningMean!.Value.ToArray(), Has.None.EqualTo(0));
        Assert.That(model.Counters.Select(counter => counter.ToString()),
            Is.EqualTo(new[] { "1.num_batches_tracked 3", "2.step 1", "3.2.num_batches_tracked 3" }), "dropout has made no step");
        // and again: nothing is left of the first time
        double[] before = [.. model.Buffers.SelectMany(buffer => buffer.Value.ToArray())];
        model.RecomputeStatistics(_batches, batch => model.Forward(batch));
        Assert.That(model.Buffers.SelectMany(buffer => buffer.Value.ToArray()), Is.EqualTo(before));

        static double[] Columns(Tensor<double> y)
        {
            double[] columns = new double[10];
            for (int c = 0; c < 5; c++)
            {
                double[] column = [.. Enumerable.Range(0, y.Shape[0]).Select(r => y[r, c])];
                columns[c] = column.Average();
                columns[5 + c] = column.Sum(x => (x - columns[c]) * (x - columns[c])) / (column.Length - 1);
            }
            return columns;
        }

        static double[] Mean(double[][] observed, int from) =>
            [.. Enumerable.Range(from, 5).Select(c => observed.Average(columns => columns[c]))];
    }

    /// <summary>Catches: modes that are all set to one, a momentum that stays replaced.</summary>
    [Test]
    public void Modes_and_momentum_are_as_before()
    {
        Sequential<double> model = Model();
        model.Training = false;
        model.Children.Last().Module.Training = true;
        First(model).Training = true;
        Modes(out bool[] before);
        model.RecomputeStatistics(_batches);
        Modes(out bool[] after);
        Assert.That(after, Is.EqualTo(before));
        Assert.That(before, Has.Member(true).And.Member(false));
        double mean = First(model).RunningMean!.Value[0];
        model.Forward(_batches[0]);
        double batch = Enumerable.Range(0, 6).Average(r => model[0].Forward(_batches[0])[r, 0]);
        Assert.That(First(model).RunningMean!.Value[0], Is.EqualTo(0.7 * mean + 0.3 * batch).Within(1e-14));

        void Modes(out bool[] modes)
        {
            Sequential<double> inner = (Sequential<double>)model.Children.Last().Module;
            modes = [.. model.Children.Concat(inner.Children).Select(child => child.Module.Training), model.Training];
        }
    }

    /// <summary>Catches: statistics that are half recomputed when a batch is refused; an empty sequence that resets them.</summary>
    [Test]
    public void What_throws_leaves_statistics_and_modes()
    {
        Sequential<double> model = Model();
        model.Forward(_batches[0]);
        model.Training = false;
        double[] before = [.. model.Buffers.SelectMany(buffer => buffer.Value.ToArray())];
        string[] counters = [.. model.Counters.Select(counter => counter.ToString())];
        Check(() => model.RecomputeStatistics([]), "no batches");
        Check(() => model.RecomputeStatistics([_batches[0], Tensor<double>.Zeros([3, 9])]), "[3, 9]");
        Check(() => model.RecomputeStatistics([_batches[0], Tensor<double>.Zeros([1, 4])]), "");
        Assert.That(() => model.RecomputeStatistics(null!), Throws.ArgumentNullException);
        Assert.That(() => model.RecomputeStatistics<double, int>([1], null!), Throws.ArgumentNullException);
        new Sequential<double>(new Relu<double>()).RecomputeStatistics([]); // nothing to recompute

        void Check(Action act, string word)
        {
            Assert.That(() => act(), Throws.ArgumentException.With.Message.Contains(word));
            Assert.That(model.Buffers.SelectMany(buffer => buffer.Value.ToArray()), Is.EqualTo(before));
            Assert.That(model.Counters.Select(counter => counter.ToString()), Is.EqualTo(counters));
            Assert.That(model.Training || First(model).Training, Is.False);
        }
    }

    /// <summary>
    /// Catches: averaged weights that are evaluated with the statistics of others; recomputed statistics that reach the training, or are
    /// lost when the average is swapped out.
    /// </summary>
    [Test]
    public void Statistics_recomputed_for_an_average_stay_with_it()
    {
        Sequential<double> model = Model();
        WeightAverage<double> average = WeightAverage.Equal(model);
        for (int n = 0; n < 3; n++)
        {
            foreach (Parameter<double> parameter in model.Parameters)
            {
                parameter.SetValue(Tensor<double>.RandomNormal(parameter.Shape, s_key.Fold(n).Fold(parameter.Name)));
            }
            model.Forward(_batches[n]);
            average.Update();
        }
        double[] training = [.. model.Buffers.SelectMany(buffer => buffer.Value.ToArray())];
        double[] recomputed;
        using (average.Apply())
        {
            model.RecomputeStatistics(_batches);
            recomputed = [.. model.Buffers.SelectMany(buffer => buffer.Value.ToArray())];
        }
        Assert.That(model.Buffers.SelectMany(buffer => buffer.Value.ToArray()), Is.EqualTo(training));
        Sequential<double> averaged = Model();
        for (int i = 0; i < model.Parameters.Count; i++)
        {
            averaged.Parameters[i].SetValue(average.Of(model.Parameters[i]));
        }
        averaged.RecomputeStatistics(_batches);
        Assert.That(recomputed, Is.EqualTo(averaged.Buffers.SelectMany(buffer => buffer.Value.ToArray())).And.Not.EqualTo(training));
        using (average.Apply())
        {
            Assert.That(model.Buffers.SelectMany(buffer => buffer.Value.ToArray()), Is.EqualTo(recomputed));
        }
    }

    /// <summary>Catches: a layer without statistics that throws, or one whose count goes on.</summary>
    [Test]
    public void Reset_statistics_are_those_of_a_new_layer()
    {
        BatchNorm<float> layer = new(2), without = new(2, trackRunningStatistics: false);
        layer.Forward(Tensor<float>.RandomNormal([5, 2], s_key));
        layer.ResetStatistics();
        without.ResetStatistics();
        Assert.That(layer.RunningMean!.Value.ToArray(), Is.All.Zero);
        Assert.That(layer.RunningVariance!.Value.ToArray(), Is.All.EqualTo(1f));
        Assert.That(layer.Counters.Single().Value, Is.Zero);
    }
}
