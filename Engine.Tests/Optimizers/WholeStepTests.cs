namespace Engine.Tests.Optimizers;

/// <summary>A step that throws has changed nothing, or says from then on that it has.</summary>
public sealed class WholeStepTests
{
    private static Parameter<double> Make(string name, params double[] values) => new(name, Tensor<double>.From(values));

    private static void Give(IEnumerable<Parameter<double>> parameters)
    {
        foreach (Parameter<double> parameter in parameters)
        {
            parameter.SetGradient(Tensor<double>.Full(parameter.Shape, 1));
        }
    }

    /// <summary>A schedule that is right until the update that is named.</summary>
    private static Hyperparameter Wrong(long update, bool throws) => Schedule.Function(
        u => u != update ? 0.1 : throws ? throw new InvalidOperationException("the schedule's own") : double.NaN);

    private static IEnumerable<TestCaseData> Groups()
    {
        foreach (bool throws in new[] { false, true })
        {
            Hyperparameter wrong = Wrong(1, throws);
            yield return Case("Sgd", (optimizer, p) => optimizer.AddGroup(new Sgd { LearningRate = wrong }, p));
            yield return Case("Lars", (optimizer, p) => optimizer.AddGroup(new Lars { LearningRate = wrong }, p));
            yield return Case("Prodigy", (optimizer, p) => optimizer.AddGroup(new Prodigy { LearningRate = wrong }, p));

            TestCaseData Case(string rule, Action<Optimizer<double>, Parameter<double>[]> add) =>
                new TestCaseData(add).SetArgDisplayNames(rule, throws ? "throws" : "NaN");
        }
    }

    /// <summary>
    /// Catches: state of an earlier group that was made in the step that threw, and is then out of date; a report or a rate of a step that
    /// did not happen.
    /// </summary>
    [TestCaseSource(nameof(Groups))]
    public void AScheduleThatFailsInALaterGroupLeavesNothing(Action<Optimizer<double>, Parameter<double>[]> add)
    {
        Parameter<double>[] later = [Make("later", 1)];
        Parameter<double> first = Make("first", 1), model = Make("model", 1), fresh = Make("first", 5), freshModel = Make("model", 5);
        Optimizer<double> optimizer = new() { Clip = GradientClip.ByNorm(100), KeepGradients = true };
        Hyperparameter rate = Schedule.Function(u => 0.5 + u);
        optimizer.AddGroup(new ScheduleFreeSgd { LearningRate = rate }, [first]);
        optimizer.AddGroup(new Prodigy(), [model]);
        add(optimizer, later);
        Give(later);
        optimizer.Step();
        Optimizer<double> other = Optimizer.For(new ScheduleFreeSgd { LearningRate = rate }, [fresh]);
        other.AddGroup(new Prodigy(), [freshModel]);
        StepReport report = optimizer.Report;
        (long, double, double, double, int) before = Numbers();
        Give([.. later, first, model]);
        OptimizerState<double> state = optimizer.SaveState();
        double[] rates = [.. optimizer.Groups.Select(group => group.LastLearningRate)];
        first.SetGradient(Tensor<double>.From(3.0));
        Assert.That(() => optimizer.Step(), Throws.InstanceOf<Exception>());
        Assert.That(Numbers(), Is.EqualTo(before));
        Assert.That(optimizer.Groups.Select(group => group.LastLearningRate), Is.EqualTo(rates));
        Assert.That(optimizer.SaveState().Parameters.Values.Select(p => (p.Step, p.Arrays.Count)),
            Is.EqualTo(state.Parameters.Values.Select(p => (p.Step, p.Arrays.Count))));
        later[0].ClearGradient();
        first.SetValue(Tensor<double>.From([5.0], [1]));
        model.SetValue(Tensor<double>.From([5.0], [1]));
        for (int t = 0; t < 3; t++)
        {
            Give([first, model, fresh, freshModel]);
            optimizer.Step();
            other.Step();
        }
        Assert.That((first.Value.Item, model.Value.Item), Is.EqualTo((fresh.Value.Item, freshModel.Value.Item)));

        (long, double, double, double, int) Numbers() =>
            (report.Steps, report.LearningRate, report.GradientNorm, report.ClipCoefficient, report.SkippedParameters.Count);
    }

    private static IEnumerable<TestCaseData> Torn()
    {
        yield return Case("in the sweep", 200_000, (optimizer, p, fuse) => optimizer.AddGroup(new Bursting { Fuse = fuse }, p), "Bursting");
        yield return Case("in a small sweep", 10, (optimizer, p, fuse) => optimizer.AddGroup(new Bursting { Fuse = fuse }, p), "Bursting");
        yield return Case("at the second tensor", 10,
            (optimizer, p, fuse) => optimizer.AddGroup(new BurstingTensor { Fuse = fuse }, p), "BurstingTensor");
        yield return Case("at the second tensor of a model", 10,
            (optimizer, p, fuse) => optimizer.AddGroup(new BurstingModel { Fuse = fuse }, p), "BurstingModel");

        static TestCaseData Case(string name, int length, Action<Optimizer<float>, Parameter<float>[], int[]> add, string rule) =>
            new TestCaseData(length, add, rule).SetArgDisplayNames(name);
    }

    /// <summary>
    /// Catches: an optimizer that goes on from parameters of which some have moved and others have not, and saves that as its state.
    /// </summary>
    [TestCaseSource(nameof(Torn))]
    public void ARuleThatThrowsAmidWritingLeavesItsMark(int length, Action<Optimizer<float>, Parameter<float>[], int[]> add, string rule)
    {
        Parameter<float>[] parameters =
            [.. Enumerable.Range(0, 3).Select(i => new Parameter<float>($"p{i}", Tensor<float>.Zeros([length])))];
        Optimizer<float> optimizer = new() { KeepGradients = true };
        int[] fuse = [int.MaxValue];
        optimizer.AddGroup(new Sgd(), [new Parameter<float>("other", Tensor<float>.Zeros([1, 2]))]);
        add(optimizer, parameters, fuse);
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.SetGradient(Tensor<float>.Full(parameter.Shape, 1));
        }
        optimizer.Step();
        OptimizerState<float> saved = optimizer.SaveState();
        fuse[0] = Bursting.ElementsUntil(length);
        Assert.That(() => optimizer.Step(), Throws.InvalidOperationException.With.Message.EqualTo("the rule's own"));
        fuse[0] = int.MaxValue;
        Parameter<float> p = parameters[0], other = optimizer.Groups[0].Parameters.Single();
        Action[] calls =
        [
            () => optimizer.Step(), () => optimizer.SaveState(), () => optimizer.UpdateCurvature(), () => optimizer.Explain(p, 0),
            () => optimizer.EvaluationValue(p), () => optimizer.StepRows(other, [0], Tensor<float>.Zeros([1, 2])),
            () => optimizer.AddGroup(new Sgd(), [new Parameter<float>("new", Tensor<float>.Zeros([1]))]),
        ];
        foreach (Action call in calls)
        {
            Assert.That(() => call(), Throws.InvalidOperationException
                .With.Message.Contains(rule).And.Message.Contains("partly updated").And.Message.Contains("LoadState")
                .And.InnerException.Message.EqualTo("the rule's own"));
        }
        Assert.That(optimizer.Report.Steps, Is.EqualTo(1));
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.SetValue(Tensor<float>.Full(parameter.Shape, -1));
        }
        optimizer.LoadState(saved);
        optimizer.Step();
        Assert.That(parameters.SelectMany(x => x.Value.ToArray()), Is.All.EqualTo(-2f));
    }

    /// <summary>Catches: rows that have moved before the rule threw, while the optimizer goes on.</summary>
    [Test]
    public void RowsThatAreTornLeaveTheMarkToo()
    {
        Parameter<float> p = new("p", Tensor<float>.Zeros([4, 10]));
        int[] fuse = [int.MaxValue];
        Optimizer<float> optimizer = Optimizer.For(new Bursting { Fuse = fuse }, [p]);
        optimizer.StepRows(p, [0], Tensor<float>.Full([1, 10], 1));
        fuse[0] = Bursting.ElementsUntil(10);
        Assert.That(() => optimizer.StepRows(p, [0, 1, 2, 3], Tensor<float>.Full([4, 10], 1)),
            Throws.InvalidOperationException.With.Message.EqualTo("the rule's own"));
        Assert.That(() => optimizer.Step(), Throws.InvalidOperationException.With.Message.Contains("partly updated"));
    }

    /// <summary>Catches: curvature of the first parameter that is updated before a later hyperparameter is found wrong.</summary>
    [Test]
    public void CurvatureIsUpdatedWholeOrNotAtAll()
    {
        Parameter<double> a = Make("a", 1, 2), b = Make("b", 1, 2);
        Optimizer<double> optimizer = Optimizer.For(new SophiaG(), [a]);
        optimizer.AddGroup(new SophiaG { Beta2 = Wrong(1, throws: false) }, [b]);
        Give([b]);
        optimizer.Step();
        Give([a, b]);
        Assert.That(() => optimizer.UpdateCurvature(), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That((a.HasGradient, optimizer.SaveState().Parameters["a"].Arrays.Count), Is.EqualTo((true, 0)));
    }

    /// <summary>Catches: curvature that a gradient of NaN has spoiled for good, whatever the policy is.</summary>
    [Test]
    public void CurvatureFollowsThePolicyForNonFiniteGradients()
    {
        Parameter<double> a = Make("a", 1), b = Make("b", 1), other = Make("other", 1);
        Optimizer<double> optimizer = Optimizer.For(new SophiaG(), [a, b]);
        optimizer.AddGroup(new Sgd(), [other]);
        optimizer.NonFinite = NonFinite.Throw;
        Give([a]);
        b.SetGradient(Tensor<double>.From([double.NaN], [1]));
        Assert.That(() => optimizer.UpdateCurvature(),
            Throws.InstanceOf<ArithmeticException>().With.Message.Contains("'b'").And.Message.Contains("UpdateCurvature"));
        Assert.That(optimizer.SaveState().Parameters["a"].Arrays, Is.Empty);
        optimizer.NonFinite = NonFinite.Skip;
        optimizer.UpdateCurvature();
        Assert.That((optimizer.Report.NonFiniteSteps, a.HasGradient, b.HasGradient), Is.EqualTo((1L, false, false)));
        Assert.That(optimizer.SaveState().Parameters["a"].Arrays, Is.Empty);
        Give([a, b]);
        other.SetGradient(Tensor<double>.From([double.NaN], [1]));
        optimizer.UpdateCurvature();
        Assert.That(optimizer.SaveState().Parameters["a"].Arrays["hessian"].Item, Is.EqualTo(0.01).Within(1e-15));
        optimizer.NonFinite = NonFinite.Propagate;
        b.SetGradient(Tensor<double>.From([double.NaN], [1]));
        optimizer.UpdateCurvature();
        Assert.That(optimizer.SaveState().Parameters["b"].Arrays["hessian"].Item, Is.NaN);
    }

    /// <summary>Catches: a rule that is replaced while the step computes with it.</summary>
    [Test]
    public void ARuleIsNotReplacedDuringAStep()
    {
        Parameter<double> p = Make("p", 1);
        Optimizer<double> optimizer = new();
        Group<Adam, double>? group = null;
        group = optimizer.AddGroup(new Adam
        {
            LearningRate = Schedule.Function(u =>
            {
                if (group is not null)
                {
                    group.LearningRate = 0.25;
                }
                return 0.5;
            }),
        }, [p]);
        Give([p]);
        double before = p.Value.Item;
        Assert.That(() => optimizer.Step(), Throws.InvalidOperationException.With.Message.Contains("one call at a time"));
        Assert.That(p.Value.Item, Is.EqualTo(before));
        group.LearningRate = 0.25;
        Assert.That(optimizer.Step().LearningRate, Is.EqualTo(0.25));
    }

    [Test]
    public void OptionsThatAreNotNamedAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Optimizer<double>().NonFinite = (NonFinite)7);
        Assert.Throws<NotSupportedException>(() => Vectors.Norm<Half>([(Half)3, (Half)4]));
        Assert.Throws<NotSupportedException>(() => Vectors.RootMeanSquare<Half>([(Half)3, (Half)4]));
    }

    /// <summary>Catches: two steps at once, which read and write the same parameters.</summary>
    [Test]
    public void TwoStepsAtOnceAreRefused()
    {
        Parameter<double> p = Make("p", 1);
        Optimizer<double> optimizer = new();
        bool inside = false;
        Exception? refused = null;
        Group<double> group = optimizer.AddGroup(new Sgd
        {
            LearningRate = Schedule.Function(u =>
            {
                if (u == 1 && !inside)
                {
                    inside = true;
                    Thread other = new(() =>
                    {
                        try
                        {
                            optimizer.Step();
                        }
                        catch (InvalidOperationException exception)
                        {
                            refused = exception;
                        }
                    });
                    other.Start();
                    other.Join();
                }
                return 0.5;
            }),
        }, [p]);
        for (int t = 0; t < 2; t++)
        {
            Give([p]);
            optimizer.Step();
        }
        Assert.That(refused, Is.InstanceOf<InvalidOperationException>().With.Message.Contains("one call at a time"));
        Assert.That((p.Value.Item, group.LastLearningRate), Is.EqualTo((0.0, 0.5)), "the step that was made is whole");
    }

    private readonly record struct Bursting() : IRule
    {
        public int[] Fuse { get; init; } = [];

        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public static IReadOnlyList<StateName> States { get; } = [("m", "m")];

        /// <summary>The calls after which some elements have moved: the scalar pass makes one, the sweep one for each register.</summary>
        public static int ElementsUntil(int length) => length > 1000 ? 40 : 2;

        public static void Burn(int[] fuse)
        {
            if (Interlocked.Decrement(ref fuse[0]) < 0)
            {
                throw new InvalidOperationException("the rule's own");
            }
        }

        void IRule.Update<S, L>(ref Step<S, L> at, ref L θ, L g, ref State<L> state)
        {
            Burn(Fuse);
            state.First = g;
            θ -= g;
        }
    }

    private readonly record struct BurstingTensor() : ITensorRule
    {
        public int[] Fuse { get; init; } = [];

        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public IReadOnlyList<StateArray> States(in Shape shape) => [new("m", "m", shape)];

        public void Update<T>(TensorStep<T> step) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            Bursting.Burn(Fuse);
            Vectors.AddScaled(step.Value, -1, step.Gradient);
        }
    }

    private readonly record struct BurstingModel() : IModelRule
    {
        public int[] Fuse { get; init; } = [];

        public Hyperparameter LearningRate { get; init; } = 1;

        public WeightDecay WeightDecay { get; init; }

        public IReadOnlyList<StateArray> States(in Shape shape) => [new("m", "m", shape)];

        public void Update<T>(ModelStep<T> step) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            foreach (TensorStep<T> tensor in step.Tensors)
            {
                Bursting.Burn(Fuse);
                Vectors.AddScaled(tensor.Value, -1, tensor.Gradient);
            }
        }
    }
}
