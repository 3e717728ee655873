using System.Numerics;

namespace Engine.Tests.Training;

/// <summary>Averages of weights, with sequences made by hand.</summary>
public sealed class WeightAverageTests
{
    private static readonly double[] s_sequence = [3, -1, 4, 1, -5, 9, 2, -6, 5, 3];

    /// <summary>A parameter, a buffer and a counter.</summary>
    private sealed class Small<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Small(int length = 3)
        {
            Weight = AddParameter("weight", Tensor<T>.Zeros([length]));
            Statistic = AddBuffer("statistic", Tensor<T>.Zeros([2]));
            Count = AddCounter("count");
        }

        public Parameter<T> Weight { get; }

        public NamedTensor<T> Statistic { get; }

        public NamedCounter Count { get; }

        public override Tensor<T> Forward(Tensor<T> x) => x * Weight.Value;

        public void Set(double value)
        {
            Weight.SetValue(Tensor<T>.Full(Weight.Shape, T.CreateTruncating(value)));
            Statistic.SetValue(Tensor<T>.Full([2], T.CreateTruncating(10 * value)));
            Count.Value++;
        }

        public void Grow() => AddParameter("late", Tensor<T>.Zeros([1]));
    }

    private static IEnumerable<TestCaseData> Averages()
    {
        // PyTorch's AveragedModel: the first weights, then decay·avg + (1 − decay)·θ
        yield return Case("PyTorch's", m => WeightAverage.Exponential(m, Schedule.Function(n => n == 0 ? 0 : 0.7)),
            (i, n) => Math.Pow(0.7, n - 1 - i) * (i == 0 ? 1 : 0.3));
        yield return Case("debiased", m => WeightAverage.Exponential(m, 0.7),
            (i, n) => 0.3 * Math.Pow(0.7, n - 1 - i) / (1 - Math.Pow(0.7, n)));
        yield return Case("no memory", m => WeightAverage.Exponential(m, 0), (i, n) => i == n - 1 ? 1 : 0);
        yield return Case("warmup", m => WeightAverage.Exponential(m, Schedule.Function(Warmup)), (i, n) =>
        {
            double product = 1, weight = 0;
            for (int k = 0; k < n; k++)
            {
                weight = k == i ? 1 - Warmup(k) : weight * Warmup(k);
                product *= Warmup(k);
            }
            return weight / (1 - product);
        });
        yield return Case("equal", WeightAverage.Equal, (i, n) => 1.0 / n);

        static double Warmup(long n) => Math.Min(0.9, (1.0 + n) / (10 + n));

        static TestCaseData Case(string name, Func<Layer<double>, WeightAverage<double>> create, Func<int, int, double> weight) =>
            new TestCaseData(create, weight).SetArgDisplayNames(name);
    }

    /// <summary>
    /// Catches: a missing or wrong correction of the bias, a schedule that is read one update late, a buffer that stays behind, a
    /// parameter that is taken for another.
    /// </summary>
    /// <param name="create">Makes the average.</param>
    /// <param name="weight">The weight of entry i of the sequence in the average of n entries.</param>
    [TestCaseSource(nameof(Averages))]
    public void The_average_is_the_weighted_sum(
        Func<Layer<double>, WeightAverage<double>> create, Func<int, int, double> weight)
    {
        Small<double> module = new();
        WeightAverage<double> average = create(module);
        for (int n = 1; n <= s_sequence.Length; n++)
        {
            module.Set(s_sequence[n - 1]);
            average.Update();
            double expected = Enumerable.Range(0, n).Sum(i => weight(i, n) * s_sequence[i]);
            Assert.That(average.Updates, Is.EqualTo(n));
            Assert.That(average.Of(module.Weight).ToArray(), Is.All.EqualTo(expected).Within(1e-14), $"after {n}");
            Assert.That(average.SaveState().Values["statistic"].ToArray(), Is.All.EqualTo(10 * expected).Within(1e-13), $"after {n}");
        }
    }

    /// <summary>Catches: an average of constant weights that is off by rounding, or that starts from zero.</summary>
    [TestCase(0.999)]
    [TestCase(-1)]
    public void Constant_weights_are_their_average(double decay)
    {
        Small<float> module = new();
        WeightAverage<float> average = decay < 0 ? WeightAverage.Equal(module) : WeightAverage.Exponential(module, decay);
        module.Set(0.1);
        for (int n = 0; n < 5; n++)
        {
            average.Update();
            Assert.That(average.Of(module.Weight).ToArray(), Is.All.EqualTo(0.1f));
        }
    }

    /// <summary>Zero, denormal, huge, infinite and NaN weights: the first is copied; what is not finite stays that.</summary>
    [Test]
    public void Extreme_weights([Values(0, double.Epsilon, 1e300, double.PositiveInfinity, double.NaN)] double extreme)
    {
        foreach (bool isExponential in (bool[])[true, false])
        {
            Small<double> module = new();
            WeightAverage<double> average = isExponential ? WeightAverage.Exponential(module, 0.5) : WeightAverage.Equal(module);
            module.Set(1e10);
            average.Update();
            module.Set(extreme);
            average.Update();
            double share = isExponential ? 2.0 / 3 : 0.5, expected = 1e10 + share * (extreme - 1e10);
            Assert.That(average.Of(module.Weight).ToArray(), Is.All.EqualTo(expected).Within(1e-12).Percent);
            WeightAverage<double> fresh = WeightAverage.Equal(module);
            fresh.Update();
            SameBits.Check<double>(fresh.Of(module.Weight).ToArray(), module.Weight.Value.Span, "the first");
            module.Set(1);
            average.Update();
            Assert.That(double.IsFinite(average.Of(module.Weight).Span[0]), Is.EqualTo(double.IsFinite(extreme)));
        }
    }

    /// <summary>
    /// Catches: weights or buffers that come back with other bits, a swap that is forgotten when the body throws or made twice, a chunk
    /// border; a counter that is swapped.
    /// </summary>
    [Test]
    public void It_is_swapped_in_and_out_bit_for_bit([Values(1, 512, 1300)] int length)
    {
        Small<double> module = new(length);
        module.Set(2);
        WeightAverage<double> average = WeightAverage.Equal(module);
        average.Update();
        double[] odd = new double[length];
        RandomKey.FromSeed(1).FillNormal<double>(odd);
        (odd[0], odd[^1]) = (length > 1 ? -0.0 : double.NaN, double.NaN);
        module.Weight.SetValue(Tensor<double>.From(odd, [length]));
        WeightAverage<double>.Application application = average.Apply();
        Assert.That(average.IsApplied);
        Assert.That(module.Weight.Value.ToArray(), Is.All.EqualTo(2.0));
        Assert.That(average.Of(module.Weight).ToArray(), Is.All.EqualTo(2.0));
        Assert.That(average.SaveState().Values["weight"].ToArray(), Is.All.EqualTo(2.0));
        Assert.That((module.Statistic.Value.Span[1], module.Count.Value), Is.EqualTo((20.0, 1L)));
        foreach (Action act in (Action[])[() => average.Apply(), average.Update, () => average.LoadState(average.SaveState())])
        {
            Assert.That(() => act(), Throws.InvalidOperationException.With.Message.Contains("applied"));
        }
        application.Dispose();
        application.Dispose();
        SameBits.Check<double>(module.Weight.Value.Span, odd, "after");
        Assert.That(average.Of(module.Weight).ToArray(), Is.All.EqualTo(2.0));
        Assert.That(
            () =>
            {
                using (average.Apply())
                {
                    application.Dispose(); // of an application that has ended
                    Assert.That(module.Weight.Value.ToArray(), Is.All.EqualTo(2.0));
                    throw new TimeoutException();
                }
            },
            Throws.InstanceOf<TimeoutException>());
        SameBits.Check<double>(module.Weight.Value.Span, odd, "after a throw");
        default(WeightAverage<double>.Application).Dispose();
    }

    /// <summary>Catches: weights that lose digits beside much larger ones which the average is to forget.</summary>
    [Test]
    public void Without_memory_the_average_is_the_weights_bit_for_bit()
    {
        Small<double> module = new();
        WeightAverage<double> average = WeightAverage.Exponential(module, 0);
        foreach (double weight in (double[])[1e30, 0.1, double.NaN, 0.3])
        {
            module.Set(weight);
            average.Update();
            SameBits.Check<double>(average.Of(module.Weight).ToArray(), module.Weight.Value.Span, "the last weights");
        }
    }

    /// <summary>Catches: a backward pass with other weights than those that the forward pass has read.</summary>
    [Test]
    public void A_recording_that_has_read_the_weights_is_refused()
    {
        Small<double> module = new();
        module.Set(1);
        WeightAverage<double> average = WeightAverage.Equal(module);
        average.Update();
        Tape<double> tape = new();
        using (tape.Record())
        {
            Tensor<double> loss = module.Forward(Tensor<double>.Ones([3])).Sum();
            average.Apply().Dispose();
            Assert.That(() => tape.Backward(loss), Throws.InvalidOperationException.With.Message.Contains("weight"));
        }
    }

    /// <summary>Catches: a product of decays, a count or a buffer that is not saved; a state that later updates change.</summary>
    [Test]
    public void A_restored_average_continues_bit_for_bit([Values] bool isExponential)
    {
        Small<float> module = new(), other = new();
        WeightAverage<float> first = Create(module), second = Create(other);
        WeightAverageState<float> state = first.SaveState();
        second.Update();
        for (int n = 0; n < s_sequence.Length; n++)
        {
            if (n is 0 or 4)
            {
                state = first.SaveState();
                second.LoadState(state);
            }
            module.Set(s_sequence[n]);
            other.Set(s_sequence[n]);
            first.Update();
            second.Update();
            SameBits.Check<float>(second.Of(other.Weight).ToArray(), first.Of(module.Weight).ToArray(), $"after {n + 1}");
        }
        Assert.That(state.Updates, Is.EqualTo(4));

        WeightAverage<float> Create(Layer<float> of) => isExponential
            ? WeightAverage.Exponential(of, Schedule.Function(n => 0.9 - 0.05 * n))
            : WeightAverage.Equal(of);
    }

    [Test]
    public void Mistakes_are_named_and_change_nothing()
    {
        Small<double> module = new(), stranger = new();
        module.Set(1);
        WeightAverage<double> average = WeightAverage.Exponential(module, Schedule.Function(n => n == 1 ? 1 : 0.5));
        Assert.That(() => average.Apply(), Throws.InvalidOperationException.With.Message.Contains("without an update"));
        Assert.That(() => average.Of(module.Weight), Throws.InvalidOperationException.With.Message.Contains("without an update"));
        Assert.That(() => average.Of(stranger.Weight), Throws.ArgumentException.With.Message.Contains("'weight'"));
        foreach (double decay in (double[])[1, -0.1, double.NaN])
        {
            Assert.That(
                () => WeightAverage.Exponential(module, decay),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("β"));
        }
        average.Update();
        module.Set(9);
        Assert.That(() => average.Update(), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("β = 1 at update 2"));
        Dictionary<string, Tensor<double>> wrong = new() { ["weight"] = Tensor<double>.Zeros([4]), ["x"] = default };
        Assert.That(
            () => average.LoadState(new WeightAverageState<double>(1, 1, wrong)),
            Throws.ArgumentException.With.Message.Contains("- x: in the state, not").And.Message.Contains("- weight: got the shape [4]")
                .And.Message.Contains("- statistic: in the module, not"));
        WeightAverageState<double> state = average.SaveState();
        Assert.That(() => average.LoadState(state with { Updates = -1 }), Throws.ArgumentException.With.Message.Contains("-1 updates"));
        Assert.That(
            () => average.LoadState(state with { DecayProduct = double.NaN }), Throws.ArgumentException.With.Message.Contains("NaN"));
        Assert.That((average.Updates, average.Of(module.Weight).Span[0]), Is.EqualTo((1L, 1.0)));
        Assert.That(average.ToString(), Is.EqualTo("exponential average, decay n => n == 1 ? 1 : 0.5, 1 updates"));
        module.Grow();
        Assert.That(() => average.Update(), Throws.InvalidOperationException.With.Message.Contains("other parameters"));
        Assert.That(() => WeightAverage.Equal<double>(null!), Throws.ArgumentNullException);
    }

    /// <summary>Catches: a list, enumerator or copy that is made for each update or swap; threads that change a bit.</summary>
    [Test]
    public void A_warm_update_allocates_nothing_and_threads_change_no_bit()
    {
        float[]? first = null;
        foreach (int threads in (int[])[1, 2, 7])
        {
            using Threads set = Threads.Set(threads);
            Sequential<float> model = new(new Linear<float>(300, 301, RandomKey.FromSeed(1)), new BatchNorm<float>(301));
            WeightAverage<float> average = WeightAverage.Exponential(model, 0.9);
            for (int n = 0; n < 3; n++)
            {
                model.Parameters[0].SetValue(Tensor<float>.RandomNormal([301, 300], RandomKey.FromSeed(n)));
                average.Update();
            }
            float[] result = average.Of(model.Parameters[0]).ToArray();
            SameBits.Check<float>(result, first ??= result, "average");
            Warm.AllocatesNothing(() =>
            {
                average.Update();
                average.Apply().Dispose();
            });
        }
    }
}
