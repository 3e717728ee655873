namespace Engine.Tests.Optimizers.Schedules;

/// <summary>The schedule that has a state: what it counts, what it remembers, and who shares it.</summary>
public sealed class ReduceOnPlateauTests
{
    private static ReduceOnPlateau Make(Improvement improvement, ImprovementThreshold threshold, long patience, long cooldown) =>
        new() { Improvement = improvement, Threshold = threshold, Patience = patience, Cooldown = cooldown };

    /// <summary>The cases of PyTorch's own test, with the rate after each metric.</summary>
    private static IEnumerable<TestCaseData> Cases()
    {
        (Improvement decrease, Improvement increase) = (Improvement.Decrease, Improvement.Increase);
        yield return Case("1", Make(decrease, ImprovementThreshold.Absolute(0.01), 5, 5), Linear(10, -0.0167, 20), (20, 0.5));
        yield return Case(
            "2", Make(decrease, ImprovementThreshold.Absolute(0.1), 5, 0), Linear(10, -0.0165, 22),
            (6, 0.5), (7, 0.05), (7, 0.005), (2, 0.0005));
        yield return Case("3", Make(increase, ImprovementThreshold.Absolute(1e-4), 5, 5),
            [.. Enumerable.Repeat(-0.8, 2), .. Enumerable.Repeat(-0.234, 20)], (8, 0.5), (11, 0.05), (3, 0.005));
        yield return Case("4", Make(increase, ImprovementThreshold.Relative(0.1), 3, 0), Powers(1.5, 1.025, 20), (20, 0.5));
        yield return Case(
            "5", Make(increase, ImprovementThreshold.Relative(0.1), 5, 5), Powers(1.5, 1.005, 20), (6, 0.5), (11, 0.05), (3, 0.005));
        yield return Case("6", Make(decrease, ImprovementThreshold.Relative(0.1), 5, 0), Powers(1.5, 0.85, 20), (20, 0.5));
        yield return Case("7", Make(decrease, ImprovementThreshold.Relative(0.1), 5, 5),
            [.. Enumerable.Repeat(1.0, 7), 0.6, .. Enumerable.Repeat(0.5, 12)], (6, 0.5), (11, 0.05), (3, 0.005));

        static double[] Linear(double start, double step, int count) => [.. Enumerable.Range(0, count).Select(i => start + step * i)];

        static double[] Powers(double start, double factor, int count) =>
            [.. Enumerable.Range(0, count).Select(i => start * Math.Pow(factor, i))];

        static TestCaseData Case(string name, ReduceOnPlateau plateau, double[] metrics, params (int Count, double Rate)[] rates) =>
            new TestCaseData(plateau, metrics, rates.SelectMany(run => Enumerable.Repeat(run.Rate, run.Count)).ToArray())
                .SetArgDisplayNames(name);
    }

    /// <summary>Catches: a patience, a cooldown or a threshold that is off by one or compared the wrong way.</summary>
    [TestCaseSource(nameof(Cases))]
    public void RatesAreThoseOfPyTorchsTests(ReduceOnPlateau plateau, double[] metrics, double[] rates)
    {
        Schedule schedule = plateau.Reduce(0.5);
        Assert.That(metrics, Has.Length.EqualTo(rates.Length));
        List<double> after = [];
        foreach (double metric in metrics)
        {
            double before = schedule.At(after.Count);
            bool reduced = plateau.Observe(metric);
            after.Add(schedule.At(after.Count));
            Assert.That(reduced, Is.EqualTo(after[^1] < before));
        }
        Assert.That(after, Is.EqualTo(rates).Within(1e-15));
    }

    /// <summary>Case 8 of PyTorch's test. Catches: a bound that holds for another group, or is undershot.</summary>
    [Test]
    public void EachScheduleHasItsOwnBound()
    {
        ReduceOnPlateau plateau = Make(Improvement.Increase, ImprovementThreshold.Relative(0.1), 5, 5);
        Schedule first = plateau.Reduce(0.5, minimum: 0.4), second = plateau.Reduce(0.5, minimum: 0.3), bounded = plateau.Reduce(0.2, 0.3);
        for (int i = 0; i < 20; i++)
        {
            plateau.Observe(1.5 * Math.Pow(1.005, i));
            Assert.That((first.At(i), second.At(i)), Is.EqualTo(i < 6 ? (0.5, 0.5) : (0.4, 0.3)), $"{i}");
            Assert.That(bounded.At(i), Is.EqualTo(0.2), "a value below the bound is not raised to it");
        }
    }

    /// <summary>Catches: a reduction that is applied to the rate of the last step, in place of the schedule's own.</summary>
    [Test]
    public void ItMultipliesASchedule()
    {
        ReduceOnPlateau plateau = new() { Factor = 0.5, Patience = 0 };
        Schedule start = Schedule.Linear(8, 0, 8), schedule = plateau.Reduce(start), tiny = plateau.Reduce(1, epsilon: 0.3);
        plateau.Observe(1);
        Assert.That(schedule.At(4), Is.EqualTo(4));
        plateau.Observe(1);
        Assert.That((schedule.At(4), schedule.At(8), schedule.At(0)), Is.EqualTo((2.0, 4.0, 0.0)));
        plateau.Observe(1);
        Assert.That((schedule.At(4), schedule.At(8)), Is.EqualTo((1.0, 2.0)));
        Assert.That(tiny.At(0), Is.EqualTo(0.5), "0.25 would change it by less than epsilon");
    }

    /// <summary>Catches: a NaN that counts as a bad metric, or becomes the best one that nothing is better than.</summary>
    [Test]
    public void NaNIsRefusedAndChangesNothing()
    {
        ReduceOnPlateau plateau = new() { Patience = 1 };
        plateau.Observe(3);
        plateau.Observe(4);
        PlateauState before = plateau.State;
        Assert.That(() => plateau.Observe(double.NaN),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("metric = NaN").And.Message.Contains("a number"));
        Assert.That(plateau.State, Is.EqualTo(before).And.EqualTo(new PlateauState(3, 1, 0, 0)));
        Assert.That((plateau.Observe(double.PositiveInfinity), plateau.State), Is.EqualTo((true, new PlateauState(3, 0, 0, 1))));
    }

    /// <summary>Catches: a part of the state that is not in it.</summary>
    [Test]
    public void ARestoredStateGoesOnAsIfNothingHadHappened()
    {
        double[] metrics = [5, 4, 4, 4, 4, 3.9, 4, 4, 4, 4, 4, 4, 4, 4, 3, 3, 3, 3, 3, 3, 3];
        for (int cut = 0; cut <= metrics.Length; cut++)
        {
            ReduceOnPlateau whole = New(), first = New(), second = New();
            Schedule a = whole.Reduce(1), b = second.Reduce(1);
            for (int i = 0; i < cut; i++)
            {
                whole.Observe(metrics[i]);
                first.Observe(metrics[i]);
            }
            second.State = first.State;
            for (int i = cut; i < metrics.Length; i++)
            {
                Assert.That(second.Observe(metrics[i]), Is.EqualTo(whole.Observe(metrics[i])));
                Assert.That(b.At(i), Is.EqualTo(a.At(i)), $"{cut}, {i}");
            }
            Assert.That(second.State, Is.EqualTo(whole.State));
            Assert.That(whole.State.Reductions, Is.GreaterThan(2));
        }

        static ReduceOnPlateau New() => new() { Factor = 0.5, Patience = 1, Cooldown = 2 };
    }

    /// <summary>Catches: a state from a file that cannot be one.</summary>
    [Test]
    public void AStateOfWrongNumbersIsRefused()
    {
        foreach ((Action make, string name) in (IEnumerable<(Action, string)>)
            [
                (() => _ = new PlateauState(double.NaN, 0, 0, 0), "best"), (() => _ = new PlateauState(0, -1, 0, 0), "withoutImprovement"),
                (() => _ = new PlateauState(0, 0, -1, 0), "cooldownLeft"), (() => _ = new PlateauState(0, 0, 0, -1), "reductions"),
            ])
        {
            Assert.That(() => make(), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Property("ParamName").EqualTo(name));
        }
        Assert.That(() => ImprovementThreshold.Relative(1), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ImprovementThreshold.Absolute(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
