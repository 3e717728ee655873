namespace Engine.Tests.Interpreters;

/// <summary>What is done with any rule.</summary>
internal interface IRuleVisitor
{
    void Visit<TRule>(TRule rule) where TRule : struct, IRule;
}

/// <summary>A rule in a table.</summary>
public abstract class RuleEntry
{
    public abstract Type Type { get; }

    internal abstract void Accept(IRuleVisitor visitor);

    internal static RuleEntry Of<TRule>(TRule rule, string? remark = null) where TRule : struct, IRule => new Typed<TRule>(rule, remark);

    private sealed class Typed<TRule>(TRule rule, string? remark) : RuleEntry where TRule : struct, IRule
    {
        public override Type Type => typeof(TRule);

        internal override void Accept(IRuleVisitor visitor) => visitor.Visit(rule);

        public override string ToString() => typeof(TRule).Name + (remark is null ? "" : " " + remark);
    }
}

/// <summary>Every elementwise rule: as it is by default, and with hyper-parameters that all make a difference within a few steps.</summary>
internal static class RuleTable
{
    private const double ε = 0.05;

    public static IEnumerable<RuleEntry> Defaults() =>
    [
        RuleEntry.Of(new AdaBelief()), RuleEntry.Of(new Adadelta()), RuleEntry.Of(new Adagrad()), RuleEntry.Of(new Adam()), RuleEntry.Of(new AdamW()), RuleEntry.Of(new Adamax()),
        RuleEntry.Of(new Adan()), RuleEntry.Of(new AdEmaMix()), RuleEntry.Of(new Adopt()), RuleEntry.Of(new AmsGrad()), RuleEntry.Of(new Asgd()), RuleEntry.Of(new CenteredRmsProp()),
        RuleEntry.Of(new Lion()), RuleEntry.Of(new Momentum()), RuleEntry.Of(new NAdam()), RuleEntry.Of(new Nesterov()), RuleEntry.Of(new NovoGrad()), RuleEntry.Of(new RAdam()),
        RuleEntry.Of(new RmsProp()), RuleEntry.Of(new RmsPropMomentum()), RuleEntry.Of(new Rprop()), RuleEntry.Of(new ScheduleFreeAdamW()), RuleEntry.Of(new ScheduleFreeSgd()),
        RuleEntry.Of(new Sgd()), RuleEntry.Of(new SignSgd()), RuleEntry.Of(new Signum()), RuleEntry.Of(new Yogi()),
    ];

    public static IEnumerable<RuleEntry> Lively() =>
    [
        RuleEntry.Of(new AdaBelief { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε, RootEpsilon = 0.02 }),
        RuleEntry.Of(new Adadelta { LearningRate = 0.7, Rho = 0.8, Epsilon = ε }),
        RuleEntry.Of(new Adagrad { LearningRate = 0.3, LearningRateDecay = 0.2, Epsilon = ε, InitialAccumulator = 0.1 }),
        RuleEntry.Of(new Adam { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε, WeightDecay = WeightDecay.L2(0.1) }, "with L2"),
        RuleEntry.Of(new AdamW { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε, WeightDecay = WeightDecay.Decoupled(0.2) }),
        RuleEntry.Of(new Adamax { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε }),
        RuleEntry.Of(new Adan { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Beta3 = 0.6, Epsilon = ε }),
        RuleEntry.Of(new AdEmaMix { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Beta3 = 0.95, Alpha = 2, Epsilon = ε }),
        RuleEntry.Of(new Adopt { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε }),
        RuleEntry.Of(new AmsGrad { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε }),
        RuleEntry.Of(new AmsGrad { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε, CorrectsBeforeMaximum = true }, "corrected first"),
        RuleEntry.Of(new Asgd { LearningRate = 0.1, Lambda = 0.2, Power = 0.6, AveragingStart = 2.5 }),
        RuleEntry.Of(new CenteredRmsProp { LearningRate = 0.1, Alpha = 0.7, Epsilon = ε, Momentum = 0.5, InitialScale = 0.2 }),
        RuleEntry.Of(new CenteredRmsProp { LearningRate = 0.1, Alpha = 0.7, Epsilon = ε, Momentum = 0.5, EpsilonInsideRoot = true }, "ε inside"),
        RuleEntry.Of(new Lion { LearningRate = 0.05, Beta1 = 0.8, Beta2 = 0.7, WeightDecay = WeightDecay.Independent(0.1) }),
        RuleEntry.Of(new Momentum { LearningRate = 0.1, Coefficient = 0.7, Dampening = 0.3 }),
        RuleEntry.Of(new NAdam { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε, MomentumDecay = 0.5 }),
        RuleEntry.Of(new Nesterov { LearningRate = 0.1, Momentum = 0.7, WeightDecay = WeightDecay.L2(0.1) }),
        RuleEntry.Of(new NovoGrad { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε, Decay = 0.1, WeightDecay = WeightDecay.Decoupled(0.2) }, "with both decays"),
        RuleEntry.Of(new RAdam { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.98, Epsilon = ε }),
        RuleEntry.Of(new RmsProp { LearningRate = 0.1, Alpha = 0.7, Epsilon = ε, InitialScale = 0.2 }),
        RuleEntry.Of(new RmsProp { LearningRate = 0.1, Alpha = 0.7, Epsilon = ε, EpsilonInsideRoot = true }, "ε inside"),
        RuleEntry.Of(new RmsPropMomentum { LearningRate = 0.1, Alpha = 0.7, Epsilon = ε, Momentum = 0.5 }),
        RuleEntry.Of(new Rprop { LearningRate = 0.2, EtaMinus = 0.4, EtaPlus = 1.3, MinStepSize = 0.001, MaxStepSize = 0.5 }),
        RuleEntry.Of(new ScheduleFreeAdamW { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε, Decay = 0.1, WarmupSteps = 4.5, Power = 0.5, LearningRatePower = 1.5 }),
        RuleEntry.Of(new ScheduleFreeSgd { LearningRate = 0.1, Beta = 0.8, WarmupSteps = 4.5, Power = 0.5, LearningRatePower = 1.5 }),
        RuleEntry.Of(new Sgd { LearningRate = 0.1, WeightDecay = WeightDecay.Independent(0.05) }),
        RuleEntry.Of(new SignSgd { LearningRate = 0.05 }),
        RuleEntry.Of(new Signum { LearningRate = 0.05, Beta = 0.7 }),
        RuleEntry.Of(new Yogi { LearningRate = 0.1, Beta1 = 0.8, Beta2 = 0.7, Epsilon = ε, InitialAccumulator = 0.1 }),
    ];

    public static IEnumerable<RuleEntry> All() => [.. Defaults(), .. Lively(), RuleEntry.Of(new TestRules.Clipped()), RuleEntry.Of(new TestRules.OldAndNew()), RuleEntry.Of(new TestRules.Swap())];
}

/// <summary>Without it a new rule would go untested here.</summary>
public sealed class RuleTableTests
{
    [Test]
    public void No_rule_of_the_engine_is_missing()
    {
        Type[] rules = [.. typeof(IRule).Assembly.GetExportedTypes().Where(t => t.IsValueType && t.IsAssignableTo(typeof(IRule)))];
        Assert.That(RuleTable.Defaults().Select(e => e.Type), Is.EquivalentTo(rules));
        Assert.That(RuleTable.Lively().Select(e => e.Type).Distinct(), Is.EquivalentTo(rules));
    }
}
