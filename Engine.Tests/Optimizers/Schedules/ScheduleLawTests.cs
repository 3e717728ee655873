using System.Reflection;

namespace Engine.Tests.Optimizers.Schedules;

/// <summary>What holds for every kind of schedule.</summary>
public sealed class ScheduleLawTests
{
    /// <summary>Catches: a factory that no row tests.</summary>
    [Test]
    public void EveryFactoryHasARow()
    {
        IEnumerable<MethodInfo> factories = typeof(Schedule).GetMethods(BindingFlags.Public | BindingFlags.Static)
            .Where(method => method.ReturnType == typeof(Schedule) && !method.IsSpecialName);
        string[] names = [.. factories.Select(method => method.Name).Distinct()];
        Assert.That(names, Is.SubsetOf(ScheduleTable.Names));
        Assert.That(names, Has.Length.GreaterThan(15));
    }

    /// <summary>Catches: a formula without one of its numbers, or in the culture of the machine.</summary>
    [TestCaseSource(typeof(ScheduleTable), nameof(ScheduleTable.Names))]
    public void TheTextIsTheFormula(string name)
    {
        Assert.That(ScheduleTable.Make(name).ToString(), Is.EqualTo(ScheduleTable.Rows[name].Formula));
        Assert.That(((Hyperparameter)ScheduleTable.Make(name)).ToString(), Is.EqualTo(ScheduleTable.Rows[name].Formula));
    }

    /// <summary>Catches: an array that is compared by reference, a part that is left out of the comparison.</summary>
    [TestCaseSource(typeof(ScheduleTable), nameof(ScheduleTable.Names))]
    public void EqualByValue(string name)
    {
        Schedule a = ScheduleTable.Make(name), b = ScheduleTable.Make(name);
        Assert.That((a == b, a.GetHashCode() == b.GetHashCode()), Is.EqualTo((true, true)));
        Assert.That((Hyperparameter)a, Is.EqualTo((Hyperparameter)b));
        Assert.That(ScheduleTable.Names.Where(other => a.Equals(ScheduleTable.Make(other))), Is.EqualTo(new[] { name }));
    }

    /// <summary>Catches: a list that is compared by its length, or by its first element.</summary>
    [Test]
    public void DifferentNumbersDiffer()
    {
        Schedule[] all =
        [
            Schedule.MultiStep(0.5, 5, 9), Schedule.MultiStep(0.5, 5, 10), Schedule.MultiStep(0.25, 5, 9), Schedule.MultiStep(0.5, 5),
            Schedule.PiecewiseConstant((0, 1), (5, 2)), Schedule.PiecewiseConstant((0, 1), (5, 3)),
            Schedule.PiecewiseConstant((0, 1), (6, 2)), Schedule.Warmup(5).Then(Schedule.Cosine(9)),
            Schedule.Warmup(6).Then(Schedule.Cosine(9)), Schedule.Warmup(5).Then(Schedule.Cosine(8)), Schedule.Cosine(9, 1, 0.5),
            Schedule.Cosine(9, 0.5, 1), Schedule.Triangular(4, 5), Schedule.TriangularHalving(4, 5),
            new ReduceOnPlateau().Reduce(1), new ReduceOnPlateau().Reduce(1),
        ];
        // not Distinct, which compares only what has the same hash
        Assert.That(all.SelectMany((a, i) => all[(i + 1)..].Where(b => a == b)), Is.Empty);
    }

    /// <summary>Catches: a schedule that goes on, or comes back, past its end; a length that is too short.</summary>
    [TestCaseSource(typeof(ScheduleTable), nameof(ScheduleTable.Names))]
    public void PastItsEndItHoldsItsLastValue(string name)
    {
        Schedule schedule = ScheduleTable.Make(name);
        long end = schedule.Length ?? 0;
        double last = schedule.At(end);
        foreach (long t in (long[])[end, end + 1, end + 2, 2 * end + 7, 1L << 53, long.MaxValue])
        {
            double value = schedule.At(t);
            Assert.That(double.IsFinite(value), $"{t}");
            if (schedule.Length is not null)
            {
                Assert.That(value, Is.EqualTo(last), $"{t}");
            }
        }
    }

    /// <summary>Catches: a value that depends on the values asked for before it.</summary>
    [TestCaseSource(typeof(ScheduleTable), nameof(ScheduleTable.Names))]
    public void SteppingAndAskingGiveTheSameBits(string name)
    {
        Schedule schedule = ScheduleTable.Make(name);
        Parameter<double> p = new("p", Tensor<double>.From(0.0));
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = schedule }, [p]);
        List<double> stepped = [];
        for (int t = 0; t < 70; t++)
        {
            p.SetGradient(Tensor<double>.From(0.0));
            stepped.Add(optimizer.Step().LearningRate);
        }
        IEnumerable<double> asked = Enumerable.Range(0, 70).Reverse().Select(t => ScheduleTable.Make(name).At(t)).Reverse();
        Assert.That(stepped, Is.EqualTo(asked));
    }

    /// <summary>Catches: a count below 0 that is taken for a large or an early one.</summary>
    [TestCaseSource(typeof(ScheduleTable), nameof(ScheduleTable.Names))]
    public void ANegativeCountIsRefused(string name) => Assert.That(() => ScheduleTable.Make(name).At(-1),
        Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("update = -1").And.Message.Contains("at least 0"));

    /// <summary>Catches: a schedule that allocates in every step.</summary>
    [TestCaseSource(typeof(ScheduleTable), nameof(ScheduleTable.Names))]
    public void AValueAllocatesNothing(string name)
    {
        Schedule schedule = ScheduleTable.Make(name);
        long t = 0;
        double sum = 0;
        Warm.AllocatesNothing(() => sum += schedule.At(t++));
        Assert.That(double.IsFinite(sum));
    }

    /// <summary>Catches: a join that is off by one, that lets the first schedule run on, or starts the second in its middle.</summary>
    [TestCaseSource(typeof(ScheduleTable), nameof(ScheduleTable.Names))]
    public void AJoinIsTheOneAndThenTheOther(string name)
    {
        foreach (string after in ScheduleTable.Names)
        {
            Schedule a = ScheduleTable.Make(name), b = ScheduleTable.Make(after);
            long length = 23;
            Schedule joined = a.For(length).Then(b);
            for (long t = 0; t < 80; t++)
            {
                Assert.That(joined.At(t), Is.EqualTo(t < length ? a.At(t) : b.At(t - length)), $"{after} at {t}");
            }
            if (a.Length is > 0 and { } own)
            {
                Assert.That((a.Then(b).At(own - 1), a.Then(b).At(own)), Is.EqualTo((a.At(own - 1), b.At(0))), after);
                Assert.That(a.Then(b).Length, Is.EqualTo(own + b.Length));
            }
            else
            {
                Assert.That(() => a.Then(b), Throws.ArgumentException.With.Message.Contains("For(updates)"), after);
            }
        }
    }

    /// <summary>Catches: a product, an epoch, a repetition or a bound that evaluates its part elsewhere.</summary>
    [TestCaseSource(typeof(ScheduleTable), nameof(ScheduleTable.Names))]
    public void CombinationsAreWhatTheySay(string name)
    {
        Schedule a = ScheduleTable.Make(name), b = Schedule.Linear(50, 3, 2);
        for (long t = 0; t < 80; t++)
        {
            Assert.That((a * b).At(t), Is.EqualTo(a.At(t) * b.At(t)));
            Assert.That((0.5 * a).At(t), Is.EqualTo(0.5 * a.At(t)));
            Assert.That(a.ByEpoch(7).At(t), Is.EqualTo(a.At(t / 7)));
            Assert.That(a.For(9).Repeat().At(t), Is.EqualTo(a.At(t % 9)));
            Assert.That(a.AtLeast(0.25).At(t), Is.EqualTo(Math.Max(0.25, a.At(t))));
            Assert.That(a.AtMost(0.25).At(t), Is.EqualTo(Math.Min(0.25, a.At(t))));
        }
        Assert.That(a.ByEpoch(7).Length, Is.EqualTo(7 * a.Length));
    }

    /// <summary>Catches: two ways to put a sequence together that differ.</summary>
    [Test]
    public void ASequenceHasOneForm()
    {
        Schedule a = Schedule.Warmup(5), b = Schedule.Constant(1).For(6), c = Schedule.Cosine(7);
        Assert.That(a.Then(b).Then(c), Is.EqualTo(a.Then(b.Then(c))));
        Assert.That(a.Then(b).Then(c).Length, Is.EqualTo(18));
        Assert.That(a.Then(b).Then(c).Then(a).ToString(),
            Is.EqualTo("t/5 for 5 updates, then 1 for 6 updates, then cos²(π/2·t/7) for 7 updates, then t/5"));
    }

    /// <summary>Catches: a schedule of a user's own that cannot be composed.</summary>
    [Test]
    public void AUserMayDeriveOne()
    {
        Schedule schedule = 2 * new Sawtooth(4).Then(Schedule.Constant(9));
        Assert.That(Enumerable.Range(0, 6).Select(t => schedule.At(t)), Is.EqualTo(new double[] { 0, 2, 4, 6, 18, 18 }));
        Assert.That(schedule.ToString(), Is.EqualTo("2·(t of 4 for 4 updates, then 9)"));
        Assert.That(new Sawtooth(4), Is.EqualTo(new Sawtooth(4)).And.Not.EqualTo(new Sawtooth(5)));
        Assert.That(Schedule.Function(t => t
            + 1).ToString(), Is.EqualTo("t => t + 1"));
    }

    private sealed record Sawtooth(long Teeth) : Schedule
    {
        public override long? Length => Teeth;

        protected override string Formula => $"t of {Teeth}";

        protected override double ValueAt(long update) => update;
    }
}
