namespace Engine.Tests.Optimizers;

/// <summary>
/// Rules with the mistakes that are made, some of them shipped by libraries: the closed forms must refuse each. What tells the wrong from
/// the right is one line, marked.
/// </summary>
public sealed class WrongRules
{
    private static IEnumerable<TestCaseData> Mistakes() =>
        from mistake in Enum.GetValues<Mistake>()
        where mistake != Mistake.None
        select new TestCaseData(RuleCase.Of(new WrongAdam { Mistake = mistake }), "Adam").SetArgDisplayNames(mistake.ToString());

    private static IEnumerable<TestCaseData> Shipped()
    {
        yield return new TestCaseData(RuleCase.Of(new MomentumStartedTwice()),
            "Momentum").SetArgDisplayNames("the first step is (1 + μ)g (DiffSharp, Furnace)");
        yield return new TestCaseData(RuleCase.Of(new MomentumDampedAtOnce()),
            "Momentum").SetArgDisplayNames("dampening at the first step (AiDotNet.Tensors)");
        yield return new TestCaseData(RuleCase.Of(new RAdamWithTheRateTwice()),
            "RAdam").SetArgDisplayNames("the rate applied twice (TorchSharp)");
    }

    [TestCaseSource(nameof(Mistakes))]
    [TestCaseSource(nameof(Shipped))]
    public void AreRefusedByTheClosedForm(RuleCase wrong, string impersonated)
    {
        RuleRow row = RuleTable.Rows.First(r => r.Rule.Name == impersonated);
        Assert.That(LargestError(wrong, row), Is.GreaterThan(1e-6), "the closed form would let this rule through");
        Assert.That(LargestError(row.Rule, row), Is.LessThan(1e-13), "and the right rule must pass");
    }

    /// <summary>Catches: a wrong rule that is refused for another reason than its mistake.</summary>
    [Test]
    public void WithoutAMistakeTheSameRulePasses() =>
        Assert.That(LargestError(RuleCase.Of(new WrongAdam { Mistake = Mistake.None }), RuleTable.Rows.First(r => r.Rule.Name == "Adam")),
            Is.LessThan(1e-13));

    /// <summary>
    /// Catches: the sign of maximizing turned on the whole step, so that decay makes the weights grow (TorchSharp's SGD).
    /// </summary>
    [Test]
    public void MaximizingStillDecays([Values(WeightDecayKind.L2, WeightDecayKind.Decoupled)] WeightDecayKind kind)
    {
        Parameter<double> x = new("x", Tensor<double>.From(2.0));
        Optimizer<double> optimizer = new() { Maximize = true };
        optimizer.AddGroup(
            new Sgd
            {
                LearningRate = 0.5, WeightDecay = kind == WeightDecayKind.L2 ? WeightDecay.L2(0.1)
                : WeightDecay.Decoupled(0.1)
            }, [x]);
        x.SetGradient(Tensor<double>.From(0.0));
        optimizer.Step();
        Assert.That(x.Value.Item, Is.EqualTo(1.9).Within(1e-15));
    }

    /// <summary>Catches: decay that is written into the caller's gradient (AiDotNet.Tensors).</summary>
    [Test]
    public void AStepLeavesTheGradientsElementsAlone()
    {
        Parameter<double> x = new("x", Tensor<double>.From(2.0));
        Optimizer<double> optimizer = new() { KeepGradients = true, Clip = GradientClip.ByNorm(0.1), Maximize = true };
        optimizer.AddGroup(new Adam { WeightDecay = WeightDecay.L2(0.1) }, [x]);
        x.SetGradient(Tensor<double>.From(3.0));
        optimizer.Step();
        Assert.That(x.Gradient.Item, Is.EqualTo(3.0));
    }

    /// <summary>
    /// Catches: a default that differs from PyTorch's (TorchSharp's AdamW has no decay, its RAdam another rate, its factory for ASGD
    /// another than its class).
    /// </summary>
    [TestCaseSource(nameof(Defaults))]
    public void DefaultsArePyTorchs(Hyperparameter rate, WeightDecay decay, double expectedRate, double expectedDecay)
    {
        Assert.That(rate, Is.EqualTo((Hyperparameter)expectedRate));
        Assert.That(decay, Is.EqualTo(expectedDecay == 0 ? WeightDecay.None : WeightDecay.Decoupled(expectedDecay)));
    }

    /// <summary>The signatures in torch/optim of PyTorch 2.14.</summary>
    private static IEnumerable<TestCaseData> Defaults()
    {
        return
        [
            Default(new Adadelta(), 1), Default(new Adagrad(), 1e-2), Default(new Adam(), 1e-3), Default(new AdamW(), 1e-3, 1e-2),
                Default(new Adamax(), 2e-3), Default(new NAdam(), 2e-3),
            Default(new RAdam(), 1e-3), Default(new Asgd(), 1e-2), Default(new RmsProp(), 1e-2), Default(new Rprop(), 1e-2),
                Default(new Sgd(), 1e-3),
        ];

        static TestCaseData Default<TRule>(TRule rule, double rate, double decay = 0) where TRule : struct, IRule =>
            new TestCaseData(rule.LearningRate, rule.WeightDecay, rate, decay).SetArgDisplayNames(typeof(TRule).Name);
    }

    private static double LargestError(RuleCase rule, RuleRow row)
    {
        double worst = 0;
        foreach (double g in (double[])[2.5, -0.04])
        {
            foreach (
                (Func<int, double, double>? moved, int lasts) in ((Func<int, double, double>?, int)[])[(row.ConstantGradient, 15),
                    (row.Impulse, 1)])
            {
                Parameter<double> x = new("x", Tensor<double>.From(1.25));
                Optimizer<double> optimizer = new();
                rule.AddTo(optimizer, [x]);
                for (int t = 1; t <= 15 && moved is not null; t++)
                {
                    x.SetGradient(Tensor<double>.From(t <= lasts ? g : 0));
                    optimizer.Step();
                    worst = Math.Max(worst, Math.Abs(1.25 - x.Value.Item - moved(t, g)));
                }
            }
        }
        return worst;
    }

    public enum Mistake
    {
        None,
        NoBiasCorrection,
        NoCorrectionOfTheFirstMoment,
        NoCorrectionOfTheSecondMoment,
        CorrectionMultiplied,
        CountFromZero,
        BetasExchanged,
        EpsilonInsideTheRoot,
        EpsilonBeforeTheCorrection,
        NoRoot,
        NoEpsilon,
        SignTurned,
        DampingOfTheGradientLeftOut,
    }

    /// <summary>Adam with one mistake.</summary>
    public readonly record struct WrongAdam() : IRule
    {
        public Mistake Mistake { get; init; }

        public Hyperparameter LearningRate { get; init; } = 0.01;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("v", "exp_avg_sq")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            bool exchanged = Mistake == Mistake.BetasExchanged;
            S η = at.Hyper(LearningRate, "η"), β1 = exchanged ? 0.95 : 0.8, β2 = exchanged ? 0.8 : 0.95, ε = Mistake == Mistake.NoEpsilon
                ? 0 : 1e-3;
            S t = Mistake == Mistake.CountFromZero ? at.T - 0.5 : at.T; // a whole step less would divide by zero, which nobody overlooks
            ref L m = ref state.First;
            ref L v = ref state.Second;
            m = at[β1] * m + at[Mistake == Mistake.DampingOfTheGradientLeftOut ? 1 : 1 - β1] * g;
            v = at[β2] * v + at[1 - β2] * g * g;
            bool none = Mistake == Mistake.NoBiasCorrection;
            S c1 = none || Mistake == Mistake.NoCorrectionOfTheFirstMoment ? 1 : 1 - S.Pow(β1, t), c2 = none
                || Mistake == Mistake.NoCorrectionOfTheSecondMoment ? 1 : 1 - S.Pow(β2, t);
            L root = Mistake switch
            {
                Mistake.EpsilonInsideTheRoot => L.Sqrt(v * at[1 / c2] + at[ε]),
                Mistake.EpsilonBeforeTheCorrection => (L.Sqrt(v) + at[ε]) * at[1 / S.Sqrt(c2)],
                Mistake.NoRoot => v * at[1 / c2] + at[ε],
                _ => L.Sqrt(v) * at[1 / S.Sqrt(c2)] + at[ε],
            };
            L step = at[Mistake == Mistake.CorrectionMultiplied ? η * c1 : η / c1] * m / root;
            θ -= Mistake == Mistake.SignTurned ? -step : step;
        }
    }

    /// <summary>b starts as g and is then updated in the same step.</summary>
    public readonly record struct MomentumStartedTwice() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 0.01;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("b", "momentum_buffer")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            state.First = at[0.7] * state.First + at[S.WhereGreater(at.T, 1, 0.8, 1.7)] * g;
            θ -= at[at.Hyper(LearningRate, "η")] * state.First;
        }
    }

    /// <summary>The first gradient is damped like the others.</summary>
    public readonly record struct MomentumDampedAtOnce() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 0.01;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("b", "momentum_buffer")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            state.First = at[0.7] * state.First + at[0.8] * g;
            θ -= at[at.Hyper(LearningRate, "η")] * state.First;
        }
    }

    /// <summary>Above the bound of rectification the rate is in the step twice.</summary>
    public readonly record struct RAdamWithTheRateTwice() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 0.01;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("m", "exp_avg"), ("v", "exp_avg_sq")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            L before = θ;
            Update(new RAdam { LearningRate = 0.01, Beta1 = 0.8, Beta2 = 0.95, Epsilon = 1e-3 }, ref at, ref θ, g, ref state);
            θ = before + at[S.WhereGreater(at.T, 5, 0.01, 1)] * (θ - before);
        }

        private static void Update<TRule, S, L>(TRule rule, ref Step<S, L> at, ref L θ, L g, ref State<L> state)
            where TRule : struct, IRule where S : ILane<S> where L : ILane<L> => rule.Update(ref at, ref θ, g, ref state);
    }
}
