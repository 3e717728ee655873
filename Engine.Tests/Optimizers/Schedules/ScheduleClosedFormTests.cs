namespace Engine.Tests.Optimizers.Schedules;

/// <summary>Schedules against their closed forms, at their ends, and where other libraries have gone wrong.</summary>
public sealed class ScheduleClosedFormTests
{
    /// <summary>Catches: an end that is missed by a rounding, or by one update.</summary>
    [TestCase(0.1, 0.9)]
    [TestCase(0.7, 0.3)]
    [TestCase(1.0 / 3, 1e-9)]
    [TestCase(1e-9, 1.0 / 3)]
    public void EndsAreExact(double from, double to)
    {
        foreach (long n in (long[])[1, 2, 3, 7, 49, 1000, 999_983])
        {
            Schedule[] all =
            [
                Schedule.Linear(n, from, to), Schedule.Cosine(n, from, to), Schedule.Geometric(n, from, to),
                Schedule.Polynomial(n, 1.5, from, to), Schedule.CosinePower(n, 0.5, from, to),
                Schedule.Piecewise(Interpolation.Cosine, (0, from), (n, to)),
            ];
            foreach (Schedule schedule in all)
            {
                Assert.That((schedule.At(0), schedule.At(n)), Is.EqualTo((from, to)), $"{schedule}");
            }
        }
    }

    /// <summary>
    /// Catches: (1 + cos)/2 in a cosine and 1 − t/N in a line, which near the end are mostly rounding: the last rates of a long run.
    /// </summary>
    [TestCase(100)]
    [TestCase(90_000)]
    [TestCase(100_000_000)]
    public void TheLastValuesAreAsAccurateAsTheFirst(long n)
    {
        Schedule cosine = Schedule.Cosine(n), rise = Schedule.CosineWarmup(n), line = Schedule.Linear(n), power = Schedule.Polynomial(n, 3);
        foreach (long left in (long[])[1, 2, 5, 30])
        {
            double sine = Math.Sin(Math.PI / 2 * left / n);
            Assert.That(cosine.At(n - left), Is.EqualTo(sine * sine).Within(1e-15 * 4 * sine * sine), $"{left} before the end");
            Assert.That(rise.At(left), Is.EqualTo(cosine.At(n - left)), $"{left} after the start");
            Assert.That(line.At(n - left), Is.EqualTo((double)left / n), $"{left} before the end");
            double cube = Math.Pow((double)left / n, 3);
            Assert.That(power.At(n - left), Is.EqualTo(cube).Within(1e-15 * cube), $"{left} before the end");
        }
    }

    /// <summary>The guide's StepLR(30, 0.1) and ExponentialLR(0.9), by epoch. Catches: an epoch that begins one update late.</summary>
    [Test]
    public void TheGuidesSchedulesByEpoch()
    {
        const int updates = 391;
        Schedule step = 0.1 * Schedule.Step(30, 0.1).ByEpoch(updates), exponential = 0.1 * Schedule.Exponential(0.9).ByEpoch(updates);
        foreach (int epoch in (int[])[0, 1, 29, 30, 31, 59, 60, 89, 90])
        {
            foreach (int update in (int[])[0, 1, updates - 1])
            {
                long t = (long)epoch * updates + update;
                Assert.That(step.At(t), Is.EqualTo(0.1 * Math.Pow(0.1, epoch / 30)).Within(1e-16), $"{epoch}, {update}");
                Assert.That(exponential.At(t), Is.EqualTo(0.1 * Math.Pow(0.9, epoch)).Within(1e-16), $"{epoch}, {update}");
            }
        }
    }

    /// <summary>
    /// Catches: a cycle that is found by a logarithm. PyTorch's step(121) with T_0 = 1, T_mult = 3 is at the end of a cycle, since log₃ 243
    /// is 4.999… in floating point (150 of 2,648 restarts are wrong there).
    /// </summary>
    [Test]
    public void RestartsAreWhereTheyBelong()
    {
        foreach (long multiplier in (long[])[1, 2, 3, 4, 5, 6, 7, 10])
        {
            foreach (long first in (long[])[1, 2, 3, 5, 50])
            {
                Schedule schedule = Schedule.CosineRestarts(first, multiplier);
                long start = 0, length = first;
                for (int cycle = 0; cycle < 9 && start < 100_000_000; cycle++)
                {
                    Assert.That(schedule.At(start), Is.EqualTo(1), $"{schedule}: restart at {start}");
                    Assert.That(
                        schedule.At(start + length - 1), Is.EqualTo(Schedule.Cosine(length).At(length - 1)), $"{schedule}: {start}");
                    start += length;
                    length *= multiplier;
                }
            }
        }
        Assert.That(Schedule.CosineRestarts(1, 3).At(121), Is.EqualTo(1));
    }

    /// <summary>Catches: a wrong count of milestones; one that is given twice and applied once.</summary>
    [Test]
    public void AMilestoneTwiceMultipliesTwice()
    {
        Schedule schedule = Schedule.MultiStep(0.5, 2, 4, 4);
        Assert.That(Enumerable.Range(0, 7).Select(t => schedule.At(t)), Is.EqualTo(new[] { 1, 1, 0.5, 0.5, 0.125, 0.125, 0.125 }));
    }

    /// <summary>
    /// PyTorch's own test of ChainedScheduler and SequentialLR (issues 162359, 20086). Catches: factors that pile up from step to step, a
    /// child that starts from the rate that the one before it left.
    /// </summary>
    [Test]
    public void ChainsDoNotDrift()
    {
        Schedule chain = 0.05 * (Schedule.Linear(3, 0.4, 1) * Schedule.MultiStep(0.1, 4, 8, 10));
        double[] expected = [0.02, 0.03, 0.04, 0.05, 0.005, 0.005, 0.005, 0.005, 0.0005, 0.0005, 0.00005, 0.00005, 0.00005];
        Assert.That(Enumerable.Range(0, 13).Select(t => chain.At(t)), Is.EqualTo(expected).Within(1e-17));
        Schedule turns = 2 * Schedule.Linear(4, 0.1, 0.8).Then(Schedule.Linear(4, 0.8, 0.1));
        Assert.That(Enumerable.Range(0, 8).Select(t => turns.At(t)),
            Is.EqualTo(new[] { 0.2, 0.55, 0.9, 1.25, 1.6, 1.25, 0.9, 0.55 }).Within(1e-15));
        Schedule nested = 0.05 * (Schedule.Linear(5, 0.1, 1) * Schedule.Constant(0.1).For(5).Then(1)).Then(0.5);
        Assert.That(Enumerable.Range(0, 8).Select(t => nested.At(t)),
            Is.EqualTo(new[] { 0.0005, 0.0014, 0.0023, 0.0032, 0.0041, 0.025, 0.025, 0.025 }).Within(1e-17));
    }

    /// <summary>PyTorch's tests of OneCycleLR. Catches: a phase that ends one update early, a value past the end.</summary>
    [Test]
    public void OneCycleIsThatOfPyTorchsTests()
    {
        Check(Schedule.OneCycle(10, 0.3, 1, 25, 0.5, Interpolation.Linear), 1, 13, 25, 21.5, 18, 14.5, 11, 7.5, 4, 0.5, 0.5, 0.5);
        Check(Schedule.OneCycle(10, 0.3, 22, 1, 22, Interpolation.Linear), 22, 11.5, 1, 4, 7, 10, 13, 16, 19, 22, 22);
        Check(Schedule.OneCycleThreePhase(10, 0.4, 1, 25, 0.25, Interpolation.Linear), 1, 9, 17, 25, 17, 9, 1, 0.75, 0.5, 0.25, 0.25);
        // pct_start·total_steps = 1, where PyTorch divides by zero
        Check(Schedule.OneCycle(10, 0.1, 0, 9, 0, Interpolation.Linear), 9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0);
        Check(Schedule.OneCycle(5, 0.1, 0, 8, 0, Interpolation.Linear), 8, 6, 4, 2, 0, 0);

        static void Check(Schedule schedule, params double[] expected) => Assert.That(
            Enumerable.Range(0, expected.Length).Select(t => schedule.At(t)), Is.EqualTo(expected).Within(1e-14), $"{schedule}");
    }

    /// <summary>Vaswani et al.: min(s^−½, s·w^−1.5)·√w with s = t. Catches: a decay that does not join the warm-up.</summary>
    [Test]
    public void WarmupAndInverseSquareRootAreTheTransformers()
    {
        const int w = 40;
        Schedule schedule = Schedule.Warmup(w).Then(Schedule.InverseSquareRoot(w));
        for (int t = 1; t < 500; t++)
        {
            double expected = Math.Sqrt(w) * Math.Min(1 / Math.Sqrt(t), t / (w * Math.Sqrt(w)));
            Assert.That(schedule.At(t), Is.EqualTo(expected).Within(4e-16), $"{t}");
        }
        Assert.That(Schedule.InverseSquareRoot(w).At(3 * w), Is.EqualTo(0.5));
    }

    /// <summary>Catches: a warm-up of another form than its name; phases that overlap.</summary>
    [Test]
    public void WarmupsAndPhases()
    {
        Check(Schedule.Warmup(4), 0, 0.25, 0.5, 0.75, 1, 1);
        Check(Schedule.Warmup(4, from: 0.5), 0.5, 0.625, 0.75, 0.875, 1, 1);
        Check(Schedule.CosineWarmup(4), 0, (1 - Math.Sqrt(0.5)) / 2, 0.5, (1 + Math.Sqrt(0.5)) / 2, 1, 1);
        Check(Schedule.ExponentialWarmup(4, from: 1.0 / 16), 1.0 / 16, 1.0 / 8, 0.25, 0.5, 1, 1);
        Check(Schedule.WarmupStableDecay(2, 3, 4, to: 0.5), 0, 0.5, 1, 1, 1, 1, 0.875, 0.75, 0.625, 0.5, 0.5);
        Check(Schedule.PiecewiseConstant((2, 5), (4, 6)), 5, 5, 5, 5, 6, 6);
        Check(Schedule.Piecewise(Interpolation.Linear, (2, 5), (4, 6)), 5, 5, 5, 5.5, 6, 6);
        Check(Schedule.Triangular(2, 4), 0, 0.5, 1, 0.75, 0.5, 0.25, 0, 0.5);
        Check(Schedule.TriangularHalving(1, 1, 2, 4), 2, 4, 2, 3, 2, 2.5, 2);
        Check(Schedule.TriangularExponential(0.5, 1, 1, 2, 4), 2, 3, 2, 2.25, 2);

        static void Check(Schedule schedule, params double[] expected) => Assert.That(
            Enumerable.Range(0, expected.Length).Select(t => schedule.At(t)), Is.EqualTo(expected).Within(4e-16), $"{schedule}");
    }
}
