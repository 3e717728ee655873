namespace Engine.Tests.Optimizers;

/// <summary>The step around the rules: groups, clipping, policies, state, errors.</summary>
public sealed class OptimizerTests
{
    private static Parameter<double> Make(string name, params double[] values) => new(name, Tensor<double>.From(values));

    private static void Give(Parameter<double> parameter, params double[] gradient) =>
        parameter.SetGradient(Tensor<double>.From(gradient));

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Mistake<ArgumentException>("no parameters", p =>
            Optimizer.For(new Adam(), Array.Empty<Parameter<double>>()), "no parameters", "Adam");
        yield return Mistake<ArgumentException>("the same twice", p => Optimizer.For(new Adam(), [p, p]), "'w'", "twice");
        yield return Mistake<ArgumentException>("the same name twice", p => Optimizer.For(new Adam(), [p, Make("w", 1)]), "name 'w'");
        yield return Mistake<ArgumentException>("again in a second group", p =>
            Optimizer.For(new Adam(), [p]).AddGroup(new Sgd(), [p]), "'w'", "twice");
        yield return Mistake<ArgumentException>("a null", p => Optimizer.For(new Adam(), [p, null!]), "null");
        yield return Mistake<ArgumentOutOfRangeException>("negative rate", p =>
            Optimizer.For(new Adam { LearningRate = -1e-3 }, [p]), "LearningRate", "-0.001", "Adam");
        yield return Mistake<ArgumentOutOfRangeException>("rate NaN", p =>
            Optimizer.For(new Sgd { LearningRate = double.NaN }, [p]), "LearningRate", "NaN", "Sgd");
        yield return Mistake<ArgumentOutOfRangeException>("infinite ε", p =>
            Optimizer.For(new AdamW { Epsilon = double.PositiveInfinity }, [p]), "Epsilon", "ε");
        yield return Mistake<ArgumentOutOfRangeException>("β₁ = 1", p => Optimizer.For(new Adam { Beta1 = 1 }, [p]), "Beta1", "[0, 1)");
        yield return Mistake<ArgumentOutOfRangeException>("negative decay", p =>
            Optimizer.For(new AdamW { WeightDecay = WeightDecay.L2(-1) }, [p]), "λ");
        yield return Mistake<ArgumentOutOfRangeException>("clip at 0", p => GradientClip.ByNorm(0), "positive");
        yield return Mistake<ArgumentOutOfRangeException>("clip at NaN", p => GradientClip.ByValue(double.NaN), "positive");
        yield return Mistake<ArgumentOutOfRangeException>("negative ε of the clip", p => GradientClip.ByNorm(1, -1), "epsilon", "-1");
        yield return Mistake<ArgumentException>("a gradient of another shape", p =>
            p.SetGradient(Tensor<double>.From(1, 2, 3)), "[3]", "'w'", "[2]");
        yield return Mistake<ArgumentException>("evaluation of a stranger", p =>
            Optimizer.For(new Asgd(), [p]).EvaluationValue(Make("v", 1)), "'v'");

        static TestCaseData Mistake<TException>(string name, Action<Parameter<double>> act, params string[] words) where TException
            : Exception =>
            new TestCaseData(typeof(TException), act, words).SetArgDisplayNames(name);
    }

    /// <summary>Catches: a check that is missing, or a message that does not say what was wrong.</summary>
    [TestCaseSource(nameof(Mistakes))]
    public void MistakesAreNamed(Type exception, Action<Parameter<double>> act, string[] words)
    {
        Parameter<double> w = Make("w", 1, 2);
        Exception? thrown = Assert.Throws(exception, () => act(w));
        Assert.That(words, Is.All.Matches<string>(word => thrown!.Message.Contains(word!, StringComparison.Ordinal)), thrown!.Message);
        Assert.That(w.Value.ToArray(), Is.EqualTo(new[] { 1.0, 2.0 }));
        Assert.That(w.HasGradient, Is.False);
    }

    /// <summary>Catches: a group that is half added when one of its parameters is refused.</summary>
    [Test]
    public void ARefusedGroupLeavesNothingBehind()
    {
        Parameter<double> a = Make("a", 1), b = Make("b", 2);
        Optimizer<double> optimizer = Optimizer.For(new Sgd(), [a]);
        Assert.Throws<ArgumentException>(() => optimizer.AddGroup(new Adam(), [b, a]));
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.AddGroup(new Adam { LearningRate = -1 }, [b]));
        Assert.That(optimizer.Groups, Has.Count.EqualTo(1));
        optimizer.AddGroup(new Adam(), [b]);
        Assert.That(optimizer.Groups, Has.Count.EqualTo(2));
    }

    /// <summary>Catches: decay or momentum that moves a parameter without a gradient; a count that goes on without it.</summary>
    [Test]
    public void AnAbsentGradientIsNotAZeroGradient()
    {
        Parameter<double> still = Make("still", 1), zero = Make("zero", 1);
        Optimizer<double> optimizer = Optimizer.For(new AdamW { LearningRate = 0.1, WeightDecay = WeightDecay.Decoupled(0.5) },
            [still, zero]);
        Give(zero, 0);
        StepReport report = optimizer.Step();
        Assert.That(still.Value.Item, Is.EqualTo(1.0));
        Assert.That(zero.Value.Item, Is.EqualTo(0.95));
        Assert.That(report.SkippedParameters, Is.EqualTo(new[] { "still" }));
        Assert.That(optimizer.SaveState().Parameters["still"].Step, Is.Zero);
        Assert.That(optimizer.SaveState().Parameters["zero"].Step, Is.EqualTo(1));
        Assert.That(zero.HasGradient, Is.False, "the step clears the gradients it used");
    }

    /// <summary>Catches: a norm over one parameter only, a coefficient above 1, a factor that is not applied.</summary>
    [Test]
    public void ClippingByNormScalesAllGradientsAlike()
    {
        Parameter<double> a = Make("a", 0, 0), b = Make("b", 0);
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = 1 }, [a, b]);
        optimizer.Clip = GradientClip.ByNorm(1);
        Give(a, 2, -3);
        Give(b, 6);
        StepReport report = optimizer.Step();
        Assert.That(report.GradientNorm, Is.EqualTo(7));
        Assert.That(report.ClipCoefficient, Is.EqualTo(1 / (7 + 1e-6)));
        Assert.That(a.Value.ToArray(), Is.EqualTo(new[] { -2 / (7 + 1e-6), 3 / (7 + 1e-6) }).Within(1e-15));
        Assert.That(b.Value.Item, Is.EqualTo(-6 / (7 + 1e-6)).Within(1e-15));
        Give(b, 0.5);
        Assert.That(optimizer.Step().ClipCoefficient, Is.EqualTo(1));
    }

    /// <summary>Catches: a norm in the precision of the gradient, where its square overflows.</summary>
    [Test]
    public void TheNormOfHugeFloatsIsFinite()
    {
        Parameter<float> p = new("p", Tensor<float>.From(0f, 0f));
        Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = 1 }, [p]);
        optimizer.Clip = GradientClip.ByNorm(5);
        p.SetGradient(Tensor<float>.From(3e30f, 4e30f));
        Assert.That(optimizer.Step().GradientNorm, Is.EqualTo(5e30).Within(1e24));
        Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { -3f, -4f }).Within(1e-5));
    }

    /// <summary>Catches: a clamp on one side only, or after the decay.</summary>
    [Test]
    public void ClippingByValueClampsEachElement()
    {
        Parameter<double> a = Make("a", 10, 10, 10);
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = 1, WeightDecay = WeightDecay.L2(0.1) }, [a]);
        optimizer.Clip = GradientClip.ByValue(0.5);
        Give(a, 2, -3, 0.25);
        optimizer.Step();
        Assert.That(a.Value.ToArray(), Is.EqualTo(new[] { 8.5, 9.5, 8.75 }));
    }

    /// <summary>
    /// Catches: a poisoned step that changes parameters or state, or is not counted, or does not say whose gradient it was.
    /// </summary>
    [Test]
    public void NonFiniteGradientsFollowThePolicy([Values(double.NaN, double.PositiveInfinity)] double bad)
    {
        Parameter<double> a = Make("a", 1), b = Make("b", 2);
        Optimizer<double> optimizer = Optimizer.For(new Momentum(), [a, b]);
        optimizer.NonFinite = NonFinite.Throw;
        Give(a, 1);
        Give(b, bad);
        ArithmeticException thrown = Assert.Throws<ArithmeticException>(() => optimizer.Step())!;
        Assert.That(thrown.Message, Does.Contain("'b'"));
        Assert.That((a.Value.Item, b.Value.Item, optimizer.SaveState().Parameters["a"].Step), Is.EqualTo((1.0, 2.0, 0L)));
        optimizer.NonFinite = NonFinite.Skip;
        StepReport report = optimizer.Step();
        Assert.That((report.NonFiniteSteps, report.Steps, report.ClipCoefficient), Is.EqualTo((1L, 0L, 0.0)));
        Assert.That((a.Value.Item, a.HasGradient), Is.EqualTo((1.0, false)));
        optimizer.NonFinite = NonFinite.Propagate;
        Give(b, bad);
        optimizer.Step();
        Assert.That(double.IsFinite(b.Value.Item), Is.False);
    }

    /// <summary>
    /// Catches: a schedule that is read one update too late, a group that takes the first group's rate, a count that is not the
    /// parameter's own.
    /// </summary>
    [Test]
    public void AnyHyperparameterMayBeScheduled()
    {
        Parameter<double> a = Make("a", 0), b = Make("b", 0);
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = Schedule.Function(u => u + 1) }, [a]);
        Group<double> second = optimizer.AddGroup(
            new Momentum { LearningRate = 1, Coefficient = Schedule.Function(u => u == 0 ? 100 : 0.5) }, [b]);
        foreach (double expected in new double[] { -1, -3, -6 })
        {
            Give(a, 1);
            Give(b, 1);
            StepReport report = optimizer.Step();
            Assert.That(a.Value.Item, Is.EqualTo(expected));
            Assert.That(report.LearningRate, Is.EqualTo(report.Steps));
            Assert.That(second.LastLearningRate, Is.EqualTo(1));
        }
        Assert.That(b.Value.Item, Is.EqualTo(-(1 + 1.5 + 1.75)));
    }

    /// <summary>Catches: a schedule that leaves its range and is noticed only after something has changed.</summary>
    [Test]
    public void AScheduleThatLeavesItsRangeStopsTheStepWhole()
    {
        Parameter<double> a = Make("a", 1), b = Make("b", 1);
        Optimizer<double> optimizer = Optimizer.For(new NAdam(), [a]);
        optimizer.AddGroup(new Sgd { LearningRate = Schedule.Function(u => u < 1 ? 0.1 : -0.1) }, [b]);
        Give(a, 1);
        Give(b, 1);
        optimizer.Step();
        (double, double) before = (a.Value.Item, b.Value.Item);
        double product = optimizer.SaveState().Parameters["a"].Scalars["mu_product"];
        Give(a, 1);
        Give(b, 1);
        Assert.Throws<ArgumentOutOfRangeException>(() => optimizer.Step());
        Assert.That((a.Value.Item, b.Value.Item), Is.EqualTo(before));
        Assert.That(optimizer.SaveState().Parameters["a"].Scalars["mu_product"], Is.EqualTo(product));
        Assert.That(optimizer.SaveState().Parameters["a"].Step, Is.EqualTo(1));
    }

    /// <summary>Catches: a hyperparameter that keeps its old value after the group's rule was exchanged.</summary>
    [Test]
    public void AGroupsRuleMayBeExchanged()
    {
        Parameter<double> a = Make("a", 0);
        Optimizer<double> optimizer = new();
        Group<Sgd, double> group = optimizer.AddGroup(new Sgd { LearningRate = 1 }, [a]);
        group.Rule = group.Rule with { LearningRate = 0.25 };
        Give(a, 1);
        optimizer.Step();
        Assert.That(a.Value.Item, Is.EqualTo(-0.25));
        Assert.Throws<ArgumentOutOfRangeException>(() => group.Rule = group.Rule with { LearningRate = double.NaN });
        Assert.That(group.Rule.LearningRate, Is.EqualTo((Hyperparameter)0.25));
    }

    /// <summary>Catches: decay on biases, or none on weights.</summary>
    [Test]
    public void WithoutBiasDecayDecaysMatricesAlone()
    {
        Parameter<double> weight = new("weight", Tensor<double>.Full([2, 2], 1)), bias = new("bias", Tensor<double>.Full([2], 1));
        Optimizer<double> optimizer = Optimizer.WithoutBiasDecay(
            new AdamW { LearningRate = 0.1, WeightDecay = WeightDecay.Decoupled(0.5) }, [weight, bias]);
        weight.SetGradient(Tensor<double>.Zeros([2, 2]));
        bias.SetGradient(Tensor<double>.Zeros([2]));
        optimizer.Step();
        Assert.That(weight.Value.ToArray(), Is.All.EqualTo(0.95));
        Assert.That(bias.Value.ToArray(), Is.All.EqualTo(1.0));
    }

    /// <summary>Catches: a forgotten backward pass that nobody notices, because the step uses the last gradients again or none.</summary>
    [Test]
    public void AForgottenBackwardPassIsReported([Values] bool keepGradients)
    {
        Parameter<double> a = Make("a", 1), b = Make("b", 2);
        Optimizer<double> optimizer = new() { KeepGradients = keepGradients };
        optimizer.AddGroup(new Sgd(), [a, b]);
        Assert.That(optimizer.Step().HasNewGradients, Is.False, "before the first backward pass");
        Give(a, 1);
        Assert.That(optimizer.Step().HasNewGradients, Is.True);
        Assert.That(optimizer.Step().HasNewGradients, Is.False);
        Tape<double> tape = new();
        using (tape.Record())
        {
            tape.Backward((b.Value * b.Value).Sum());
        }
        optimizer.NonFinite = NonFinite.Skip;
        Assert.That(optimizer.Step().HasNewGradients, Is.True, "one of two is enough");
        Give(a, double.NaN);
        Assert.That(optimizer.Step().HasNewGradients, Is.True, "a skipped step has seen them");
        a.ClearGradient();
        Assert.That(optimizer.Step().HasNewGradients, Is.False);
    }

    /// <summary>Catches: a ratio of the wrong vectors, or one that is measured after the value is gone.</summary>
    [Test]
    public void TheUpdateRatioIsThatOfTheNorms()
    {
        Parameter<double> a = Make("a", 3, 4), b = Make("b", 12);
        Optimizer<double> optimizer = new() { MeasuresUpdates = true };
        optimizer.AddGroup(new Sgd { LearningRate = 0.1 }, [a, b]);
        Give(a, 3, 0);
        Give(b, 4);
        Assert.That(optimizer.Step().UpdateRatio, Is.EqualTo(0.5 / 13).Within(1e-15));
    }

    /// <summary>
    /// Catches: a strict load that lets a renamed, reshaped or foreign state through, or changes something before it throws.
    /// </summary>
    [Test]
    public void AStateThatDoesNotFitIsRefusedWithTheDifference()
    {
        Parameter<double> a = Make("a", 1), b = Make("b", 1, 2);
        Optimizer<double> first = Optimizer.For(new Adam(), [a, b]);
        Give(a, 1);
        Give(b, 1, 1);
        first.Step();
        OptimizerState<double> state = first.SaveState();
        Parameter<double> other = Make("b", 1, 2, 3), renamed = Make("c", 1);
        Optimizer<double> second = Optimizer.For(new Adam(), [other, renamed]);
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => second.LoadState(state))!;
        Assert.That(thrown.Message,
            Does.Contain("b: the array exp_avg has the shape [2], expected [3]").And.Contain(
            "c: in the optimizer, not in the state").And.Contain("a: in the state, not in the optimizer"));
        Assert.That(second.SaveState().Parameters["b"].Step, Is.Zero);
        Optimizer<double> third = Optimizer.For(new AdamW(), [Make("a", 1), Make("b", 1, 2)]);
        Assert.That(Assert.Throws<ArgumentException>(() => third.LoadState(state))!.Message,
            Does.Contain("a: got the state of Adam, expected that of AdamW"));
        Optimizer<double> fourth = Optimizer.For(new Adam(), [Make("a", 1), renamed]);
        fourth.LoadState(state, StateMatch.Partial);
        Assert.That((fourth.SaveState().Parameters["a"].Step, fourth.SaveState().Parameters["c"].Step), Is.EqualTo((1L, 0L)));
    }

    /// <summary>Catches: a group that begins with the count or the state of the others.</summary>
    [Test]
    public void AGroupAddedLaterBeginsAtItsFirstStep()
    {
        Parameter<double> a = Make("a", 1), b = Make("b", 1), alone = Make("b", 1);
        Optimizer<double> optimizer = Optimizer.For(new Adagrad(), [a]);
        for (int t = 0; t < 3; t++)
        {
            Give(a, 1);
            optimizer.Step();
        }
        optimizer.AddGroup(new Adam(), [b]);
        Optimizer<double> fresh = Optimizer.For(new Adam(), [alone]);
        for (int t = 0; t < 3; t++)
        {
            Give(a, 1);
            Give(b, 2);
            Give(alone, 2);
            optimizer.Step();
            fresh.Step();
            Assert.That(b.Value.Item, Is.EqualTo(alone.Value.Item));
        }
    }

    /// <summary>Catches: any allocation in a warm step, whatever the rule, clipping or group.</summary>
    [Test]
    public void AWarmStepAllocatesNothing()
    {
        List<Parameter<float>> parameters = [];
        Optimizer<float> optimizer = new() { KeepGradients = true, Clip = GradientClip.ByNorm(1), MeasuresUpdates = true };
        foreach (RuleRow row in RuleTable.Rows)
        {
            Parameter<float>[] own = [new($"{row.Rule.Name} {parameters.Count}", Tensor<float>.Full([40, 50], 1)),
                new($"{row.Rule.Name} {parameters.Count} bias", Tensor<float>.Full([7], 1))];
            row.Rule.AddTo(optimizer, own);
            parameters.AddRange(own);
        }
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.SetGradient(Tensor<float>.Full(parameter.Shape, 0.5f));
        }
        Warm.AllocatesNothing(() => optimizer.Step(), steps: 10);
    }

    /// <summary>Catches: empty parameters that shift the parts of the sweep.</summary>
    [Test]
    public void EmptyParametersAreHarmless()
    {
        Parameter<double> first = new("first", Tensor<double>.Zeros([0])), big = new("big", Tensor<double>.Zeros([40_000])),
            last = new("last", Tensor<double>.Zeros([3, 0])), small = Make("small", 0);
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = 1 }, [first, big, last, small]);
        foreach (Parameter<double> parameter in new[] { first, big, last, small })
        {
            parameter.SetGradient(Tensor<double>.Full(parameter.Shape, -1));
        }
        optimizer.Step();
        Assert.That(big.Value.ToArray(), Is.All.EqualTo(1.0));
        Assert.That(small.Value.Item, Is.EqualTo(1.0));
    }

    /// <summary>Catches: a rule that throws on a worker thread and takes the process with it, or leaves the workers unusable.</summary>
    [Test]
    public void ARuleThatThrowsInTheSweepReachesTheCaller()
    {
        Parameter<float> p = new("p", Tensor<float>.Zeros([400_000]));
        p.SetGradient(Tensor<float>.Full([400_000], 1));
        Optimizer<float> optimizer = Optimizer.For(new Throwing { Countdown = [1000] }, [p]);
        Assert.That(() => optimizer.Step(), Throws.InstanceOf<InvalidOperationException>().With.Message.EqualTo("the rule's own"));
        Parameter<float> q = new("q", Tensor<float>.Zeros([400_000]));
        q.SetGradient(Tensor<float>.Full([400_000], 1));
        Optimizer.For(new Sgd { LearningRate = 1 }, [q]).Step();
        Assert.That(q.Value.ToArray(), Is.All.EqualTo(-1f));
    }

    private readonly record struct Throwing() : IRule
    {
        public int[] Countdown { get; init; } = [];

        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            if (Interlocked.Decrement(ref Countdown[0]) < 0)
            {
                throw new InvalidOperationException("the rule's own");
            }
            θ -= g;
        }
    }

    /// <summary>
    /// Catches: two parameters that a module has renamed alike after they were added, whose states would be saved one over the other.
    /// </summary>
    [Test]
    public void NamesThatHaveBecomeAlikeAreFoundBeforeStateIsLost()
    {
        RandomKey key = RandomKey.FromSeed(1);
        Linear<double> alone = new(1, 1, key);
        Sequential<double> model = new(new Linear<double>(1, 1, key));
        Optimizer<double> optimizer = Optimizer.For(new Adam(), [.. alone.Parameters, .. model.Parameters]);
        _ = new Sequential<double>(alone);
        Assert.That(() => optimizer.SaveState(), Throws.InvalidOperationException.With.Message.Contains("'0.weight'"));
    }

    /// <summary>Catches: a rule without its constructor, whose β and ε are 0, and initial values that make the first root NaN.</summary>
    [Test]
    public void RulesThatCannotWorkAreRefused()
    {
        Parameter<double> p = Make("p", 1);
        Assert.That(() => Optimizer.For(default(Adam), [p]), Throws.ArgumentException.With.Message.Contains("new Adam()"));
        Assert.That(() =>
            Optimizer.For(new Adagrad { InitialAccumulator = -1 }, [p]),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("InitialAccumulator"));
        Assert.That(() =>
            Optimizer.For(new RmsProp { InitialScale = double.NaN }, [p]),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("InitialScale"));
        Assert.That(() =>
            Optimizer.For(new ScheduleFreeSgd { Beta = 0 }, [p]),
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("Beta"));
    }
}
