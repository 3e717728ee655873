using System.Numerics;

namespace Engine.Tests.Training;

/// <summary>The range test on a quadratic of known stability limit: gradient descent on ½L‖x‖² diverges for rates above 2/L.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class LearningRateRangeTestTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static Func<double> Quadratic(double curvature, Parameter<T> x)
    {
        Tape<T> tape = new();
        return () =>
        {
            using (tape.Record())
            {
                Tensor<T> loss = curvature / 2 * x.Value.Square().Sum();
                tape.Backward(loss);
                return double.CreateTruncating(loss.Item);
            }
        };
    }

    private static Parameter<T> Start() => new("x", Tensor<T>.From(T.One, -T.One));

    /// <summary>
    /// The loss falls by (1 − ηL)² in each update, and so is smallest before the first update with η > 2/L. Catches: a rate that is
    /// recorded one update late, that rises linearly, or that is not used.
    /// </summary>
    [TestCase(0.5)]
    [TestCase(4)]
    [TestCase(100)]
    public void TheMinimumIsAtTheStabilityLimit(double curvature)
    {
        Parameter<T> x = Start();
        Optimizer<T> optimizer = Optimizer.For(new Sgd { LearningRate = 0.1 }, [x]);
        LearningRateRangeOptions options = new() { From = 1.1e-3 / curvature, To = 1.1e3 / curvature, Updates = 61, Smoothing = 0 };
        LearningRateRangeResult result = LearningRateRangeTest.Run(optimizer, Quadratic(curvature, x), options);
        double factor = Math.Pow(10, 0.1);
        Assert.That(result.HasDiverged);
        Assert.That(result.Minimum, Is.InRange(2 / curvature, 2 / curvature * factor));
        Assert.That(result.SteepestDescent, Is.LessThan(2 / curvature).And.GreaterThan(0.02 / curvature));
        Assert.That(result.TenthOfMinimum, Is.EqualTo(result.Minimum / 10));
        Assert.That(result.Samples.Select(sample => sample.Rate),
            Is.EqualTo(result.Samples.Select((_, i) => options.From * Math.Pow(factor, i))).Within(1e-12).Percent);
        Assert.That(result.Samples, Has.Count.LessThan(61).And.Count.GreaterThan(30));
        Assert.That(result.ToString(), Does.Contain("diverged").And.Contain("steepest descent at"));
    }

    /// <summary>Catches: an average that starts from 0, or is not divided by what it lacks.</summary>
    [Test]
    public void TheSmoothedLossIsTheAverageWithoutItsBias()
    {
        double[] losses = [8, 4, 2, 3, 5];
        int next = 0;
        LearningRateRangeResult result = LearningRateRangeTest.Run(
            Optimizer.For(new Sgd(), [Start()]), () => losses[next++], new() { Updates = 5, Smoothing = 0.5 });
        // the weights are halved from each loss to the one before it
        double[] smoothed = [8, (8 + 2 * 4) / 3.0, (8 + 2 * 4 + 4 * 2) / 7.0, (8 + 2 * 4 + 4 * 2 + 8 * 3) / 15.0, (48 + 16 * 5) / 31.0];
        Assert.That(result.Samples.Select(sample => sample.Loss), Is.EqualTo(losses));
        Assert.That(result.Samples.Select(sample => sample.SmoothedLoss), Is.EqualTo(smoothed).Within(1e-15));
        Assert.That(result.HasDiverged, Is.False);
        // the differences across 1, 2, 3 are largest at the second sample
        Assert.That(result.SteepestDescent, Is.EqualTo(result.Samples[1].Rate));
    }

    /// <summary>Catches: anything that a test leaves behind.</summary>
    [Test]
    public void EverythingIsRestored([Values] bool throws)
    {
        RandomKey key = RandomKey.FromSeed(1);
        Sequential<T> model = new(
            new Linear<T>(3, 8, key.Fold("first")), new BatchNorm<T>(8), new Relu<T>(), new Dropout<T>(0.5, key.Fold("dropout")),
            new Linear<T>(8, 2, key.Fold("last")));
        Optimizer<T> optimizer = new() { NonFinite = NonFinite.Throw };
        Parameter<T>[] all = [.. model.Parameters];
        optimizer.AddGroup(new Adam { LearningRate = 0.01 * Schedule.Warmup(9) }, all[..2]);
        optimizer.AddGroup(new Momentum { LearningRate = 0.02 }, all[2..]);
        Tensor<T> x = Tensor<T>.From([.. Enumerable.Range(0, 30).Select(i => T.CreateTruncating(Math.Sin(i)))], [10, 3]);
        int[] classes = [0, 1, 0, 1, 1, 0, 0, 1, 0, 1];
        Tape<T> tape = new();
        int calls = 0;
        double Backward()
        {
            calls++;
            using (tape.Record())
            {
                Tensor<T> loss = model.Forward(x).CrossEntropy(classes);
                tape.Backward(loss);
                return throws && calls == 20 ? throw new InvalidOperationException("the loss's own") : double.CreateTruncating(loss.Item);
            }
        }
        for (int i = 0; i < 3; i++)
        {
            Backward();
            optimizer.Step();
        }
        calls = 0;
        string before = Everything();
        LearningRateRangeOptions options = new() { From = 1e-6, To = 1e30, Updates = 80, Smoothing = 0.5, Divergence = double.MaxValue };
        if (throws)
        {
            Assert.That(() => LearningRateRangeTest.Run(optimizer, Backward, options, model),
                Throws.InvalidOperationException.With.Message.EqualTo("the loss's own"));
        }
        else
        {
            LearningRateRangeTest.Run(optimizer, Backward, options, model);
            Assert.That(calls, Is.GreaterThan(20));
        }
        Assert.That(Everything(), Is.EqualTo(before));
        Assert.That(all.Select(parameter => parameter.HasGradient), Is.All.False);
        Assert.That(optimizer.NonFinite, Is.EqualTo(NonFinite.Throw));

        string Everything()
        {
            OptimizerState<T> state = optimizer.SaveState();
            IEnumerable<Tensor<T>> tensors = all.Select(parameter => parameter.Value).Concat(model.Buffers.Select(buffer => buffer.Value))
                .Concat(state.Parameters.Values.SelectMany(parameter => parameter.Arrays.Values));
            return string.Join('\n', tensors.Select(tensor => string.Join(' ', tensor.ToArray())))
                + string.Join(' ', model.Counters.Select(counter => counter.Value)) + $"\n{state.Steps} {optimizer.Report.NonFiniteSteps}"
                + string.Join(' ', state.Parameters.Values.Select(parameter => parameter.Step))
                + string.Join('\n', optimizer.Groups.Select(group => group.LearningRate));
        }
    }

    /// <summary>Catches: a loss or a gradient that is not finite and ends in an exception, or in the samples.</summary>
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void WhatIsNotFiniteEndsTheTest(double wrong)
    {
        Parameter<T> x = Start();
        Optimizer<T> optimizer = Optimizer.For(new Sgd(), [x]);
        int calls = 0;
        LearningRateRangeResult result = LearningRateRangeTest.Run(optimizer, () => ++calls == 4 ? wrong : 1);
        Assert.That((result.HasDiverged, result.Samples.Count), Is.EqualTo((true, 3)));
        calls = 0;
        result = LearningRateRangeTest.Run(optimizer, () =>
        {
            x.SetGradient(Tensor<T>.Full(x.Shape, ++calls == 4 ? T.CreateTruncating(wrong) : T.One));
            return 1;
        });
        Assert.That((result.HasDiverged, result.Samples.Count), Is.EqualTo((true, 4)));
        Assert.That((result.SteepestDescent, x.Value[0], optimizer.Report.NonFiniteSteps), Is.EqualTo(((double?)null, T.One, 0L)));
        Assert.That(result.ToString(), Does.Contain("never fell"));
        Assert.That(new LearningRateRangeResult([], true).Minimum, Is.Null);
    }

    /// <summary>Catches: options that cannot work and are found out halfway.</summary>
    [Test]
    public void WrongOptionsAreNamed()
    {
        Check(() => new() { From = 0 }, "From", "From = 0");
        Check(() => new() { To = double.NaN }, "To", "NaN");
        Check(() => new() { Updates = 2 }, "Updates", "at least 3");
        Check(() => new() { Smoothing = 1 }, "Smoothing", "[0, 1)");
        Check(() => new() { Divergence = 1 }, "Divergence", "above 1");
        Check(() => new() { From = 1, To = 0.5 }, "options", "1 to 0.5");

        static void Check(Func<LearningRateRangeOptions> options, string name, string text)
        {
            int calls = 0;
            Assert.That(
                () => LearningRateRangeTest.Run(Optimizer.For(new Sgd(), [Start()]), () => ++calls, options()),
                Throws.InstanceOf<ArgumentException>().With.Property("ParamName").EqualTo(name).And.Message.Contains(text));
            Assert.That(calls, Is.Zero);
        }
    }
}
