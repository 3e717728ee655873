using System.Globalization;
using System.Text.Json;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.Optimization;

namespace Engine.Tests.Optimizers;

public sealed class LbfgsTests
{
    private static TestFunction Rosenbrock => TestFunction.All[0];

    private static IEnumerable<TestCaseData> GoldenCases() =>
        Golden.Cases("optimizers.json").Where(json =>
            json.GetProperty("optimizer").GetString() == "LBFGS").Select(json =>
                new TestCaseData(json).SetArgDisplayNames(json.GetProperty("hyper").GetRawText().Replace('"', '\'')));

    /// <summary>
    /// Catches: another first step, pairs in the wrong order, a tolerance in the wrong place, an interpolation that differs. Sixty
    /// evaluations on Rosenbrock multiply any difference.
    /// </summary>
    [TestCaseSource(nameof(GoldenCases))]
    public void FollowsPyTorchOnRosenbrock(JsonElement trajectory)
    {
        JsonElement hyper = trajectory.GetProperty("hyper");
        Parameter<double> p = new("p", GoldenTrajectories.Tensors<double>(trajectory.GetProperty("initial")).Single());
        Lbfgs<double> optimizer = new([p], hyper.GetProperty("history_size").GetInt32())
        {
            LearningRate = hyper.GetProperty("lr").ToDouble(), MaxIterations = hyper.GetProperty("max_iter").GetInt32(),
            LineSearch = hyper.GetProperty("line_search_fn").ValueKind == JsonValueKind.Null ? LineSearch.None : LineSearch.StrongWolfe,
        };
        foreach (JsonElement step in trajectory.GetProperty("steps").EnumerateArray())
        {
            double loss = optimizer.Step(Closure(Rosenbrock, p));
            Assert.That(loss, Is.EqualTo(step.GetProperty("loss_before").ToDouble()).Within(1e-10));
            Compare.Close(p.Value, GoldenTrajectories.Tensors<double>(step.GetProperty("params")).Single(), 1e-10, "parameters");
        }
    }

    /// <summary>
    /// Catches: evaluations or iterations that are not counted, or not spent, as in PyTorch; a step that goes on where the gradient is
    /// flat.
    /// </summary>
    [Test]
    public void CountsAsPyTorch()
    {
        Parameter<double> p = new("p", Tensor<double>.From(-1.2, 1));
        Lbfgs<double> optimizer = new([p], 10) { LineSearch = LineSearch.StrongWolfe };
        (double Loss, double X, double Y, int Evaluations, int Iterations)[] expected =
        [
            (24.199999999999996, 0.38001654948983304, 0.1244895565414849, 25, 19),
                (0.4240721568565254, 0.9999993334076402, 0.9999986743824548, 45, 36),
            (4.5007091440361657e-13, 0.9999993334076402, 0.9999986743824548, 46, 37),
                (4.5007091440361657e-13, 0.9999993334076402, 0.9999986743824548, 47, 38),
        ];
        foreach ((double loss, double x, double y, int evaluations, int iterations) in expected)
        {
            Assert.That(optimizer.Step(Closure(Rosenbrock, p)), Is.EqualTo(loss).Within(1e-9).Percent.Or.EqualTo(loss).Within(1e-18));
            Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { x, y }).Within(1e-9));
            Assert.That((optimizer.Evaluations, optimizer.Iterations), Is.EqualTo((evaluations, iterations)));
        }
    }

    /// <summary>Catches: a step length other than the rate, pairs lost between steps.</summary>
    [Test]
    public void WithoutLineSearchStepsHaveTheLengthOfTheRate()
    {
        Parameter<double> p = new("p", Tensor<double>.From(-1.2, 1));
        Lbfgs<double> optimizer = new([p], 10) { LearningRate = 1e-3 };
        double[][] expected = [[-1.1968961163903977, 1.0022708161135179], [-1.1949912562203246, 1.005954248582294],
            [-1.1937144382860507, 1.0111616591080361], [-1.1929172217951614, 1.0174335840151931],
            [-1.1923243703580448, 1.0240518668435363]];
        foreach (double[] point in expected)
        {
            optimizer.Step(Closure(Rosenbrock, p));
            Assert.That(p.Value.ToArray(), Is.EqualTo(point).Within(1e-10));
        }
        Assert.That((optimizer.Evaluations, optimizer.Iterations), Is.EqualTo((100, 100)));
    }

    /// <summary>
    /// Catches: a line search that asks too often, directions that are worse than BFGS's. All stop where no slope is above 10⁻⁶, or
    /// nothing changes. Calls of value and gradient, when this was written: Rosenbrock 45 (BFGS 70, L-BFGS 66), Beale 16 (34, 31), Powell
    /// 39 (77, 76), Wood 100 (143, 149), Brown–Dennis 32 (98, 57).
    /// </summary>
    [TestCaseSource(typeof(TestFunction), nameof(TestFunction.All))]
    public void ReachesTheMinimumOfMathNetWithNoMoreEvaluations(TestFunction function)
    {
        Parameter<double> p = new("p", Tensor<double>.From(function.Start));
        Lbfgs<double> ours = new([p])
        {
            LineSearch = LineSearch.StrongWolfe, MaxIterations = 1000, GradientTolerance = 1e-6,
            ChangeTolerance = 1e-15
        };
        Func<double> closure = Closure(function, p);
        ours.Step(closure);
        double reached = closure();
        TestContext.Out.WriteLine(
            string.Create(CultureInfo.InvariantCulture,
                $"{function.Name}: {ours.Evaluations} evaluations, {ours.Iterations} iterations, {reached:R}"));
        foreach (bool limited in new[] { false, true })
        {
            int calls = 0;
            double[] gradient = new double[function.Start.Length];
            IObjectiveFunction objective = ObjectiveFunction.Gradient(x =>
            {
                calls++;
                double value = function.Value(x.ToArray(), gradient);
                return (value, Vector<double>.Build.DenseOfArray(gradient));
            });
            Vector<double> start = Vector<double>.Build.DenseOfArray(function.Start);
            MinimizationResult theirs = limited
                ? new LimitedMemoryBfgsMinimizer(1e-6, 1e-10, 1e-10, 10, 1000).FindMinimum(objective, start)
                    : new BfgsMinimizer(1e-6, 1e-10, 1e-10, 1000).FindMinimum(objective, start);
            TestContext.Out.WriteLine(
                string.Create(CultureInfo.InvariantCulture,
                    $"  {(limited ? "L-BFGS" : "BFGS")}: {calls} evaluations, {theirs.FunctionInfoAtMinimum.Value:R}"));
            Assert.That(ours.Evaluations, Is.LessThanOrEqualTo(calls));
            Assert.That(reached, Is.EqualTo(theirs.FunctionInfoAtMinimum.Value).Within(1e-9 * Math.Max(1, function.Minimum)));
        }
        Assert.That(reached, Is.EqualTo(function.Minimum).Within(1e-9 * Math.Max(1, function.Minimum)));
    }

    /// <summary>Catches: float scalars that spoil the search; a minimum that is only reached in double.</summary>
    [Test]
    public void FloatReachesTheMinimum()
    {
        Parameter<float> p = new("p", Tensor<float>.From(-1.2f, 1));
        Lbfgs<float> optimizer = new([p]) { LineSearch = LineSearch.StrongWolfe, MaxIterations = 200 };
        double[] gradient = new double[2];
        float closure()
        {
            double value = Rosenbrock.Value([p.Value.Span[0], p.Value.Span[1]], gradient);
            p.SetGradient(Tensor<float>.From((float)gradient[0], (float)gradient[1]));
            return (float)value;
        }
        optimizer.Step(closure);
        Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { 1f, 1f }).Within(1e-3));
    }

    /// <summary>Catches: parameters that are not one vector: a scale or a product of each by itself.</summary>
    [Test]
    public void SplittingTheParametersChangesNothing()
    {
        Parameter<double> whole = new("w", Tensor<double>.From(-1.2, 1)), x = new("x", Tensor<double>.From(-1.2)),
            y = new("y", Tensor<double>.From(1));
        Lbfgs<double> one = new([whole]) { LineSearch = LineSearch.StrongWolfe },
            two = new([x, y]) { LineSearch = LineSearch.StrongWolfe };
        double[] gradient = new double[2];
        double closure()
        {
            double value = Rosenbrock.Value([x.Value.Item, y.Value.Item], gradient);
            x.SetGradient(Tensor<double>.From(gradient[0]));
            y.SetGradient(Tensor<double>.From(gradient[1]));
            return value;
        }
        for (int i = 0; i < 3; i++)
        {
            Assert.That(two.Step(closure), Is.EqualTo(one.Step(Closure(Rosenbrock, whole))));
        }
        Assert.That(new[] { x.Value.Item, y.Value.Item }, Is.EqualTo(whole.Value.ToArray()).AsCollection);
    }

    /// <summary>Catches: a sign that is turned for the gradient but not for the loss.</summary>
    [Test]
    public void MaximizingIsMinimizingTheNegative([Values] LineSearch search)
    {
        Parameter<double> down = new("p", Tensor<double>.From(-1.2, 1)), up = new("p", Tensor<double>.From(-1.2, 1));
        Lbfgs<double> descent = new([down]) { LineSearch = search, LearningRate = search == LineSearch.None ? 1e-2 : 1 },
            climb = new([up]) { LineSearch = search, LearningRate = descent.LearningRate, Maximize = true };
        TestFunction negative = new("−Rosenbrock", [], 0, (x, g) =>
        {
            double value = Rosenbrock.Value(x, g);
            for (int i = 0; i < g.Length; i++)
            {
                g[i] = -g[i];
            }
            return -value;
        });
        descent.Step(Closure(Rosenbrock, down));
        climb.Step(Closure(negative, up));
        Assert.That(up.Value.ToArray(), Is.EqualTo(down.Value.ToArray()).AsCollection);
        Assert.That(down.Value.ToArray(), Is.Not.EqualTo(new[] { -1.2, 1 }));
    }

    /// <summary>Catches: a line search that believes NaN or infinity: every comparison with it is false.</summary>
    [TestCase(double.NaN)]
    [TestCase(double.PositiveInfinity)]
    public void ALineSearchTurnsBackFromWhatIsNotFinite(double beyond)
    {
        Parameter<double> p = new("p", Tensor<double>.From(0.1));
        Lbfgs<double> optimizer = new([p]) { LineSearch = LineSearch.StrongWolfe, MaxIterations = 50 };
        double closure() // x − log(x), whose logarithm ends at 0; its minimum is at 1
        {
            double x = p.Value.Item;
            p.SetGradient(Tensor<double>.From(x > 0 && x < 2 ? 1 - (1 / x) : beyond));
            return x > 0 && x < 2 ? x - Math.Log(x) : beyond;
        }
        optimizer.LearningRate = 30;
        optimizer.Step(closure);
        Assert.That(p.Value.Item, Is.EqualTo(1).Within(1e-4));
    }

    /// <summary>Catches: parameters left where the loss is NaN, or at a trial point of the search, when a step throws.</summary>
    [Test]
    public void WhatIsNotFiniteThrowsAndLosesNothing()
    {
        Parameter<double> p = new("p", Tensor<double>.From(1.0, 2));
        Lbfgs<double> optimizer = new([p]);
        Assert.That(() => optimizer.Step(() => double.NaN), Throws.InstanceOf<ArithmeticException>().With.Message.Contains("NaN"));
        Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { 1.0, 2 }));

        int calls = 0;
        double falling()
        {
            p.SetGradient(Tensor<double>.From(1.0, 1));
            return ++calls == 1 ? 5 : double.NaN;
        }
        Assert.That(() => optimizer.Step(falling), Throws.InstanceOf<ArithmeticException>().With.Message.Contains("line search"));
        Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { 1.0, 2 }));

        foreach (LineSearch search in Enum.GetValues<LineSearch>())
        {
            calls = 0;
            optimizer = new([p]) { LineSearch = search };
            double throwing()
            {
                p.SetGradient(Tensor<double>.From(1.0, 1));
                return ++calls == 1 ? 5 : throw new TimeoutException();
            }
            Assert.That(() => optimizer.Step(throwing), Throws.InstanceOf<TimeoutException>());
            Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { 1.0, 2 }), search.ToString());
        }
    }

    [Test]
    public void WrongArgumentsAreNamed()
    {
        Parameter<double> p = new("p", Tensor<double>.From(1.0));
        Assert.That(() => new Lbfgs<double>([]), Throws.ArgumentException.With.Message.Contains("no parameters"));
        Assert.That(() => new Lbfgs<double>([p, p]), Throws.ArgumentException.With.Message.Contains("'p' twice"));
        Assert.That(() => new Lbfgs<double>([p], 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() =>
            new Lbfgs<double>([p]) { LearningRate = double.NaN },
                Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("LearningRate = NaN"));
        Assert.That(() => new Lbfgs<double>([p]) { MaxIterations = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Lbfgs<double>([p]) { MaxEvaluations = 0 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Lbfgs<double>([p]) { GradientTolerance = -1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Lbfgs<double>([p]) { ChangeTolerance = double.NaN }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>Catches: vectors made anew in each iteration.</summary>
    [Test]
    public void AWarmStepAllocatesNothing()
    {
        Parameter<double> p = new("p", Tensor<double>.Full([300], 1));
        Tensor<double> gradient = Tensor<double>.Full([300], 1);
        Lbfgs<double> optimizer = new([p], 4) { LineSearch = LineSearch.StrongWolfe, ChangeTolerance = 0 };
        int call = 0;
        double closure() // an ellipse that moves, so that no step finds it flat
        {
            double loss = 0;
            call++;
            for (int i = 0; i < 300; i++)
            {
                double x = p.Value.Span[i] - Math.Sin(call / 40 + i);
                loss += (1 + i) * x * x;
                gradient.Output[i] = 2 * (1 + i) * x;
            }
            p.SetGradient(gradient);
            return loss;
        }
        Func<double> once = closure;
        for (int i = 0; i < 5; i++)
        {
            optimizer.Step(once);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        optimizer.Step(once);
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }

    private static Func<double> Closure(TestFunction function, Parameter<double> parameter)
    {
        double[] gradient = new double[parameter.Shape.Length];
        return () =>
        {
            double value = function.Value(parameter.Value.ToArray(), gradient);
            parameter.SetGradient(Tensor<double>.From(gradient));
            return value;
        };
    }
}
