namespace Engine.Tests.Optimizers;

/// <summary>An optimizer's state tells under which hyperparameters it came about, and carries the state of plateaus.</summary>
public sealed class HyperparameterStateTests
{
    private static readonly (string Name, Func<Optimizer<double>, Parameter<double>, Hyperparameter, Group<double>> Add)[] s_families =
    [
        ("Adam", (optimizer, p, rate) => optimizer.AddGroup(new Adam { LearningRate = rate, Beta1 = 0.8 }, [p])),
        ("Lars", (optimizer, p, rate) => optimizer.AddGroup(new Lars { LearningRate = rate }, [p])),
        ("Prodigy", (optimizer, p, rate) => optimizer.AddGroup(new Prodigy { LearningRate = rate }, [p])),
    ];

    private static IEnumerable<TestCaseData> Families() =>
        s_families.Select(family => new TestCaseData(family.Add).SetArgDisplayNames(family.Name));

    private static Parameter<double> Make(string name) => new(name, Tensor<double>.From(1, 2));

    private static Optimizer<double> Stepped(
        Func<Optimizer<double>, Parameter<double>, Hyperparameter, Group<double>> add, Hyperparameter rate)
    {
        Optimizer<double> optimizer = new();
        Parameter<double> p = Make("p");
        add(optimizer, p, rate);
        p.SetGradient(p.Value);
        optimizer.Step();
        return optimizer;
    }

    /// <summary>Catches: a family that lists no hyperparameters, a schedule that is saved as a number.</summary>
    [TestCaseSource(nameof(Families))]
    public void TheFormulaIsSaved(Func<Optimizer<double>, Parameter<double>, Hyperparameter, Group<double>> add)
    {
        GroupState saved = Stepped(add, 0.5 * Schedule.Cosine(9)).SaveState().Groups.Single();
        Assert.That(saved.Parameters, Is.EqualTo(new[] { "p" }));
        Assert.That(saved.Hyperparameters["LearningRate"], Is.EqualTo("0.5·(cos²(π/2·t/9))"));
        Assert.That(saved.Hyperparameters, Has.Count.GreaterThan(2));
    }

    /// <summary>
    /// Catches: a run that goes on under another rate than it was saved under, silently: of a schedule that is not the same, or of a rate
    /// that was set by hand and is not in the program.
    /// </summary>
    [TestCaseSource(nameof(Families))]
    public void AnotherHyperparameterIsADifference(Func<Optimizer<double>, Parameter<double>, Hyperparameter, Group<double>> add)
    {
        OptimizerState<double> state = Stepped(add, 0.5 * Schedule.Cosine(9)).SaveState();
        Optimizer<double> other = Stepped(add, 0.5 * Schedule.Cosine(10)), same = Stepped(add, 0.5 * Schedule.Cosine(9));
        same.LoadState(state);
        other.Groups[0].Parameters.Single().SetGradient(Tensor<double>.From(1, 2));
        other.Step();
        Assert.That(() => other.LoadState(state), Throws.ArgumentException
            .With.Message.Contains("of 'p': LearningRate was 0.5·(cos²(π/2·t/9)), and is 0.5·(cos²(π/2·t/10))"));
        Assert.That(other.SaveState().Parameters["p"].Step, Is.EqualTo(2), "nothing has changed");
        other.LoadState(state, StateMatch.NewHyperparameters);
        Assert.That(other.SaveState().Parameters["p"].Step, Is.EqualTo(1));
        Assert.That(other.Groups[0].LearningRate, Is.EqualTo((Hyperparameter)(0.5 * Schedule.Cosine(10))));
        same.Groups[0].LearningRate = 0.25;
        Assert.That(() => same.LoadState(state), Throws.ArgumentException.With.Message.Contains("and is 0.25"));
        same.LoadState(same.SaveState());
        same.LoadState(state, StateMatch.Partial);
    }

    /// <summary>Catches: a decay of another kind with the same coefficient; one that is no longer there.</summary>
    [Test]
    public void AnotherDecayIsADifference()
    {
        OptimizerState<double> state = With(WeightDecay.L2(0.01)).SaveState();
        With(WeightDecay.L2(0.01)).LoadState(state);
        Assert.That(() => With(WeightDecay.Independent(0.01)).LoadState(state),
            Throws.ArgumentException.With.Message.Contains("WeightDecay was L2 0.01, and is Independent 0.01"));
        Assert.That(() => With(WeightDecay.None).LoadState(state),
            Throws.ArgumentException.With.Message.Contains("WeightDecay was L2 0.01, and is not used"));

        static Optimizer<double> With(WeightDecay decay) => Optimizer.For(new Sgd { LearningRate = 0.1, WeightDecay = decay }, [Make("p")]);
    }

    /// <summary>Catches: hyperparameters that are compared with those of another group; a group that is matched by its place.</summary>
    [Test]
    public void GroupsAreFoundByTheirParameters()
    {
        OptimizerState<double> state = Two("a", 0.1, "b", 0.2).SaveState();
        Two("b", 0.2, "a", 0.1).LoadState(state);
        Assert.That(() => Two("b", 0.1, "a", 0.2).LoadState(state), Throws.ArgumentException
            .With.Message.Contains("of 'b': LearningRate was 0.2, and is 0.1")
            .And.Message.Contains("of 'a': LearningRate was 0.1, and is 0.2"));
        Two("b", 0.1, "a", 0.2).LoadState(new OptimizerState<double>(0, state.Parameters)); // from elsewhere, without hyperparameters

        static Optimizer<double> Two(string first, double firstRate, string second, double secondRate)
        {
            Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = firstRate }, [Make(first)]);
            optimizer.AddGroup(new Sgd { LearningRate = secondRate }, [Make(second)]);
            return optimizer;
        }
    }

    /// <summary>Catches: a plateau that starts anew, or is restored into the wrong one, or although the load was refused.</summary>
    [Test]
    public void PlateausAreRestored()
    {
        (Optimizer<double> first, ReduceOnPlateau rate, ReduceOnPlateau momentum) = Make();
        rate.Observe(3);
        rate.Observe(4);
        momentum.Observe(5);
        OptimizerState<double> state = first.SaveState();
        Assert.That(state.Groups.Single().Plateaus, Is.EqualTo(new[] { rate.State, momentum.State }));
        (Optimizer<double> second, ReduceOnPlateau otherRate, ReduceOnPlateau otherMomentum) = Make();
        second.LoadState(state);
        Assert.That((otherRate.State, otherMomentum.State), Is.EqualTo((rate.State, momentum.State)));
        (second, otherRate, _) = Make(patience: 7);
        Assert.That(() => second.LoadState(state), Throws.ArgumentException.With.Message.Contains("patience 7"));
        Assert.That(otherRate.State, Is.EqualTo(new ReduceOnPlateau().State));
        second.LoadState(state, StateMatch.NewHyperparameters);
        Assert.That(otherRate.State, Is.EqualTo(rate.State));

        static (Optimizer<double>, ReduceOnPlateau, ReduceOnPlateau) Make(long patience = 0)
        {
            ReduceOnPlateau rate = new() { Patience = patience }, momentum = new();
            Optimizer<double> optimizer = Optimizer.For(new Momentum
            {
                LearningRate = Schedule.Warmup(5) * rate.Reduce(Schedule.Cosine(7)).For(20).Then(rate.Reduce(0.5)),
                Coefficient = momentum.Reduce(0.9),
            }, [HyperparameterStateTests.Make("p")]);
            return (optimizer, rate, momentum);
        }
    }

    /// <summary>Catches: a null in a state that was put together by hand.</summary>
    [Test]
    public void ANullInAGroupIsRefused()
    {
        Optimizer<double> optimizer = Optimizer.For(new Sgd(), [Make("p")]);
        OptimizerState<double> state = optimizer.SaveState();
        GroupState group = state.Groups.Single();
        foreach (GroupState broken in (GroupState[])
            [null!, group with { Rule = null! }, group with { Parameters = null! }, group with { Hyperparameters = null! },
                group with { Plateaus = null! }, group with { Plateaus = [null!] }])
        {
            Assert.That(() => optimizer.LoadState(new OptimizerState<double>(3, state.Parameters, [broken])),
                Throws.ArgumentException.With.Message.Contains("null in the state of a group"));
            Assert.That(optimizer.Report.Steps, Is.Zero);
        }
    }

    /// <summary>
    /// A run that is cut anywhere and goes on in a new optimizer has the bits of the uninterrupted one. Catches: a schedule that begins
    /// anew (PyTorch's issues 65342, 67586), a plateau that is not saved.
    /// </summary>
    [Test]
    public void AResumedRunIsTheUninterruptedOne()
    {
        double[] whole = Run(cut: -1);
        for (int cut = 0; cut < 20; cut++)
        {
            Assert.That(Run(cut), Is.EqualTo(whole), $"{cut}");
        }

        static double[] Run(int cut)
        {
            (Optimizer<double> optimizer, ReduceOnPlateau plateau, Parameter<double> p) = New(Make("p").Value);
            for (int t = 0; t < 20; t++)
            {
                if (t == cut)
                {
                    OptimizerState<double> state = optimizer.SaveState();
                    (optimizer, plateau, p) = New(p.Value);
                    optimizer.LoadState(state);
                }
                p.SetGradient(p.Value);
                optimizer.Step();
                plateau.Observe(t % 3);
            }
            return p.Value.ToArray();
        }

        static (Optimizer<double>, ReduceOnPlateau, Parameter<double>) New(Tensor<double> value)
        {
            ReduceOnPlateau plateau = new() { Patience = 2, Factor = 0.5 };
            Parameter<double> p = new("p", value);
            Schedule schedule = 0.1 * Schedule.Warmup(5).Then(Schedule.CosineRestarts(3, 2)).ByEpoch(2);
            return (Optimizer.For(new Adam { LearningRate = plateau.Reduce(schedule), Beta1 = Schedule.Triangular(3, 4, 0.95, 0.85) }, [p]),
                plateau, p);
        }
    }
}
