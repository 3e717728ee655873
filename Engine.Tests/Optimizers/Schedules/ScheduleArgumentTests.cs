namespace Engine.Tests.Optimizers.Schedules;

/// <summary>A schedule that cannot work is refused when it is made, with the argument, what it got and what it expected.</summary>
public sealed class ScheduleArgumentTests
{
    private static IEnumerable<TestCaseData> Wrong()
    {
        yield return Case(() => Schedule.Constant(double.NaN), "value", "Constant", "NaN", "finite");
        yield return Case(() => (Schedule)double.PositiveInfinity, "value", "Constant", "Infinity", "finite");
        yield return Case(() => Schedule.Step(0, 0.1), "size", "Step", "size = 0", "1 to 9007199254740992");
        yield return Case(() => Schedule.Step(30, -0.1), "factor", "Step", "-0.1", "at least 0");
        yield return Case(() => Schedule.MultiStep(0.1), "milestones", "no milestones", "at least one");
        yield return Case(() => Schedule.MultiStep(0.1, 5, 4), "milestones", "4 after 5", "ascending");
        yield return Case(() => Schedule.MultiStep(0.1, 0), "milestones", "milestones = 0", "1 to");
        yield return Case(() => Schedule.Linear(-5), "updates", "Linear", "updates = -5", "1 to");
        yield return Case(() => Schedule.Linear(5, double.NaN), "from", "NaN", "finite");
        yield return Case(() => Schedule.Linear(5, 1, double.NegativeInfinity), "to", "-Infinity", "finite");
        yield return Case(() => Schedule.Exponential(-1), "factor", "Exponential", "-1", "at least 0");
        yield return Case(() => Schedule.Exponential(0.5, 0), "updates", "Exponential", "updates = 0", "1 to");
        yield return Case(() => Schedule.Geometric(5, 0, 1), "from", "Geometric", "from = 0", "above 0");
        yield return Case(() => Schedule.Geometric(5, 1, -1), "to", "Geometric", "to = -1", "above 0");
        yield return Case(() => Schedule.Polynomial(5, 0), "power", "Polynomial", "power = 0", "above 0");
        yield return Case(() => Schedule.Cosine(0), "updates", "Cosine", "updates = 0", "1 to");
        yield return Case(() => Schedule.CosinePower(5, -2), "power", "CosinePower", "-2", "above 0");
        yield return Case(() => Schedule.CosineRestarts(0), "updates", "CosineRestarts", "updates = 0", "1 to");
        yield return Case(() => Schedule.CosineRestarts(5, 0), "multiplier", "CosineRestarts", "multiplier = 0", "1 to");
        yield return Case(() => Schedule.Triangular(0, 1), "up", "Triangular", "up = 0", "1 to");
        yield return Case(() => Schedule.TriangularHalving(1, -1), "down", "TriangularHalving", "down = -1", "1 to");
        yield return Case(() => Schedule.TriangularExponential(-1, 1, 1), "factor", "TriangularExponential", "-1", "at least 0");
        yield return Case(() => Schedule.OneCycle(1), "updates", "OneCycle", "updates = 1", "at least 2");
        yield return Case(() => Schedule.OneCycle(60, 1), "warmup", "OneCycle", "warmup = 1", "(0, 1)");
        yield return Case(() => Schedule.OneCycleThreePhase(60, 0.5), "warmup", "OneCycleThreePhase", "warmup = 0.5", "(0, 0.5)");
        yield return Case(() => Schedule.OneCycle(60, interpolation: (Interpolation)7), "interpolation", "7", "Linear or Cosine");
        yield return Case(() => Schedule.InverseSquareRoot(0), "updates", "InverseSquareRoot", "updates = 0", "1 to");
        yield return Case(() => Schedule.PiecewiseConstant(), "points", "no points", "at least one");
        yield return Case(() => Schedule.PiecewiseConstant((3, 1), (3, 2)), "points", "3 after 3", "ascending");
        yield return Case(() => Schedule.Piecewise(Interpolation.Linear, (-1, 1)), "points", "-1", "0 to");
        yield return Case(() => Schedule.Piecewise((Interpolation)2, (0, 1)), "interpolation", "2", "Linear or Cosine");
        yield return Case(() => Schedule.Warmup(0), "updates", "Warmup", "updates = 0", "1 to");
        yield return Case(() => Schedule.CosineWarmup(0), "updates", "CosineWarmup", "updates = 0", "1 to");
        yield return Case(() => Schedule.ExponentialWarmup(5, 0), "from", "ExponentialWarmup", "from = 0", "above 0");
        yield return Case(() => Schedule.WarmupStableDecay(0, 1, 1), "warmup", "WarmupStableDecay", "warmup = 0", "1 to");
        yield return Case(() => Schedule.WarmupStableDecay(1, 0, 1), "stable", "WarmupStableDecay", "stable = 0", "1 to");
        yield return Case(() => Schedule.WarmupStableDecay(1, 1, 0), "decay", "WarmupStableDecay", "decay = 0", "1 to");
        yield return Case(() => Schedule.Function(null!), "function", "null");
        yield return Case(() => Schedule.Constant(1).For(0), "updates", "For", "updates = 0", "1 to");
        yield return Case(() => Schedule.Cosine(5).ByEpoch(0), "updatesPerEpoch", "ByEpoch", "0", "1 to");
        yield return Case(() => Schedule.Cosine(1L << 50).ByEpoch(9), "updatesPerEpoch", "ByEpoch", "9", "at most 8");
        yield return Case(() => Schedule.Cosine(1L << 53).Then(Schedule.Cosine(1)), "next", "Then", "9007199254740993");
        yield return Case(() => Schedule.Constant(1).Then(2), "next", "Then", "'1' before '2'", "For(updates)");
        yield return Case(() => Schedule.Exponential(0.5).Then(2), "next", "0.5ᵗ", "For(updates)");
        yield return Case(() => Schedule.Cosine(5).AtLeast(double.NaN), "minimum", "AtLeast", "NaN");
        yield return Case(() => Schedule.Cosine(5).AtMost(double.NaN), "maximum", "AtMost", "NaN");
        yield return Case(() => new ReduceOnPlateau { Factor = 1 }.Reduce(1), "Factor", "1", "[0, 1)");
        yield return Case(() => new ReduceOnPlateau { Patience = -1 }.Reduce(1), "Patience", "-1", "at least 0");
        yield return Case(() => new ReduceOnPlateau { Cooldown = -1 }.Reduce(1), "Cooldown", "-1", "at least 0");
        yield return Case(() => new ReduceOnPlateau { Improvement = (Improvement)3 }.Reduce(1), "Improvement", "3", "Decrease");
        yield return Case(() => new ReduceOnPlateau().Reduce(1, -1), "minimum", "-1", "at least 0");
        yield return Case(() => new ReduceOnPlateau().Reduce(1, 0, double.NaN), "epsilon", "NaN", "at least 0");

        static TestCaseData Case(Func<Schedule> make, string argument, params string[] words) =>
            new TestCaseData(make, argument, words).SetArgDisplayNames([argument, .. words]);
    }

    /// <summary>Catches: a schedule that divides by zero, or is not a number, hours after it was made.</summary>
    [TestCaseSource(nameof(Wrong))]
    public void IsNamed(Func<Schedule> make, string argument, string[] words)
    {
        ArgumentException thrown = (ArgumentException)Assert.Catch<ArgumentException>(() => make())!;
        Assert.That(thrown.ParamName, Is.EqualTo(argument));
        Assert.That(words.Where(word => !thrown.Message.Contains(word, StringComparison.Ordinal)), Is.Empty, thrown.Message);
    }

    /// <summary>Catches: a repetition of nothing.</summary>
    [Test]
    public void WhatDoesNotEndIsNotRepeated()
    {
        Assert.That(() => Schedule.Constant(1).Repeat(), Throws.InvalidOperationException.With.Message.Contains("For(updates)"));
        Assert.That(() => Schedule.Exponential(0.5).Repeat(), Throws.InvalidOperationException.With.Message.Contains("0.5ᵗ"));
    }

    /// <summary>Catches: nulls that are found at the first step.</summary>
    [Test]
    public void NullsAreRefused()
    {
        Assert.Throws<ArgumentNullException>(() => _ = (Hyperparameter)(Schedule)null!);
        Assert.Throws<ArgumentNullException>(() => _ = 2 * (Schedule)null!);
        Assert.Throws<ArgumentNullException>(() => _ = (Schedule)null! * 2);
        Assert.Throws<ArgumentNullException>(() => Schedule.Cosine(3).Then(null!));
        Assert.Throws<ArgumentNullException>(() => new ReduceOnPlateau().Reduce(null!));
        Assert.Throws<ArgumentNullException>(() => new ReduceOnPlateau().State = null!);
    }
}
