using System.Reflection;

namespace Engine.Tests.Optimizers;

/// <summary>What must hold for every rule over tensors or models.</summary>
public sealed class TensorLaws
{
    private const double η = 0.01, β1 = 0.8, β2 = 0.95;

    private static readonly WeightDecay[] s_decays = [WeightDecay.None, WeightDecay.L2(0.1), WeightDecay.Decoupled(0.1),
        WeightDecay.Independent(0.01)];

    private static readonly TensorCase[] s_rules =
    [
        TensorCase.Of(new Lars { LearningRate = η, Momentum = 0.7, TrustCoefficient = 0.02 }),
        TensorCase.Of(
            new Lars { LearningRate = η, Momentum = 0.7, TrustCoefficient = 0.02, Decay = 0.1, Nesterov = true, DecayInsideNorm = true },
                "Lars as optax"),
        TensorCase.Of(new Lamb { LearningRate = η, Beta1 = β1, Beta2 = β2 }),
        TensorCase.Of(new Adafactor { LearningRate = η }),
        TensorCase.Of(
            new Adafactor { LearningRate = η, AddEpsilonToSquares = true, Epsilon1 = 1e-30, RelativeStep = false,
                MultiplyByParameterScale = false }, "Adafactor as optax"),
        TensorCase.Of(new Sm3 { LearningRate = η, Momentum = 0.7 }),
        TensorCase.Of(new Sm3 { LearningRate = η, Momentum = 0, Beta = 0.6, Epsilon = 0 }, "Sm3 with β"),
        TensorCase.Of(new SophiaG { LearningRate = η, Beta1 = β1, Beta2 = β2, BatchSize = 4, WeightDecay = WeightDecay.None }),
        TensorCase.Of(new Muon { LearningRate = η, Momentum = 0.7, WeightDecay = WeightDecay.None }),
        TensorCase.Of(
            new Muon { LearningRate = η, Momentum = 0.7, Nesterov = false, BiasCorrection = true, DualNorm = true,
                Scale = MuonScale.Transposed, WeightDecay = WeightDecay.None }, "Muon as optax"),
        TensorCase.Of(new Shampoo { LearningRate = η, UpdateInterval = 2, Epsilon = 1e-3 }),
        TensorCase.Of(new Soap { LearningRate = η, Beta1 = β1, Beta2 = β2, UpdateInterval = 2, Decay = 0 }),
        TensorCase.OfModel(new Prodigy { InitialDistance = 1e-2, BiasCorrection = true, GrowthRate = 1.5 }),
        TensorCase.OfModel(
            new Prodigy { InitialDistance = 1e-2, SafeguardWarmup = true, Beta3 = 0.9, DistanceCoefficient = 0.7, Decay = 0.1 },
                "Prodigy with decay"),
    ];

    private static readonly Dictionary<string, Shape> s_shapes = new()
    {
        ["a"] = [5, 3], ["b"] = [4], ["c"] = [3, 6], ["d"] = [], ["e"] = [2, 3, 2],
    };

    /// <summary>Catches: a rule of the catalog that is missing in the table, and so under no law.</summary>
    [Test]
    public void EveryRuleOfTheCatalogIsInTheTable()
    {
        Type[] rules = [.. RuleCatalog.WholeTensor.SelectMany(family => family.Rules).Select(entry => entry.Type)];
        Assert.That(rules, Has.Length.GreaterThanOrEqualTo(9));
        Assert.That(rules.Except(s_rules.Select(rule => rule.Type)), Is.Empty);
    }

    /// <summary>Catches: a norm of zero that is divided by, an ε that is added to the update, a trust ratio of 0/0.</summary>
    [TestCaseSource(nameof(s_rules))]
    public void ZeroGradientsChangeNothing(TensorCase rule)
    {
        if (rule.Name == "Prodigy with decay")
        {
            rule = TensorCase.OfModel(new Prodigy { InitialDistance = 1e-2 });
        }
        if (rule.Name == "Lars as optax")
        {
            rule = TensorCase.Of(new Lars { DecayInsideNorm = true });
        }
        foreach ((string name, double[] values) in Trajectory(rule, gradientScale: 0))
        {
            Assert.That(values, Is.EqualTo(Numbers(s_shapes[name].Length, Seed(name))).AsCollection, name);
        }
    }

    /// <summary>
    /// Catches: state or scratch memory that leaks from one parameter to the next, a sum over the model in the order of the list.
    /// </summary>
    [TestCaseSource(nameof(s_rules))]
    public void PermutingParametersChangesNothing(TensorCase rule) =>
        Same(Trajectory(rule), Trajectory(rule, order: ["e", "c", "b", "a", "d"]));

    /// <summary>Catches: a sign lost in a norm or a root, a decay with the wrong sign.</summary>
    [TestCaseSource(nameof(s_rules))]
    public void TurningAllSignsTurnsTheTrajectory(TensorCase rule) =>
        Same(Trajectory(rule).ToDictionary(p => p.Key, p => Array.ConvertAll(p.Value, v => -v)),
            Trajectory(rule, gradientScale: -1, valueScale: -1));

    /// <summary>Catches: a sign turned after decay instead of before, or turned on the step; curvature with a sign.</summary>
    [TestCaseSource(nameof(s_rules))]
    public void MaximizingIsMinimizingTheNegative(TensorCase rule)
    {
        foreach (WeightDecay decay in s_decays)
        {
            Same(Trajectory(rule.With(decay), gradientScale: -1), Trajectory(rule.With(decay), maximize: true));
        }
    }

    /// <summary>Catches: decay in the gradient that comes before clipping, is scaled with it, or is fused into one rounding.</summary>
    [TestCaseSource(nameof(s_rules))]
    public void L2DecayIsTheGradientOfItsPenalty(TensorCase rule) =>
        Same(Trajectory(rule, addToGradient: 0.1), Trajectory(rule.With(WeightDecay.L2(0.1))));

    /// <summary>
    /// Catches: decoupled decay that goes through the rule, is applied twice or after the step, a scale taken after decay. (Where the step
    /// depends on θ by the paper, that is another step.)
    /// </summary>
    [TestCaseSource(nameof(s_rules))]
    public void DecoupledDecayIsAddedToTheStep(TensorCase rule)
    {
        if (rule.Name.StartsWith('L') || rule.Name.StartsWith("Prodigy", StringComparison.Ordinal))
        {
            Assert.That(Trajectory(rule.With(WeightDecay.Decoupled(0.1)), steps: 1)["a"],
                Is.Not.EqualTo(Trajectory(rule, steps: 1)["a"]).AsCollection);
            return;
        }
        int steps = rule.Type == typeof(Soap) ? 2 : 1; // its first update only looks
        Dictionary<string, double[]> plain = Trajectory(rule, steps: steps),
            decayed = Trajectory(rule.With(WeightDecay.Decoupled(0.1)), steps: steps);
        foreach (string name in s_shapes.Keys.Where(name => s_shapes[name].Rank == 2))
        {
            double[] start = Numbers(s_shapes[name].Length, Seed(name));
            double kept = Math.Pow(1 - (η * 0.1), steps);
            Assert.That(decayed[name], Is.EqualTo(plain[name].Zip(start, (v, s) => v - ((1 - kept) * s))).Within(1e-12), name);
        }
    }

    /// <summary>Catches: a sum, a product or a search whose order depends on the threads.</summary>
    [TestCaseSource(nameof(s_rules))]
    [Category("Slow")]
    public void ThreadsChangeNothing(TensorCase rule)
    {
        int before = Engine.Kernels.Workers.Count;
        try
        {
            List<float[]> results = [];
            foreach (int threads in new[] { 1, 2, 7 })
            {
                Engine.Kernels.Workers.Count = threads;
                Parameter<float> matrix = new("m", Floats([70, 33], 1)), vector = new("v", Floats([50_001], 2));
                Optimizer<float> optimizer = new() { Clip = GradientClip.ByNorm(3) };
                rule.AddTo(optimizer, [matrix, vector]);
                for (int t = 0; t < 3; t++)
                {
                    matrix.SetGradient(Floats([70, 33], 3 + t));
                    vector.SetGradient(Floats([50_001], 7 + t));
                    optimizer.Step();
                }
                results.Add([.. matrix.Value.Span, .. vector.Value.Span]);
            }
            Assert.That(results[1].AsSpan().SequenceEqual(results[0]) && results[2].AsSpan().SequenceEqual(results[0]));
            Assert.That(results[0], Is.All.Matches<float>(float.IsFinite));
        }
        finally
        {
            Engine.Kernels.Workers.Count = before;
        }
    }

    /// <summary>
    /// Catches: state that is not saved, saved under another shape, or taken up into the wrong array; numbers of the model that begin
    /// anew.
    /// </summary>
    [TestCaseSource(nameof(s_rules))]
    public void ARunResumedFromItsStateIsTheUninterruptedOne(TensorCase rule)
    {
        (Optimizer<double> whole, Parameter<double>[] expected) = Start(rule);
        (Optimizer<double> first, Parameter<double>[] half) = Start(rule);
        (Optimizer<double> second, Parameter<double>[] resumed) = Start(rule);
        Run(whole, expected, 1, 7);
        Run(first, half, 1, 3);
        OptimizerState<double> state = first.SaveState();
        Run(first, half, 4, 1); // what was saved is a copy
        Run(second, resumed, 1, 1); // what was there is replaced
        (Optimizer<double> until, Parameter<double>[] at) = Start(rule);
        Run(until, at, 1, 3);
        foreach ((Parameter<double> to, Parameter<double> from) in resumed.Zip(at))
        {
            to.SetValue(from.Value);
        }
        second.LoadState(state);
        Run(second, resumed, 4, 4);
        foreach ((Parameter<double> actual, Parameter<double> wanted) in resumed.Zip(expected))
        {
            Assert.That(actual.Value.ToArray(), Is.EqualTo(wanted.Value.ToArray()).AsCollection, actual.Name);
        }
    }

    /// <summary>Catches: arrays, lists or boxes made in a step.</summary>
    [TestCaseSource(nameof(s_rules))]
    public void AWarmStepAllocatesNothing(TensorCase rule)
    {
        (Optimizer<double> optimizer, Parameter<double>[] parameters) = Start(rule.With(WeightDecay.L2(0.1)));
        Tensor<double>[] gradients = [.. parameters.Select(p => Tensor<double>.From(Numbers(p.Shape.Length, 3), p.Shape))];
        optimizer.Clip = GradientClip.ByNorm(1);
        for (int t = 0; t < 6; t++)
        {
            Both();
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        Both();
        Both();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Both()
        {
            SetAll();
            optimizer.UpdateCurvature();
            SetAll();
            optimizer.Step();
        }

        void SetAll()
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                parameters[i].SetGradient(gradients[i]);
            }
        }
    }

    private static IEnumerable<TestCaseData> HyperparametersOfAllRules() =>
        from rule in s_rules.DistinctBy(rule => rule.Type)
        from property in rule.Type.GetProperties().Where(p => p.PropertyType == typeof(Hyperparameter))
        select new TestCaseData(rule.Type, property).SetArgDisplayNames(rule.Type.Name, property.Name);

    /// <summary>
    /// Catches: a hyperparameter without a range, a message without its name, one that is found out in the middle of a step.
    /// </summary>
    [TestCaseSource(nameof(HyperparametersOfAllRules))]
    public void AHyperparameterOutOfItsRangeIsNamedBeforeAnythingChanges(Type type, PropertyInfo property)
    {
        foreach (double wrong in new[] { -1.5, double.NaN })
        {
            Assert.That(() =>
                Add(Changed(wrong), out _),
                    Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(type.Name).And.Message.Contains(property.Name),
                    $"{wrong} at once");
        }
        double right = ((Hyperparameter)property.GetValue(Activator.CreateInstance(type))!).At(0);
        Optimizer<double> optimizer = Add(Changed(Schedule.Function(u => u < 2 ? right : -1.5)),
            out Parameter<double>[] parameters);
        Run(optimizer, parameters, 1, 2);
        double[][] values = [.. parameters.Select(p => p.Value.ToArray())];
        OptimizerState<double> state = optimizer.SaveState();
        Assert.That(() =>
            Run(optimizer, parameters, 3, 1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains(property.Name),
                "at update 3");
        Assert.That(parameters.Select(p => p.Value.ToArray()), Is.EqualTo(values).AsCollection);
        foreach ((string name, ParameterState<double> after) in optimizer.SaveState().Parameters)
        {
            Assert.That(after.Step, Is.EqualTo(2));
            Assert.That(after.Arrays.Select(a => a.Value.ToArray()),
                Is.EqualTo(state.Parameters[name].Arrays.Select(a => a.Value.ToArray())).AsCollection);
            Assert.That(after.Scalars, Is.EqualTo(state.Parameters[name].Scalars));
        }

        object Changed(Hyperparameter value)
        {
            object rule = Activator.CreateInstance(type)!;
            property.SetValue(rule, value);
            return rule;
        }
    }

    private static Optimizer<double> Add(object rule, out Parameter<double>[] parameters)
    {
        TensorCase added = (TensorCase)typeof(TensorCase).GetMethods().Single(m =>
            m.Name == (rule is IModelRule ? nameof(TensorCase.OfModel) : nameof(TensorCase.Of)) && m.GetGenericArguments().Length == 1)
            .MakeGenericMethod(rule.GetType()).Invoke(null, [rule, null])!;
        (Optimizer<double> optimizer, parameters) = Start(added);
        return optimizer;
    }

    /// <summary>Catches: a matrix rule that takes a vector for a matrix of one row, or finds out in the first step.</summary>
    [Test]
    public void MatrixRulesRefuseOtherShapes()
    {
        Parameter<double> bias = new("layer.bias", Tensor<double>.Zeros([3])), weight = new("layer.weight", Tensor<double>.Zeros([3, 2]));
        Assert.That(() =>
            Optimizer.For(new Muon(), [weight, bias]),
                Throws.ArgumentException.With.Message.Contains("Muon").And.Message.Contains("layer.bias").And.Message.Contains("[3]"));
        Assert.That(() => Optimizer.For(new Shampoo(), [bias]), Throws.ArgumentException);
        Assert.That(() => Optimizer.For(new Soap(), [bias]), Throws.ArgumentException);
        Optimizer<double> optimizer = Optimizer.For(new Muon(), [weight, bias], others: new AdamW());
        Assert.That(optimizer.Groups.Select(group => (group.RuleName, group.Parameters.Single().Name)),
            Is.EqualTo(new[] { ("Muon", "layer.weight"), ("AdamW", "layer.bias") }).AsCollection);
        Assert.That(Optimizer.For(new Muon(), [weight], others: new AdamW()).Groups, Has.Count.EqualTo(1));
        Assert.That(() => Optimizer.For(new Muon(), Array.Empty<Parameter<double>>(), others: new AdamW()), Throws.ArgumentException);
    }

    /// <summary>Catches: a refused group that stays in the optimizer, a parameter in two groups of different families.</summary>
    [Test]
    public void GroupsOfAllFamiliesShareOneOptimizer()
    {
        Parameter<double>[] p = [.. Enumerable.Range(0, 3).Select(i => new Parameter<double>($"p{i}", Tensor<double>.Full([2, 2], 1)))];
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = 1 }, [p[0]]);
        Group<Lamb, double> lamb = optimizer.AddGroup(new Lamb { LearningRate = 0.1 }, [p[1]]);
        Assert.That(() => optimizer.AddGroup(new Prodigy { Beta1 = 1 }, [p[2]]), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => optimizer.AddGroup(new Prodigy(), [p[2], p[1]]), Throws.ArgumentException.With.Message.Contains("p1"));
        Group<Prodigy, double> prodigy = optimizer.AddGroup(new Prodigy(), [p[2]]);
        Assert.That(prodigy.Distance, Is.EqualTo(1e-6));
        foreach (Parameter<double> parameter in p)
        {
            parameter.SetGradient(Tensor<double>.Full([2, 2], 1));
        }
        lamb.Rule = lamb.Rule with { LearningRate = 0.2 };
        Assert.That(() => lamb.Rule = lamb.Rule with { Beta2 = 1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        optimizer.Step();
        Assert.That(optimizer.Groups.Select(group => group.LastLearningRate), Is.EqualTo(new[] { 1, 0.2, 1 }).AsCollection);
        Assert.That(p.Select(x => 1 - x.Value.Span[0]), Is.EqualTo(new[] { 1, 0.2, 1e-6 * 0.1 / Math.Sqrt(1e-3) }).Within(1e-12));
        Assert.That(p, Is.All.Matches<Parameter<double>>(x => !x!.HasGradient));
        optimizer.Step();
        Assert.That(p.Select(x => 1 - x.Value.Span[0]), Is.EqualTo(new[] { 1, 0.2, 1e-6 * 0.1 / Math.Sqrt(1e-3) }).Within(1e-12),
            "no gradient, no step");
    }

    /// <summary>Catches: an empty parameter that divides by its length.</summary>
    [TestCaseSource(nameof(s_rules))]
    public void EmptyParametersDoNoHarm(TensorCase rule)
    {
        Parameter<double> none = new("none", Tensor<double>.Zeros([0, 3])), one = new("one", Tensor<double>.Full([2, 2], 1));
        Optimizer<double> optimizer = new();
        rule.AddTo(optimizer, [none, one]);
        for (int t = 0; t < 3; t++)
        {
            none.SetGradient(Tensor<double>.Zeros([0, 3]));
            one.SetGradient(Tensor<double>.From([1, 2, 3, 5], [2, 2]));
            optimizer.Step();
        }
        Assert.That(one.Value.ToArray(), Is.All.Matches<double>(v => double.IsFinite(v) && v != 1));
    }

    private static void Same(Dictionary<string, double[]> expected, Dictionary<string, double[]> actual)
    {
        foreach ((string name, double[] values) in expected)
        {
            Assert.That(actual[name], Is.EqualTo(values).AsCollection, name);
            Assert.That(values, Is.All.Matches<double>(double.IsFinite), name);
        }
    }

    private static (Optimizer<double> Optimizer, Parameter<double>[] Parameters) Start(TensorCase rule)
    {
        Parameter<double>[] parameters = [.. s_shapes.Select(p =>
            new Parameter<double>(p.Key, Tensor<double>.From(Numbers(p.Value.Length, Seed(p.Key)), p.Value)))];
        Optimizer<double> optimizer = new();
        rule.AddTo(optimizer, parameters);
        return (optimizer, parameters);
    }

    private static void Run(Optimizer<double> optimizer, Parameter<double>[] parameters, int first, int steps)
    {
        for (int t = first; t < first + steps; t++)
        {
            foreach (Parameter<double> parameter in parameters)
            {
                parameter.SetGradient(
                    Tensor<double>.From(Numbers(parameter.Shape.Length, Seed(parameter.Name) + (10 * t)), parameter.Shape));
            }
            optimizer.Step();
        }
    }

    private static Dictionary<string, double[]> Trajectory(
        TensorCase rule, double gradientScale = 1, double valueScale = 1, bool maximize = false,
        double addToGradient = 0, string[]? order = null, int steps = 5)
    {
        Parameter<double>[] parameters = [.. (order ?? [.. s_shapes.Keys]).Select(name =>
            new Parameter<double>(name,
                Tensor<double>.From(Scaled(Numbers(s_shapes[name].Length, Seed(name)), valueScale), s_shapes[name])))];
        Optimizer<double> optimizer = new() { Maximize = maximize };
        rule.AddTo(optimizer, parameters);
        for (int t = 1; t <= steps; t++)
        {
            if (t % 2 == 0)
            {
                SetGradients(3);
                optimizer.UpdateCurvature();
            }
            SetGradients(10 * t);
            optimizer.Step();
        }
        return parameters.Where(p =>
            rule.Type != typeof(Muon) && rule.Type != typeof(Shampoo) && rule.Type != typeof(Soap) || p.Shape.Rank == 2).ToDictionary(p =>
                p.Name, p => p.Value.ToArray());

        void SetGradients(int seed)
        {
            foreach (Parameter<double> parameter in parameters)
            {
                double[] gradient = Scaled(Numbers(parameter.Shape.Length, Seed(parameter.Name) + seed), gradientScale);
                parameter.SetGradient(
                    Tensor<double>.From([.. gradient.Zip(parameter.Value.ToArray(), (g, v) => seed == 3 ? g : g + (addToGradient * v))],
                        parameter.Shape));
            }
        }
    }

    private static int Seed(string name) => 1000 * name[0];

    private static double[] Scaled(double[] values, double scale) => Array.ConvertAll(values, v => scale == 0 ? 0 : v * scale);

    private static double[] Numbers(int n, int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, n).Select(_ => (2 * random.NextDouble()) - 1)];
    }

    private static Tensor<float> Floats(Shape shape, int seed) =>
        Tensor<float>.From(Array.ConvertAll(Numbers(shape.Length, seed), v => (float)v), shape);
}
