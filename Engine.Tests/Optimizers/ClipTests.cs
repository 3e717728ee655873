using System.Globalization;
using System.Numerics;

namespace Engine.Tests.Optimizers;

/// <summary>Clipping of every kind: closed forms, laws, numbers at the ends of their range.</summary>
public sealed class ClipTests
{
    private static readonly GradientClip[] s_clips =
    [
        GradientClip.None, GradientClip.ByNorm(0.5), GradientClip.ByNorm(0.5, 0, 1), GradientClip.ByNorm(0.5, 0, 2.5),
        GradientClip.ByNorm(0.5, 0, double.PositiveInfinity), GradientClip.ByValue(0.25), GradientClip.PerParameter(0.5),
        GradientClip.ByBlockRms(0.1), GradientClip.Adaptive(0.05),
    ];

    /// <summary>The clips that are done when a rule reads the norm: the clamp by value is in the sweep, after the norm.</summary>
    private static IEnumerable<TestCaseData> ClipsBeforeTheNorm() =>
        Clips().Where(static clip => ((GradientClip)clip.Arguments[0]!).Kind != GradientClipKind.ByValue);

    private static IEnumerable<TestCaseData> Clips() => s_clips.Select(clip => new TestCaseData(clip).SetArgDisplayNames(clip.ToString()));

    private static IEnumerable<TestCaseData> ClosedForms()
    {
        // a is a matrix of two units, [3, 4] and [0, 12], with the weights [0.6, 0.8] and zeros; b is the vector [84]
        yield return Case(GradientClip.ByNorm(8.5, 0), 85, 0.1, [0.3, 0.4, 0, 1.2], 8.4);
        yield return Case(GradientClip.ByNorm(10.3, 0, 1), 103, 0.1, [0.3, 0.4, 0, 1.2], 8.4);
        yield return Case(GradientClip.ByNorm(8.4, 0, double.PositiveInfinity), 84, 0.1, [0.3, 0.4, 0, 1.2], 8.4);
        yield return Case(GradientClip.ByNorm(1e3, 0), 85, 1, [3, 4, 0, 12], 84);
        yield return Case(GradientClip.ByValue(10), double.NaN, 1, [3, 4, 0, 10], 10);
        yield return Case(GradientClip.PerParameter(42, 0), 85, 0.5, [3, 4, 0, 12], 42);
        yield return Case(GradientClip.PerParameter(6.5, 0), 85, 6.5 / 84, [1.5, 2, 0, 6], 6.5);
        yield return Case(GradientClip.PerParameter(1, 12), 85, 1.0 / 96, [3.0 / 25, 4.0 / 25, 0, 12.0 / 25], 84.0 / 96);
        yield return Case(GradientClip.ByBlockRms(3.25), 85, 3.25 / 84, [1.5, 2, 0, 6], 3.25);
        yield return Case(GradientClip.Adaptive(2.5, 0.48), 85, 2.5 * 0.48 / 84, [1.5, 2, 0, 1.2], 1.2);
        yield return Case(GradientClip.Adaptive(1000, 1), 85, 1, [3, 4, 0, 12], 84);

        static TestCaseData Case(GradientClip clip, double norm, double factor, double[] a, double b) =>
            new TestCaseData(clip, norm, factor, a, b).SetArgDisplayNames(
                clip.ToString(), clip.Epsilon.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>
    /// Catches: a norm over too much or too little, an ε left out, a factor above 1, a bound that ignores the weights or their least norm;
    /// a report of the norm after clipping, or of another factor than the smallest.
    /// </summary>
    [TestCaseSource(nameof(ClosedForms))]
    public void Gradients_are_the_closed_form(GradientClip clip, double norm, double factor, double[] a, double b)
    {
        Parameter<double> p = new("a", Tensor<double>.From([0.6, 0.8, 0, 0], [2, 2])), q = new("b", Tensor<double>.Zeros([1]));
        Optimizer<double> optimizer = new() { Clip = clip, KeepGradients = true };
        optimizer.AddGroup(new Momentum(), [p, q]);
        p.SetGradient(Tensor<double>.From([3, 4, 0, 12], [2, 2]));
        q.SetGradient(Tensor<double>.From([84], [1]));
        StepReport report = optimizer.Step();
        Assert.That(report.GradientNorm, Is.EqualTo(norm).Within(1e-12));
        Assert.That(report.ClipCoefficient, Is.EqualTo(factor).Within(1e-15));
        Assert.That(Reached(optimizer, "a"), Is.EqualTo(a).Within(1e-14));
        Assert.That(Reached(optimizer, "b"), Is.EqualTo(new[] { b }).Within(1e-14));
        Assert.That(p.Gradient.ToArray(), Is.EqualTo(new double[] { 3, 4, 0, 12 }), "the parameter's own gradient stays");
    }

    /// <summary>Catches: a unit of adaptive clipping for each element of a vector, whichever of its axes is the long one.</summary>
    [TestCase(new[] { 2 })]
    [TestCase(new[] { 2, 1 })]
    [TestCase(new[] { 1, 2 })]
    [TestCase(new[] { 1, 2, 1 })]
    public void A_vector_is_one_unit(int[] shape)
    {
        Parameter<double> p = new("p", Tensor<double>.From([0, 1], new Shape(shape)));
        Optimizer<double> optimizer = new() { Clip = GradientClip.Adaptive(1, 1e-3) };
        optimizer.AddGroup(new Momentum(), [p]);
        p.SetGradient(Tensor<double>.From([3, 4], new Shape(shape)));
        optimizer.Step();
        Assert.That(Reached(optimizer, "p"), Is.EqualTo(new[] { 0.6, 0.8 }).Within(1e-15));
    }

    /// <summary>
    /// Numbers that nobody wants, of which only ones that are not finite may give such: NaN spreads as far as its norm reaches, an infinite
    /// norm leaves zeros and NaN. Catches: zero divided by its norm, a norm that underflows to 0 or overflows.
    /// </summary>
    [TestCaseSource(nameof(Clips))]
    public void Extreme_gradients(GradientClip clip)
    {
        Extreme<double>(clip, double.Epsilon, 1e300);
        Extreme<float>(clip, float.Epsilon, 1e38f);
    }

    private static void Extreme<T>(GradientClip clip, T least, T huge) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (T g in (T[])[T.Zero, -T.Zero, least, -least])
        {
            Assert.That(Run(g, NonFinite.Propagate), Is.EqualTo(new[] { g, T.Zero, g, g }), "too small to clip");
        }
        Assert.That(Run(huge, NonFinite.Throw), Is.All.Matches<T>(T.IsFinite));
        Assert.That(Run(huge, NonFinite.Throw)[0], clip.Kind == GradientClipKind.None ? Is.EqualTo(huge) : Is.LessThan(huge));
        foreach (T bad in (T[])[T.NaN, T.PositiveInfinity, T.NegativeInfinity])
        {
            T[] reached = Run(bad, NonFinite.Propagate);
            Assert.That(
                T.IsFinite(reached[0]), Is.EqualTo(clip.Kind == GradientClipKind.ByValue && T.IsInfinity(bad)), $"{bad} is not hidden");
            Assert.That(Run(bad, NonFinite.Skip), Is.All.EqualTo(T.Zero), "a step that was skipped");
        }

        T[] Run(T g, NonFinite policy)
        {
            Parameter<T> p = new("a", Tensor<T>.Zeros([2, 2])), q = new("b", Tensor<T>.Zeros([1]));
            Optimizer<T> optimizer = new() { Clip = clip, NonFinite = policy };
            optimizer.AddGroup(new Momentum { LearningRate = 0 }, [p, q]);
            p.SetGradient(Tensor<T>.From([g, T.Zero, g, g], [2, 2]));
            q.SetGradient(Tensor<T>.From([T.Zero], [1]));
            optimizer.Step();
            return optimizer.SaveState().Parameters["a"].Arrays.TryGetValue("momentum_buffer", out Tensor<T> b) ? b.ToArray() : new T[4];
        }
    }

    /// <summary>Catches: a kind of clipping that rules over whole tensors or models do not get, or get in place of each other's.</summary>
    [TestCaseSource(nameof(Clips))]
    public void Every_family_of_rules_gets_the_same_gradient(GradientClip clip)
    {
        float[][] results =
        [
            Run((optimizer, p) => optimizer.AddGroup(new Sgd { LearningRate = 1 }, p)),
            Run((optimizer, p) => optimizer.AddGroup(new Descent(), p)),
            Run((optimizer, p) => optimizer.AddGroup(new ModelDescent(), p)),
            Run((optimizer, p) =>
            {
                optimizer.AddGroup(new Sgd { LearningRate = 1 }, p[..1]);
                optimizer.AddGroup(new Descent(), p[1..]);
            }),
        ];
        foreach (float[] result in results)
        {
            SameBits.Check<float>(result, results[0], clip.ToString());
        }

        float[] Run(Action<Optimizer<float>, Parameter<float>[]> add)
        {
            Parameter<float>[] p = Parameters();
            Optimizer<float> optimizer = new() { Clip = clip, Maximize = true, Transforms = [new GradientCentralization()] };
            add(optimizer, p);
            Step(optimizer, p, 2);
            return [.. p.SelectMany(parameter => parameter.Value.ToArray())];
        }
    }

    /// <summary>Catches: a sum in another order with another number of threads, or another order of the parameters.</summary>
    [TestCaseSource(nameof(Clips))]
    [Category("Slow")]
    public void Threads_and_order_change_no_bit(GradientClip clip)
    {
        float[]? first = null;
        foreach (int threads in (int[])[1, 2, 7])
        {
            using Threads set = Threads.Set(threads);
            foreach (bool reverse in (bool[])[false, true])
            {
                Parameter<float>[] p = Parameters(large: true);
                Optimizer<float> optimizer = new()
                {
                    Clip = clip,
                    Transforms = [new GradientCentralization(), new GradientNoise(RandomKey.FromSeed(1))],
                };
                optimizer.AddGroup(new Adam(), reverse ? p.Reverse() : p);
                Step(optimizer, p, 2);
                float[] result = [.. p.SelectMany(parameter => parameter.Value.ToArray())];
                SameBits.Check<float>(result, first ??= result, $"{threads} threads");
            }
        }
    }

    /// <summary>Catches: rows clipped by another norm than that of the whole gradient, whose other rows are zero.</summary>
    [TestCaseSource(nameof(Clips))]
    public void Rows_are_clipped_as_the_whole_gradient_with_zeros_elsewhere(GradientClip clip)
    {
        foreach (int[] shape in (int[][])[[4, 3], [4, 1]])
        {
            Parameter<double> dense = Weight(shape), sparse = Weight(shape);
            Optimizer<double> one = new() { Clip = clip }, other = new() { Clip = clip };
            one.AddGroup(new Sgd { LearningRate = 1 }, [dense]);
            other.AddGroup(new Sgd { LearningRate = 1 }, [sparse]);
            int columns = shape[1];
            double[] third = [.. Numbers(columns, 3)], first = [.. Numbers(columns, 4)], gradient = new double[4 * columns];
            third.CopyTo(gradient, 3 * columns);
            first.CopyTo(gradient, columns);
            dense.SetGradient(Tensor<double>.From(gradient, new Shape(shape)));
            one.Step();
            other.StepRows(sparse, [3, 1], Tensor<double>.From([.. third, .. first], [2, columns]));
            Assert.That(sparse.Value.ToArray(), Is.EqualTo(dense.Value.ToArray()).Within(1e-15));
            Assert.That(sparse.Value.ToArray(), Is.Not.EqualTo(Weight(shape).Value.ToArray()));
        }

        static Parameter<double> Weight(int[] shape) => new("w", Tensor<double>.From(Numbers(shape[0] * shape[1], 9), new Shape(shape)));
    }

    /// <summary>Catches: a rule that reads ‖g‖ and gets the norm of the gradient before it was clipped.</summary>
    [TestCaseSource(nameof(ClipsBeforeTheNorm))]
    public void A_rule_that_reads_the_norm_reads_that_of_the_clipped_gradient(GradientClip clip)
    {
        Parameter<float>[] reached = Parameters(), p = Parameters(), q = Parameters();
        Optimizer<float> shows = new() { Clip = clip }, clips = new() { Clip = clip }, plain = new();
        shows.AddGroup(new Momentum(), reached);
        clips.AddGroup(new NovoGrad { LearningRate = 0.1 }, p);
        plain.AddGroup(new NovoGrad { LearningRate = 0.1 }, q);
        Step(shows, reached, 1);
        OptimizerState<float> state = shows.SaveState();
        foreach (Parameter<float> parameter in q)
        {
            parameter.SetGradient(state.Parameters[parameter.Name].Arrays["momentum_buffer"]);
        }
        plain.Step();
        Step(clips, p, 1);
        foreach ((Parameter<float> a, Parameter<float> b) in p.Zip(q))
        {
            Assert.That(a.Value.ToArray(), Is.EqualTo(b.Value.ToArray()).Within(1e-6f), a.Name);
        }
    }

    /// <summary>Catches: an explanation that leaves out transforms, the parameter's own norm, or the clipping of units.</summary>
    [TestCaseSource(nameof(Clips))]
    public void The_explained_step_is_the_step(GradientClip clip)
    {
        Parameter<float>[] p = Parameters();
        Optimizer<float> optimizer = new()
        {
            Clip = clip,
            Transforms = [new GradientCentralization(), new GradientNoise(RandomKey.FromSeed(4), 0.3)],
        };
        optimizer.AddGroup(new Adam { LearningRate = 0.1, Epsilon = 1e-2 }, p);
        Step(optimizer, p, 1);
        Give(p, 5);
        float[] gradient = p[0].Gradient.ToArray();
        StepExplanation explanation = optimizer.Explain(p[0], 4);
        Assert.That(p[0].Gradient.ToArray(), Is.EqualTo(gradient));
        Assert.That(explanation.Findings.Any(finding => finding.Subject == "transforms"));
        optimizer.Step();
        Assert.That((float)explanation.After, Is.EqualTo(p[0].Value.Span[4]));
    }

    /// <summary>Catches: an array, box or enumerator in clipping or a transform.</summary>
    [TestCaseSource(nameof(Clips))]
    public void A_warm_step_allocates_nothing(GradientClip clip)
    {
        Parameter<float>[] p = Parameters();
        Optimizer<float> optimizer = new()
        {
            Clip = clip,
            KeepGradients = true,
            Transforms = [new GradientCentralization(), new GradientNoise(RandomKey.FromSeed(1))],
        };
        optimizer.AddGroup(new AdamW(), p[..1]);
        optimizer.AddGroup(new Lars(), p[1..]);
        Give(p, 1);
        Tensor<float> rows = Tensor<float>.Full([2, 3], 1);
        Parameter<float> table = new("table", Tensor<float>.Full([5, 3], 1));
        Optimizer<float> sparse = new() { Clip = clip };
        sparse.AddGroup(new Sgd(), [table]);
        int[] indices = [4, 2];
        Warm.AllocatesNothing(() =>
        {
            optimizer.Step();
            sparse.StepRows(table, indices, rows);
        });
    }

    private static IEnumerable<TestCaseData> Mistakes()
    {
        yield return Case("p below 1", () => GradientClip.ByNorm(1, 0, 0.5), "p", "0.5", "from 1 on");
        yield return Case("p NaN", () => GradientClip.ByNorm(1, 0, double.NaN), "p", "NaN");
        yield return Case("no norm", () => GradientClip.PerParameter(0), "maxNorm", "positive");
        yield return Case("ε of a parameter", () => GradientClip.PerParameter(1, double.PositiveInfinity), "epsilon", "∞", "finite");
        yield return Case("no threshold", () => GradientClip.ByBlockRms(-1), "threshold", "-1");
        yield return Case("no ratio", () => GradientClip.Adaptive(double.NaN), "ratio", "NaN");
        yield return Case("no least norm", () => GradientClip.Adaptive(1, 0), "epsilon", "0", "positive");

        static TestCaseData Case(string name, Func<GradientClip> act, params string[] words) =>
            new TestCaseData(act, words).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Mistakes))]
    public void Mistakes_are_named(Func<GradientClip> act, string[] words)
    {
        words = [.. words.Select(word => word == "∞" ? "Infinity" : word)];
        ArgumentOutOfRangeException thrown = Assert.Throws<ArgumentOutOfRangeException>(() => act())!;
        Assert.That(thrown.ParamName, Is.EqualTo(words[0]));
        Assert.That(words, Is.All.Matches<string>(word => thrown.Message.Contains(word!)));
    }

    [Test]
    public void Clips_say_what_they_do()
    {
        Assert.That(
            s_clips.Select(clip => clip.ToString()),
            Is.EqualTo(new[]
            {
                "not clipped", "clipped to norm 0.5", "clipped to 1-norm 0.5", "clipped to 2.5-norm 0.5", "clipped to ∞-norm 0.5",
                "clipped to values of 0.25", "clipped to norm 0.5 for each parameter", "clipped to root mean square 0.1 for each parameter",
                "clipped to 0.05 of the norm of the weights for each unit",
            }));
        Assert.That(s_clips, Is.Unique);
    }

    private static double[] Reached(Optimizer<double> optimizer, string name) =>
        optimizer.SaveState().Parameters[name].Arrays["momentum_buffer"].ToArray();

    private static Parameter<float>[] Parameters(bool large = false)
    {
        Shape[] shapes = large ? [[300, 301], [70_001], [5, 1]] : [[3, 5], [7], [2, 3, 2]];
        return
        [
            .. shapes.Select((shape, i) => new Parameter<float>(
                $"p{i.ToString(CultureInfo.InvariantCulture)}", Tensor<float>.RandomNormal(shape, RandomKey.FromSeed(i)))),
        ];
    }

    private static void Give(Parameter<float>[] parameters, long seed)
    {
        foreach (Parameter<float> parameter in parameters)
        {
            parameter.SetGradient(Tensor<float>.RandomNormal(parameter.Shape, RandomKey.FromSeed(seed).Fold(parameter.Name)));
        }
    }

    private static void Step(Optimizer<float> optimizer, Parameter<float>[] parameters, int steps)
    {
        for (int step = 0; step < steps; step++)
        {
            Give(parameters, 100 + step);
            optimizer.Step();
        }
    }

    private static double[] Numbers(int count, long seed)
    {
        double[] numbers = new double[count];
        RandomKey.FromSeed(seed).FillNormal<double>(numbers);
        return numbers;
    }
}
