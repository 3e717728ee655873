using System.Numerics;

namespace Engine.Tests.Optimizers;

/// <summary>A user's rule that cannot work is refused when its group is made, with the reason.</summary>
public sealed class OwnRuleTests
{
    private static readonly StateName[] s_five = [("a", "a"), ("b", "b"), ("c", "c"), ("d", "d"), ("e", "e")];

    private static IEnumerable<TestCaseData> Impossible()
    {
        yield return Case<Norm>("the norm of the gradient that is not declared", "GradientNorm", "NeedsGradientNorm");
        yield return Case<Writes>("state that is not declared", "state.First", "States");
        yield return Case<Reads>("state that is not declared and only read", "Second", "States");
        yield return Case<Five>("five arrays", "5 state arrays", "at most 4");
        yield return Case<Twice>("a key twice", "'same'", "twice");
        yield return Case<TwiceSymbol>("a symbol twice", "'m'", "twice");
        yield return Case<TwiceScalar>("a key of an array and a number", "'m'", "twice");
        yield return Case<Unnamed>("a name that is missing", "default(StateName)");
        yield return Case<NoStates>("null", "States", "null");
        yield return Case<NoScalars>("null numbers", "Scalars", "null");
        yield return Case<Keeps>("a number that is not declared", "LoadScalar(0", "Scalars");
        yield return Case<Loads>("a number behind the last", "LoadScalar(1", "Scalars");
        yield return Case<Branches>("a branch on t at the first update", "T = 2", "WhereGreater");
        yield return Case<BranchesLate>("a branch on t later", "WhereGreater");
        yield return Case<BranchesAlike>("a branch on t with as many scalars", "WhereGreater");

        static TestCaseData Case<TRule>(string name, params string[] words) where TRule : struct, IRule =>
            new TestCaseData((Action<Parameter<float>>)(p => Optimizer.For(new TRule(), [p])), typeof(TRule).Name, words)
                .SetArgDisplayNames(name);
    }

    /// <summary>Catches: NaN, state that is dropped, scalars of another line: what such a rule does without a word.</summary>
    [TestCaseSource(nameof(Impossible))]
    public void IsRefusedWithTheReason(Action<Parameter<float>> add, string rule, string[] words)
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => add(new Parameter<float>("p", Tensor<float>.From(1f))))!;
        Assert.That(words.Append(rule), Is.All.Matches<string>(word => thrown.Message.Contains(word!, StringComparison.Ordinal)),
            thrown.Message);
    }

    /// <summary>Catches: a branch that no check foresees and that shifts the scalars of the sweep.</summary>
    [Test]
    public void ABranchThatNobodyForeseesStopsTheStep()
    {
        Parameter<float> p = new("p", Tensor<float>.From(1f));
        Optimizer<float> optimizer = Optimizer.For(new BranchesAt77(), [p]);
        for (int t = 1; t < 77; t++)
        {
            p.SetGradient(Tensor<float>.From(1f));
            optimizer.Step();
        }
        float before = p.Value.Item;
        p.SetGradient(Tensor<float>.From(1f));
        Assert.That(() => optimizer.Step(),
            Throws.ArgumentException.With.Message.Contains("BranchesAt77").And.Message.Contains("77").And.Message.Contains("WhereGreater"));
        Assert.That((p.Value.Item, optimizer.Report.Steps), Is.EqualTo((before, 76L)));
    }

    /// <summary>Catches: an index that is out of range inside the formula, where the group would have said why.</summary>
    [Test]
    public void TheInterpretersSayTheSame()
    {
        Assert.That(() => Formula.Of(new Five()), Throws.ArgumentException.With.Message.Contains("5 state arrays"));
        Assert.That(() => Formula.Of(new NoStates()), Throws.ArgumentException.With.Message.Contains("States"));
        Assert.That(() => Formula.Of(new Keeps()), Throws.ArgumentException.With.Message.Contains("Scalars"));
        Assert.That(() => new DifferentiableStep<Five, double>(new Five()),
            Throws.ArgumentException.With.Message.Contains("5 state arrays"));
    }

    /// <summary>Catches: a rule over whole tensors whose arrays have the same key, or start as a copy of what has another shape.</summary>
    [Test]
    public void ArraysOfWholeTensorsAreCheckedToo()
    {
        Parameter<double> p = new("p", Tensor<double>.Zeros([2, 3]));
        Assert.That(() => Optimizer.For(new Arrays { Result = [new("a", "same", [2]), new("b", "same", [2])] }, [p]),
            Throws.ArgumentException.With.Message.Contains("'same'").And.Message.Contains("twice"));
        Assert.That(() => Optimizer.For(new Arrays { Result = null! }, [p]), Throws.ArgumentException.With.Message.Contains("null"));
        Assert.That(() => Optimizer.For(new Arrays { Result = [new("a", "a", [2], InitialState.Parameter)] }, [p]),
            Throws.ArgumentException.With.Message.Contains("[2]").And.Message.Contains("[2, 3]"));
    }

    private static IEnumerable<TestCaseData> Defaults()
    {
        Parameter<double>[] p = [new("p", Tensor<double>.Zeros([2, 2]))];
        return
        [
            Case("Adam", () => Optimizer.For(default(Adam), p)), Case("Muon", () => Optimizer.For(default(Muon), p)),
            Case("Lars", () => Optimizer.For(default(Lars), p)), Case("Lamb", () => Optimizer.For(default(Lamb), p)),
            Case("Sm3", () => Optimizer.For(default(Sm3), p)), Case("Adafactor", () => Optimizer.For(default(Adafactor), p)),
            Case("Soap", () => Optimizer.For(default(Soap), p)), Case("Shampoo", () => Optimizer.For(default(Shampoo), p)),
            Case("SophiaG", () => Optimizer.For(default(SophiaG), p)), Case("Prodigy", () => Optimizer.For(default(Prodigy), p)),
        ];

        static TestCaseData Case(string rule, Action act) => new TestCaseData(rule, act).SetArgDisplayNames(rule);
    }

    /// <summary>Catches: a rule without its constructor, whose rate is 0 and which never moves.</summary>
    [TestCaseSource(nameof(Defaults))]
    public void ARuleWithoutItsConstructorIsRefused(string rule, Action act) =>
        Assert.That(() => act(), Throws.ArgumentException.With.Message.Contains($"new {rule}()").And.Message.Contains($"default({rule})"));

    /// <summary>Catches: a message that does not name the rule, or is no sentence.</summary>
    [Test]
    public void MessagesNameTheRule()
    {
        Parameter<double> p = new("p", Tensor<double>.From(1.0));
        foreach ((string rule, Action act) in new (string, Action)[]
        {
            ("Adagrad", () => Optimizer.For(new Adagrad { InitialAccumulator = -1 }, [p])),
            ("Yogi", () => Optimizer.For(new Yogi { InitialAccumulator = -1 }, [p])),
            ("RmsProp", () => Optimizer.For(new RmsProp { InitialScale = -1 }, [p])),
            ("RmsPropMomentum", () => Optimizer.For(new RmsPropMomentum { InitialScale = -1 }, [p])),
            ("CenteredRmsProp", () => Optimizer.For(new CenteredRmsProp { InitialScale = -1 }, [p])),
            ("Sgd", () => Optimizer.For(new Sgd { LearningRate = -1 }, [p])),
        })
        {
            Assert.That(() => act(), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains($"{rule}: got ")
                .And.Message.Contains("expected a number that is finite and at least 0."));
        }
        Assert.That(() => Optimizer.For(new Adam { Beta1 = 1 }, [p]),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("expected a number in [0, 1)."));
    }

    private readonly record struct Arrays() : ITensorRule
    {
        public IReadOnlyList<StateArray> Result { get; init; } = [];

        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public IReadOnlyList<StateArray> States(in Shape shape) => Result;

        public void Update<T>(TensorStep<T> step) where T : unmanaged, IFloatingPointIeee754<T>
        {
        }
    }

    private readonly record struct Norm() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= at[at.GradientNorm] * g;
        }
    }

    private readonly record struct Writes() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            state.First += g;
            θ -= state.First;
        }
    }

    private readonly record struct Reads() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("m", "m")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            state.First += g;
            θ -= state.First + state.Second;
        }
    }

    private readonly record struct Five() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = s_five;

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= g;
        }
    }

    private readonly record struct Twice() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("m", "same"), ("v", "same")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= g;
        }
    }

    private readonly record struct TwiceSymbol() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("m", "a"), ("m", "b")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= g;
        }
    }

    private readonly record struct TwiceScalar() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("a", "m")];

        public static IReadOnlyList<StateName> Scalars { get; } = [("b", "m")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= g;
        }
    }

    private readonly record struct Unnamed() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [default];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= g;
        }
    }

    private readonly record struct NoStates() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = null!;

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= g;
        }
    }

    private readonly record struct NoScalars() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        public static IReadOnlyList<StateName> Scalars { get; } = null!;

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= g;
        }
    }

    private readonly record struct Keeps() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            S count = at.LoadScalar(0, 0) + 1;
            at.StoreScalar(0, count);
            θ -= at[count] * g;
        }
    }

    private readonly record struct Loads() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        public static IReadOnlyList<StateName> Scalars { get; } = [("n", "n")];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= at[at.LoadScalar(1, 0)] * g;
        }
    }

    private readonly record struct Branches() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= at.T.Equals((S)1) ? g : at[0.5 + at.T] * g;
        }
    }

    private readonly record struct BranchesLate() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= at.T.Equals((S)1) || !at.T.Equals((S)2) ? at[0.5 + at.T] * g : g;
        }
    }

    private readonly record struct BranchesAlike() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= at.T.Equals((S)1) ? at[0.5 + at.T] * g : at[0.5 + at.T] * g * g;
        }
    }

    private readonly record struct BranchesAt77() : IRule
    {
        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [];

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            θ -= at[0.5] * g;
            if (at.T is Scalar<double> { Value: 77 })
            {
                θ -= at[0.5] * g;
            }
        }
    }
}
