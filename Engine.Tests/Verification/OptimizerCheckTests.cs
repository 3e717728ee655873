using Engine.Tests.Optimizers;

namespace Engine.Tests.Verification;

/// <summary>The checks that users run on optimizers of their own: right ones pass, and each usual mistake is named.</summary>
public sealed class OptimizerCheckTests
{
    private static IEnumerable<RuleCase> Rules() => RuleTable.Defaults();

    /// <summary>Catches: an oracle that reads a rule otherwise than the sweep does, by a single bit.</summary>
    [TestCaseSource(nameof(Rules))]
    public void Every_rule_passes_its_own_checks(RuleCase rule)
    {
        rule.Accept(new OwnChecks());
    }

    /// <summary>An Adam by hand, as a user would write it without the engine's rules, with one line wrong.</summary>
    [TestCase(null)]
    [TestCase(RuleMistake.NoBiasCorrection)]
    [TestCase(RuleMistake.CountOneAhead)]
    [TestCase(RuleMistake.EpsilonInsideRoot)]
    [TestCase(RuleMistake.DecayTwice)]
    [TestCase(RuleMistake.DecayWithoutRate)]
    [TestCase(RuleMistake.DecayInGradient)]
    [TestCase(RuleMistake.NoDecay)]
    [TestCase(RuleMistake.RateTwice)]
    [TestCase(RuleMistake.Ascends)]
    public void A_mistake_of_an_optimizer_by_hand_is_named(RuleMistake? mistake)
    {
        AdamW rule = new() { LearningRate = 0.02, WeightDecay = WeightDecay.Decoupled(0.1) };
        CheckReport report = OptimizerCheck.Against(rule, parameters => new AdamWByHand(parameters, mistake).Step);
        Assert.That(report.Passed, Is.EqualTo(mistake is null), report.ToString());
        if (mistake is not null)
        {
            Assert.That(report.ToString(), Does.Contain($"of this mistake: {mistake}\n").Or.EndWith($"of this mistake: {mistake}"));
            Assert.That(report.ThrowIfFailed, Throws.InvalidOperationException.With.Message.Contains("expected"));
        }
    }

    /// <summary>Catches: L2 decay that is read as decoupled.</summary>
    [Test]
    public void Decay_of_the_wrong_kind_is_named()
    {
        Adam rule = new() { WeightDecay = WeightDecay.L2(0.1) };
        CheckReport report = OptimizerCheck.Against(rule, With(rule with { WeightDecay = WeightDecay.Decoupled(0.1) }));
        Assert.That(report.ToString(), Does.Contain(nameof(RuleMistake.DecayDecoupled)));
    }

    /// <summary>Optimizers that break one law each, and the words by which the report explains it.</summary>
    private static IEnumerable<TestCaseData> Broken()
    {
        yield return Case(
            "shared count", parameters => new SharedCount(parameters).Step, "the order of the parameters does not matter", "alone");
        yield return Case("shared buffer", parameters => new SharedBuffer(parameters).Step, "as if it were alone");
        yield return Case(
            "random", parameters => () => Each(parameters, static (_, _) => Random.Shared.NextDouble()), "two runs are equal");
        yield return Case("zero over zero", parameters => () => Each(parameters, static (_, g) => g / Math.Abs(g)), "0 is divided by 0");
        yield return Case("absent is zero", AbsentIsZero, "an absent gradient is taken for zeros");
        yield return Case(
            "throws without a gradient", parameters => () => Each(parameters, static (_, g) => g, asks: false), "ask HasGradient");
        yield return Case("writes the gradient", WritesTheGradient, "leaves the elements of the gradient alone");

        static TestCaseData Case(string name, Func<IReadOnlyList<Parameter<double>>, Action> create, params string[] words) =>
            new TestCaseData(create, words).SetArgDisplayNames(name);
    }

    /// <summary>Catches: a law that nothing breaks.</summary>
    [TestCaseSource(nameof(Broken))]
    public void A_broken_law_is_named(Func<IReadOnlyList<Parameter<double>>, Action> create, string[] words)
    {
        CheckReport report = OptimizerCheck.Laws(create);
        foreach (string word in words)
        {
            Assert.That(report.ToString(), Does.Contain(word));
        }
    }

    /// <summary>Catches: an optimizer that is saved without its count; here one whose rate depends on how it was made.</summary>
    [Test]
    public void An_optimizer_that_forgets_something_does_not_resume()
    {
        Assert.That(OptimizerCheck.Resumes(parameters => Optimizer.For(new AdamW(), parameters)).Passed, Is.True);
        int made = 0;
        CheckReport report = OptimizerCheck.Resumes(
            parameters => Optimizer.For(new AdamW { LearningRate = 0.1 * ++made }, parameters));
        Assert.That(report.Passed, Is.False);
    }

    /// <summary>The guide's first example: x ← 0.98x on f(x) = x².</summary>
    [Test]
    public void A_closed_form_is_followed_or_the_first_difference_named()
    {
        Func<IReadOnlyList<Parameter<double>>, Action> descent = With(new Sgd { LearningRate = 0.01 });
        OptimizerCheck.Follows(descent, 10, static (_, x) => 2 * x, static t => 10 * Math.Pow(0.98, t)).ThrowIfFailed();
        CheckReport report = OptimizerCheck.Follows(descent, 10, static (_, x) => 2 * x, static t => 10 * Math.Pow(0.99, t));
        Assert.That(report.ToString(), Does.Contain("after step 1: got 9.8, expected 9.9"));
        Assert.That(
            () => OptimizerCheck.Follows(descent, 10, static (_, x) => x, static _ => 0, steps: 0),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got 0 steps"));
    }

    /// <summary>Catches: an oracle that shares state, or whose state has other names than the optimizer's.</summary>
    [Test]
    public void The_oracle_shows_its_state()
    {
        RuleOracle<Adam> oracle = new(new Adam(), 1);
        oracle.Step(2);
        Assert.That(oracle.State["exp_avg"], Is.EqualTo(0.2).Within(1e-15));
        Assert.That(oracle.State["exp_avg_sq"], Is.EqualTo(0.004).Within(1e-15));
        Assert.That(oracle.Parameter, Is.EqualTo(1 - 1e-3).Within(1e-10), "the first step of Adam is the rate");
        Assert.That(oracle.Updates, Is.EqualTo(1));
    }

    private static Func<IReadOnlyList<Parameter<double>>, Action> With<TRule>(TRule rule) where TRule : struct, IRule => parameters =>
    {
        Optimizer<double> optimizer = Optimizer.For(rule, parameters);
        return () => optimizer.Step();
    };

    private static void Each(IReadOnlyList<Parameter<double>> parameters, Func<double, double, double> update, bool asks = true)
    {
        foreach (Parameter<double> parameter in parameters.Where(parameter => !asks || parameter.HasGradient))
        {
            parameter.SetValue(Tensor<double>.From(
                [.. parameter.Value.ToArray().Zip(parameter.Gradient.ToArray(), (x, g) => x - 0.1 * update(x, g))], parameter.Shape));
        }
    }

    private static Action AbsentIsZero(IReadOnlyList<Parameter<double>> parameters) => () =>
    {
        foreach (Parameter<double> parameter in parameters)
        {
            parameter.SetValue(parameter.Value * 0.99); // decay
        }
    };

    private static Action WritesTheGradient(IReadOnlyList<Parameter<double>> parameters) => () =>
    {
        Each(parameters, static (_, g) => g);
        foreach (Parameter<double> parameter in parameters.Where(static parameter => parameter.HasGradient))
        {
            parameter.SetGradient(parameter.Gradient + 0.01 * parameter.Value);
        }
    };

    private sealed class OwnChecks : IRuleCaseVisitor
    {
        public void Visit<TRule>(TRule rule) where TRule : struct, IRule
        {
            OptimizerCheck.Against(rule, With(rule), tolerance: 0).ThrowIfFailed();
            OptimizerCheck.Laws(With(rule)).ThrowIfFailed();
            OptimizerCheck.Resumes(parameters => Optimizer.For(rule, parameters)).ThrowIfFailed();
        }
    }

    /// <summary>One count for all parameters, raised by each: the first parameter is corrected by another power than the second.</summary>
    private sealed class SharedCount(IReadOnlyList<Parameter<double>> parameters)
    {
        private int _t;

        public void Step() => Each(parameters, (x, g) => g / ++_t);
    }

    /// <summary>One momentum buffer for all parameters.</summary>
    private sealed class SharedBuffer(IReadOnlyList<Parameter<double>> parameters)
    {
        private double _momentum;

        public void Step() => Each(parameters, (_, g) => _momentum = 0.9 * _momentum + g);
    }
}
