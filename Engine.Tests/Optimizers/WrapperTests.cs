using System.Numerics;
using System.Text.Json;

namespace Engine.Tests.Optimizers;

/// <summary>Optimizers around another optimizer.</summary>
public sealed class WrapperTests
{
    private static JsonElement Case(string name) =>
        Golden.Cases("optax.json").Single(json => json.GetProperty("optimizer").GetString() == name);

    private static IEnumerable<TestCaseData> SharpnessCases() =>
        Golden.Cases("optax.json").Where(json =>
            json.GetProperty("optimizer").GetString() == "sam").Select(json =>
                new TestCaseData(json).SetArgDisplayNames(json.GetProperty("objective").GetString()![..9]));

    /// <summary>
    /// Catches: a synchronization one step off, slow weights that move too far, fast weights that do not continue from them.
    /// </summary>
    [Test]
    public void LookaheadFollowsOptax()
    {
        JsonElement trajectory = Case("lookahead"), hyper = trajectory.GetProperty("hyper");
        Parameter<double>[] parameters = Parameters<double>(trajectory);
        Lookahead<double> lookahead = new(
            Optimizer.For(new Adam { LearningRate = hyper.GetProperty("learning_rate").ToDouble() }, parameters),
                hyper.GetProperty("sync_period").GetInt32(), hyper.GetProperty("slow_step_size").ToDouble());
        foreach (JsonElement step in trajectory.GetProperty("steps").EnumerateArray())
        {
            SetGradients(parameters, step);
            lookahead.Step();
            foreach (
                ((Parameter<double> parameter, Tensor<double> fast),
                    Tensor<double> slow) in parameters.Zip(GoldenTrajectories.Tensors<double>(step.GetProperty("params"))).Zip(
                    GoldenTrajectories.Tensors<double>(step.GetProperty("slow"))))
            {
                Compare.Close(parameter.Value, fast, 1e-10, "fast");
                Compare.Close(lookahead.SlowWeights(parameter), slow, 1e-10, "slow");
            }
        }
    }

    /// <summary>Catches: a blend of φ instead of θ; skipped steps that are counted.</summary>
    [Test]
    public void LookaheadThatFollowsAllTheWayIsTheInnerOptimizer()
    {
        Parameter<double> p = new("p", Tensor<double>.From(1.0, 2)), q = new("p", Tensor<double>.From(1.0, 2));
        Optimizer<double> plain = Optimizer.For(new Adam(), [p]);
        Lookahead<double> lookahead = new(Optimizer.For(new Adam(), [q]), 1, 1),
            far = new(Optimizer.For(new Sgd { LearningRate = 1 }, [new Parameter<double>("r", Tensor<double>.From(0.0))]), 2, 0.5);
        for (int t = 0; t < 3; t++)
        {
            p.SetGradient(Tensor<double>.From(Math.Sin(t), 1));
            q.SetGradient(Tensor<double>.From(Math.Sin(t), 1));
            plain.Step();
            lookahead.Step();
            Assert.That(q.Value.ToArray(), Is.EqualTo(p.Value.ToArray()).AsCollection);
        }
        Parameter<double> r = far.Inner.Groups[0].Parameters.Single();
        far.Inner.NonFinite = NonFinite.Skip;
        foreach (double g in new[] { 1, double.NaN, 1 })
        {
            r.SetGradient(Tensor<double>.From(g));
            far.Step();
        }
        Assert.That(r.Value.Item, Is.EqualTo(-1), "two steps of 1, then half of the way back");
        Assert.That(() => new Lookahead<double>(plain, 0), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() =>
            new Lookahead<double>(plain, 5, double.NaN), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("α"));
        Assert.That(() => lookahead.SlowWeights(p), Throws.ArgumentException.With.Message.Contains("'p'"));
    }

    /// <summary>Catches: a parameter that came later and has no slow weights.</summary>
    [Test]
    public void LookaheadTakesUpLaterParameters()
    {
        Parameter<double> p = new("p", Tensor<double>.From(1.0)), q = new("q", Tensor<double>.From(4.0));
        Lookahead<double> lookahead = new(Optimizer.For(new Sgd { LearningRate = 1 }, [p]), 1, 0.5);
        lookahead.Inner.AddGroup(new Sgd { LearningRate = 1 }, [q]);
        p.SetGradient(Tensor<double>.From(1.0));
        q.SetGradient(Tensor<double>.From(2.0));
        lookahead.Step();
        Assert.That((p.Value.Item, q.Value.Item), Is.EqualTo((0.5, 3.0)));
    }

    /// <summary>
    /// Catches: a step from the worst point instead of from home, a gradient that is not normalized over all parameters.
    /// </summary>
    [TestCaseSource(nameof(SharpnessCases))]
    public void SharpnessAwareFollowsOptax(JsonElement trajectory)
    {
        Parameter<double> p = Parameters<double>(trajectory).Single();
        JsonElement hyper = trajectory.GetProperty("hyper");
        SharpnessAware<double> aware = new(Optimizer.For(new Sgd { LearningRate = hyper.GetProperty("learning_rate").ToDouble() }, [p]),
            hyper.GetProperty("rho").ToDouble());
        bool rosenbrock = trajectory.GetProperty("objective").GetString()!.StartsWith("rosenbrock", StringComparison.Ordinal);
        double closure()
        {
            double x = p.Value.Span[0], y = p.Value.Span[1];
            p.SetGradient(rosenbrock ? Tensor<double>.From((-2 * (1 - x)) - (400 * x * (y - (x * x))), 200 * (y - (x * x)))
                : Tensor<double>.From(x, 10 * y));
            return rosenbrock ? ((1 - x) * (1 - x)) + (100 * (y - (x * x)) * (y - (x * x))) : ((x * x) + (10 * y * y)) / 2;
        }
        int steps = 0;
        foreach (JsonElement step in trajectory.GetProperty("steps").EnumerateArray())
        {
            double here = closure();
            Assert.That(aware.Step(closure), Is.EqualTo(here), "the loss before the step");
            Compare.Close(p.Value, GoldenTrajectories.Tensors<double>(step.GetProperty("params")).Single(), 1e-10,
                $"after step {++steps}");
        }
    }

    /// <summary>Catches: a radius of zero that still divides by the norm, a direction of descent when the loss is climbed.</summary>
    [Test]
    public void SharpnessAwareOfNoRadiusIsTheInnerOptimizer([Values] bool maximize)
    {
        Parameter<double> p = new("p", Tensor<double>.From(1.0, -2)), q = new("p", Tensor<double>.From(1.0, -2));
        Optimizer<double> plain = new() { Maximize = maximize }, inner = new() { Maximize = maximize };
        plain.AddGroup(new Adam(), [p]);
        inner.AddGroup(new Adam(), [q]);
        SharpnessAware<double> aware = new(inner, 0);
        for (int t = 0; t < 3; t++)
        {
            p.SetGradient(p.Value);
            plain.Step();
            aware.Step(() => Quadratic(q));
            Assert.That(q.Value.ToArray(), Is.EqualTo(p.Value.ToArray()).AsCollection);
        }
    }

    /// <summary>Catches: a worst point on the wrong side: minimizing goes up by ρ first, maximizing down.</summary>
    [TestCase(false, 1.5 - (0.1 * 1.75))]
    [TestCase(true, 1.5 + (0.1 * 1.25))]
    public void TheWorstPointIsUphillOfTheAim(bool maximize, double expected)
    {
        Parameter<double> p = new("p", Tensor<double>.From(1.5));
        Optimizer<double> inner = new() { Maximize = maximize };
        inner.AddGroup(new Sgd { LearningRate = 0.1 }, [p]);
        new SharpnessAware<double>(inner, 0.25).Step(() => Quadratic(p));
        Assert.That(p.Value.Item, Is.EqualTo(expected).Within(1e-15));
    }

    /// <summary>
    /// Catches: parameters left at the worst point when the closure throws; NaN spread to all parameters by a norm; a gradient of zero
    /// divided by its norm.
    /// </summary>
    [Test]
    public void SharpnessAwareComesHome()
    {
        Parameter<double> p = new("p", Tensor<double>.From(1.0)), q = new("q", Tensor<double>.From(2.0));
        Optimizer<double> inner = Optimizer.For(new Sgd { LearningRate = 1 }, [p, q]);
        SharpnessAware<double> aware = new(inner, 0.5);
        int calls = 0;
        Assert.That(() => aware.Step(() =>
        {
            p.SetGradient(Tensor<double>.From(1.0));
            return ++calls == 2 ? throw new TimeoutException() : 0;
        }), Throws.InstanceOf<TimeoutException>());
        Assert.That((p.Value.Item, q.Value.Item, calls), Is.EqualTo((1.0, 2.0, 2)));
        inner.NonFinite = NonFinite.Throw;
        Assert.That(() => aware.Step(() =>
        {
            p.SetGradient(Tensor<double>.From(double.NaN));
            q.SetGradient(Tensor<double>.From(1.0));
            return double.NaN;
        }), Throws.InstanceOf<ArithmeticException>());
        Assert.That((p.Value.Item, q.Value.Item), Is.EqualTo((1.0, 2.0)));
        aware.Step(() =>
        {
            p.SetGradient(Tensor<double>.From(0.0));
            return 0;
        });
        Assert.That((p.Value.Item, q.Value.Item), Is.EqualTo((1.0, 2.0)));
        Assert.That(() =>
            new SharpnessAware<double>(inner, -1), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("ρ"));
    }

    /// <summary>Catches: a step on the sum of the gradients where the mean is meant, a count that goes up with every gradient.</summary>
    [Test]
    public void MeansOfGradientsFollowOptax()
    {
        JsonElement trajectory = Case("MultiSteps"), hyper = trajectory.GetProperty("hyper");
        Parameter<double>[] parameters = Parameters<double>(trajectory);
        Optimizer<double> optimizer = Optimizer.For(
            new AdamW
            {
                LearningRate = hyper.GetProperty("learning_rate").ToDouble(),
                WeightDecay = WeightDecay.Decoupled(hyper.GetProperty("weight_decay").ToDouble())
            }, parameters);
        GradientAccumulation<double> accumulation = new(optimizer, hyper.GetProperty("every_k").GetInt32());
        Tape<double> tape = new();
        int count = 0;
        foreach (JsonElement step in trajectory.GetProperty("steps").EnumerateArray())
        {
            using (tape.Record())
            {
                Tensor<double>[] gradients = [.. GoldenTrajectories.Tensors<double>(step.GetProperty("grads"))];
                Tensor<double> loss = (parameters[0].Value * gradients[0]).Sum() + (parameters[1].Value * gradients[1]).Sum();
                accumulation.Backward(tape, loss);
                count++;
            }
            foreach (
                (Parameter<double> parameter,
                    Tensor<double> expected) in parameters.Zip(GoldenTrajectories.Tensors<double>(step.GetProperty("params"))))
            {
                // from the second update on, MultiSteps is 10⁻⁹ off the formula that optax's AdamW alone follows
                Compare.Close(parameter.Value, expected, 1e-8, $"after gradient {count}");
            }
        }
    }

    [Test]
    public void AWarmStepAllocatesNothing()
    {
        Parameter<double> p = new("p", Tensor<double>.Full([100], 1));
        Optimizer<double> inner = Optimizer.For(new Adam(), [p]);
        Lookahead<double> lookahead = new(inner, 2);
        SharpnessAware<double> aware = new(inner);
        Func<double> closure = () => Quadratic(p);
        Step();
        Step();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        Step();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);

        void Step()
        {
            aware.Step(closure);
            p.SetGradient(p.Value);
            lookahead.Step();
        }
    }

    private static double Quadratic(Parameter<double> p)
    {
        p.SetGradient(p.Value);
        return 0;
    }

    private static Parameter<T>[] Parameters<T>(JsonElement trajectory) where T : unmanaged, IFloatingPointIeee754<T> =>
        [.. GoldenTrajectories.Tensors<T>(trajectory.GetProperty("initial")).Select((t, i) => new Parameter<T>($"p{i}", t))];

    private static void SetGradients(Parameter<double>[] parameters, JsonElement step)
    {
        foreach (
            (Parameter<double> parameter,
                Tensor<double> gradient) in parameters.Zip(GoldenTrajectories.Tensors<double>(step.GetProperty("grads"))))
        {
            parameter.SetGradient(gradient);
        }
    }
}
