using System.Numerics;

namespace Engine.Tests.Optimizers;

/// <summary>What must hold for every elementwise rule.</summary>
public sealed class Laws
{
    private static IReadOnlyList<RuleRow> Rows => RuleTable.Rows;

    private static IEnumerable<RuleRow> ScaleFree => RuleTable.Rows.Where(row => row.ScaleFree is not null);

    private static readonly WeightDecay[] s_decays =
        [WeightDecay.None, WeightDecay.L2(0.1), WeightDecay.Decoupled(0.1), WeightDecay.Independent(0.01)];

    /// <summary>Catches: a rule of the catalog that is missing in the table, and so under no law and in no interpreter's test.</summary>
    [Test]
    public void EveryRuleOfTheCatalogIsInTheTable()
    {
        Type[] rules = [.. RuleCatalog.Elementwise.SelectMany(family => family.Rules).Select(entry => entry.Type)];
        Assert.That(rules, Has.Length.GreaterThan(20));
        Assert.That(rules.Except(Rows.Select(row => row.Rule.Type)), Is.Empty);
        Assert.That(rules.Except(RuleTable.Varied().Select(rule => rule.Type)), Is.Empty,
            "a row without hyperparameters for interpreters");
    }

    /// <summary>
    /// Catches: a lane with another rounding, a fused multiply-add, an estimate, a tail with its own arithmetic, a write beyond the
    /// vector.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void LanesGiveTheSameBits([ValueSource(nameof(Rows))] RuleRow row)
    {
        // decay and rule do not know each other: one kind for each rule
        RuleCase rule = row.Rule.With(s_decays[Rows.ToList().IndexOf(row) % s_decays.Length]);
        SameBits<float>(rule);
        SameBits<double>(rule);
    }

    private static void SameBits<T>(RuleCase rule) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (int n in Enumerable.Range(0, 36).Append(100))
        {
            T[] value = Numbers<T>(n, 1);
            T[][] gradients = [.. Enumerable.Range(2, 4).Select(i => Numbers<T>(n, i))];
            bool clamp = n % 2 == 1;
            T[] scalar = rule.Sweep<Scalar<T>, T>(value, gradients, clamp);
            Assert.That(rule.Sweep<Wide<T>, T>(value, gradients, clamp), Is.EqualTo(scalar).AsCollection,
                $"{typeof(T).Name} × {n}, machine's own width");
            Assert.That(rule.Sweep<Wide512<T>, T>(value, gradients, clamp), Is.EqualTo(scalar).AsCollection,
                $"{typeof(T).Name} × {n}, 512 bits");
            Assert.That(Enumerable.Range(0, 3).Select(i => scalar[i]).Append(scalar[3 + n]).Append(scalar[^1]),
                Is.All.EqualTo(T.CreateTruncating(-77)), "a sentinel was overwritten");
        }
    }

    /// <summary>Catches: an element that depends on its neighbors, on its place or on the thread that had it.</summary>
    [Test]
    [Category("Slow")]
    public void ThreadsAndSplittingChangeNothing([ValueSource(nameof(Rows))] RuleRow row)
    {
        const int n = 50_001;
        int before = Engine.Kernels.Workers.Count;
        try
        {
            List<float[]> results = [];
            foreach (int threads in new[] { 1, 2, 7 })
            {
                Engine.Kernels.Workers.Count = threads;
                results.Add(Run(row.Rule, 3, n));
            }
            Assert.That(results[1].AsSpan().SequenceEqual(results[0]) && results[2].AsSpan().SequenceEqual(results[0]));
        }
        finally
        {
            Engine.Kernels.Workers.Count = before;
        }
    }

    private static float[] Run(RuleCase rule, int steps, int n)
    {
        Parameter<float> p = new("p", Tensor<float>.From(Numbers<float>(n, 1), [n]));
        Optimizer<float> optimizer = new();
        rule.AddTo(optimizer, [p]);
        for (int t = 1; t <= steps; t++)
        {
            p.SetGradient(Tensor<float>.From(Numbers<float>(n, 1 + t), [n]));
            optimizer.Step();
        }
        return p.Value.ToArray();
    }

    /// <summary>Catches: state or scalars that leak from one parameter to the next, a norm that depends on the order.</summary>
    [Test]
    public void PermutingParametersChangesNothing([ValueSource(nameof(Rows))] RuleRow row)
    {
        Dictionary<string, double[]> one = Trajectory(row.Rule, ["a", "b", "c"], o => o.Clip = GradientClip.ByNorm(2));
        Dictionary<string, double[]> other = Trajectory(row.Rule, ["c", "a", "b"], o => o.Clip = GradientClip.ByNorm(2));
        foreach ((string name, double[] values) in one)
        {
            Assert.That(other[name], Is.EqualTo(values).AsCollection, name);
        }
    }

    /// <summary>Catches: a sign lost on one side, a constant that is added to a signed quantity.</summary>
    [Test]
    public void TurningAllSignsTurnsTheTrajectory([ValueSource(nameof(Rows))] RuleRow row)
    {
        Dictionary<string, double[]> plain = Trajectory(row.Rule, ["a", "b"]), turned = Trajectory(row.Rule, ["a", "b"], sign: -1);
        foreach ((string name, double[] values) in plain)
        {
            Assert.That(turned[name], Is.EqualTo(values.Select(v => -v)).AsCollection, name);
        }
    }

    /// <summary>Catches: a sign turned after decay instead of before (weights would grow), or turned on the step.</summary>
    [Test]
    public void MaximizingIsMinimizingTheNegative([ValueSource(nameof(Rows))] RuleRow row,
        [ValueSource(nameof(s_decays))] WeightDecay decay)
    {
        RuleCase rule = row.Rule.With(decay);
        Dictionary<string, double[]> up = Trajectory(rule, ["a", "b"], maximize: true),
            down = Trajectory(rule, ["a", "b"], gradientSign: -1);
        foreach ((string name, double[] values) in up)
        {
            Assert.That(down[name], Is.EqualTo(values).AsCollection, name);
        }
    }

    /// <summary>Catches: an ε that is hidden somewhere, a second moment that is not of the second order.</summary>
    [Test]
    public void WithoutEpsilonTheScaleOfTheGradientDoesNotMatter([ValueSource(nameof(ScaleFree))] RuleRow row,
        [Values(1024.0, 1.0 / 4096)] double scale)
    {
        Dictionary<string, double[]> plain = Trajectory(row.ScaleFree!, ["a", "b"]),
            scaled = Trajectory(row.ScaleFree!, ["a", "b"], gradientSign: scale);
        foreach ((string name, double[] values) in plain)
        {
            Assert.That(scaled[name], Is.EqualTo(values).Within(1e-13), name);
        }
    }

    /// <summary>Catches: decoupled decay that goes through the moments, or takes another rate.</summary>
    [Test]
    public void DecoupledDecayIsIndependentOfTheGradient([ValueSource(nameof(Rows))] RuleRow row)
    {
        if (!row.BlindToValue)
        {
            Assert.That(row.Rule.Name, Does.StartWith("ScheduleFree").Or.StartsWith("Asgd"),
                "only rules that couple to the value themselves are excused");
            return;
        }
        RuleCase decayed = row.Rule.With(WeightDecay.Independent(0.125));
        double[] start = Values("a", 1), plain = Trajectory(row.Rule, ["a"], steps: 1)["a"],
            shrunk = Trajectory(decayed, ["a"], steps: 1)["a"];
        Assert.That(shrunk.Zip(plain, (s, p) => s - p), Is.EqualTo(start.Select(θ => -0.125 * θ)).Within(1e-15));
    }

    /// <summary>Catches: an array, number or count that is not saved, or is saved under another parameter's name.</summary>
    [Test]
    public void SavingAndLoadingIsNoInterruption([ValueSource(nameof(Rows))] RuleRow row, [Values(0, 1, 4, 7)] int at)
    {
        Dictionary<string, double[]> whole = Trajectory(row.Rule, ["a", "b"]),
            resumed = Trajectory(row.Rule, ["a", "b"], interruption: at);
        foreach ((string name, double[] values) in whole)
        {
            Assert.That(resumed[name], Is.EqualTo(values).AsCollection, name);
        }
    }

    /// <summary>
    /// Catches: 0/0 at the first step, state that becomes NaN from zeros, denormals or huge numbers (whose square is still a number).
    /// </summary>
    [TestCase(0)]
    [TestCase(5e-324)]
    [TestCase(1e-160)]
    [TestCase(1e150)]
    public void ExtremeGradientsStayFinite(double g)
    {
        foreach (RuleRow row in Rows)
        {
            Parameter<double> x = new("x", Tensor<double>.From(1.0, -2.0));
            Optimizer<double> optimizer = new();
            row.Rule.AddTo(optimizer, [x]);
            for (int t = 1; t <= 20; t++)
            {
                x.SetGradient(Tensor<double>.From(g, -g));
                optimizer.Step();
                Assert.That(x.Value.ToArray(), Is.All.Matches<double>(double.IsFinite), $"{row} on {g} after step {t}");
                if (g == 0 && t == 1 && row.RestsOnZero && row.BlindToValue)
                {
                    Assert.That(x.Value.ToArray(), Is.EqualTo(new[] { 1.0, -2.0 }), $"{row} moves on a zero gradient");
                }
            }
        }
    }

    /// <summary>Catches: a NaN that reaches other elements, or is swallowed for good.</summary>
    [Test]
    public void NaNStaysInItsElement([ValueSource(nameof(Rows))] RuleRow row)
    {
        if (row.Rule.Type == typeof(NovoGrad))
        {
            return; // its second moment is the norm of all elements: by the formula NaN is everywhere
        }
        double[] clean = Trajectory(row.Rule, ["a"], steps: 4)["a"],
            struck = Trajectory(row.Rule, ["a"], steps: 4, poison: double.NaN)["a"];
        Assert.That(struck[1..], Is.EqualTo(clean[1..]).AsCollection);
        Assert.That(struck[0], Is.Not.EqualTo(clean[0]));
    }

    /// <summary>Catches: v − ḡ² below zero by rounding, whose root is NaN (PyTorch: from step 1,109 in float).</summary>
    [Test]
    public void CenteredRmsPropStaysFiniteOnAConstantGradient()
    {
        Parameter<float> x = new("x", Tensor<float>.Zeros([500]));
        Optimizer<float> optimizer = new() { KeepGradients = true };
        optimizer.AddGroup(new CenteredRmsProp(), [x]);
        x.SetGradient(Tensor<float>.From(Numbers<float>(500, 3), [500]));
        for (int t = 0; t < 6000; t++)
        {
            optimizer.Step();
        }
        Assert.That(x.Value.ToArray(), Is.All.Matches<float>(float.IsFinite));
    }

    private static IEnumerable<TestCaseData> Twins()
    {
        yield return Twin("Momentum(0) = Sgd", RuleCase.Of(new Momentum { Coefficient = 0 }), RuleCase.Of(new Sgd()));
        yield return Twin("Nesterov(0) = Sgd", RuleCase.Of(new Nesterov { Momentum = 0 }), RuleCase.Of(new Sgd()));
        yield return Twin("AdamW(λ = 0) = Adam", RuleCase.Of(new AdamW { WeightDecay = WeightDecay.Decoupled(0) }),
            RuleCase.Of(new Adam()));
        yield return Twin("RmsPropMomentum(0) = RmsProp", RuleCase.Of(new RmsPropMomentum { Momentum = 0 }), RuleCase.Of(new RmsProp()));
        yield return Twin("AdEmaMix(α = 0) = Adam", RuleCase.Of(new AdEmaMix { Alpha = 0 }), RuleCase.Of(new Adam()));
        yield return Twin("Signum(0) = SignSgd", RuleCase.Of(new Signum { Beta = 0 }), RuleCase.Of(new SignSgd()));
        yield return Twin("Lion(β₁ = 0) = SignSgd", RuleCase.Of(new Lion { Beta1 = 0, LearningRate = 1e-3 }), RuleCase.Of(new SignSgd()));
        yield return Twin("RmsProp(α = 0, ε = 0) = SignSgd", RuleCase.Of(new RmsProp { Alpha = 0, Epsilon = 0, LearningRate = 1e-3 }),
            RuleCase.Of(new SignSgd()));
    }

    private static TestCaseData Twin(string name, RuleCase one, RuleCase other) => new TestCaseData(one, other).SetArgDisplayNames(name);

    /// <summary>Catches: a variant that has drifted from its parent.</summary>
    [TestCaseSource(nameof(Twins))]
    public void IsTheOtherRule(RuleCase one, RuleCase other)
    {
        foreach ((string name, double[] values) in Trajectory(one, ["a", "b"]))
        {
            Assert.That(Trajectory(other, ["a", "b"])[name], Is.EqualTo(values).Within(1e-15), name);
        }
    }

    /// <summary>Catches: a maximum that is not taken of v, or is taken of the corrected v.</summary>
    [Test]
    public void AmsGradIsAdamWhileTheGradientGrows()
    {
        Parameter<double> a = new("a", Tensor<double>.From(1.0)), b = new("b", Tensor<double>.From(1.0));
        Optimizer<double> adam = Optimizer.For(new Adam(), [a]), ams = Optimizer.For(new AmsGrad(), [b]);
        for (int t = 1; t <= 30; t++)
        {
            double g = t <= 20 ? t : 0.5;
            a.SetGradient(Tensor<double>.From(g));
            b.SetGradient(Tensor<double>.From(g));
            adam.Step();
            ams.Step();
            Assert.That(b.Value.Item == a.Value.Item, Is.EqualTo(t <= 20), $"step {t}");
        }
    }

    /// <summary>Trajectories of named parameters on given pseudo-random gradients: the last values.</summary>
    private static Dictionary<string, double[]> Trajectory(RuleCase rule, string[] names, Action<Optimizer<double>>? set = null,
        bool maximize = false, double sign = 1, double gradientSign = 1, int steps = 8, int interruption = -1, double? poison = null)
    {
        Parameter<double>[] parameters = [.. names.Select(name =>
            new Parameter<double>(name, Tensor<double>.From([.. Values(name, 1).Select(v => sign * v)], [5])))];
        Optimizer<double> optimizer = Make();
        for (int t = 1; t <= steps; t++)
        {
            if (t - 1 == interruption)
            {
                OptimizerState<double> state = optimizer.SaveState();
                parameters = [.. parameters.Select(p => new Parameter<double>(p.Name, p.Value)).Reverse()];
                optimizer = Make();
                optimizer.LoadState(state);
            }
            foreach (Parameter<double> parameter in parameters)
            {
                double[] g = [.. Values(parameter.Name, 1 + t).Select(v => sign * gradientSign * v)];
                g[0] = poison is { } bad && t == 2 ? bad : g[0];
                parameter.SetGradient(Tensor<double>.From(g));
            }
            optimizer.Step();
        }
        return parameters.ToDictionary(p => p.Name, p => p.Value.ToArray());

        Optimizer<double> Make()
        {
            Optimizer<double> made = new() { Maximize = maximize };
            set?.Invoke(made);
            rule.AddTo(made, parameters);
            return made;
        }
    }

    private static double[] Values(string name, int seed) => Numbers<double>(5, seed + (31 * name[0]));

    private static T[] Numbers<T>(int n, int seed) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, n).Select(_ => T.CreateTruncating((random.NextDouble() - 0.5) * 4))];
    }
}
