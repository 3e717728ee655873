namespace Engine.Tests.Optimizers;

/// <summary>Numbers near the ends of their range: right, or refused.</summary>
public sealed class ExtremeNumberTests
{
    private static Parameter<double> Make(string name, params double[] gradient)
    {
        Parameter<double> parameter = new(name, Tensor<double>.Zeros([gradient.Length]));
        parameter.SetGradient(Tensor<double>.From(gradient, [gradient.Length]));
        return parameter;
    }

    /// <summary>Catches: a norm whose squares overflow or underflow, a finite gradient that is treated as one that is not.</summary>
    [TestCase(1e200, 1)]
    [TestCase(1e200, 5000)]
    [TestCase(1e-200, 1)]
    [TestCase(1e-200, 5000)]
    public void TheNormOfAnyFiniteGradientIsRight(double size, int copies)
    {
        double[] gradient = [.. Enumerable.Repeat(new[] { 3 * size, -4 * size }, copies).SelectMany(g => g)];
        double expected = 5 * size * Math.Sqrt(copies), root = Math.Sqrt(2);
        Parameter<double> a = Make("a", gradient), b = Make("b", gradient);
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = 1 }, [a, b]);
        optimizer.Clip = GradientClip.ByNorm(1);
        optimizer.NonFinite = NonFinite.Throw;
        Assert.That(optimizer.Step().GradientNorm, Is.EqualTo(expected * root).Within(1e-12).Percent);
        Assert.That(Vectors.Norm<double>(gradient), Is.EqualTo(expected).Within(1e-12).Percent);
        Assert.That(Vectors.RootMeanSquare<double>(gradient), Is.EqualTo(5 / root * size).Within(1e-12).Percent);
        if (size > 1)
        {
            Assert.That(a.Value.Span[0], Is.EqualTo(-3 * size / (expected * root)).Within(1e-12).Percent);
        }
        Parameter<double> rows = new("rows", Tensor<double>.Zeros([1, gradient.Length]));
        Optimizer<double> novoGrad = Optimizer.For(new NovoGrad { LearningRate = 1, Epsilon = 0 }, [rows]);
        novoGrad.NonFinite = NonFinite.Throw;
        novoGrad.StepRows(rows, [0], Tensor<double>.From(gradient, [1, gradient.Length]));
    }

    /// <summary>Catches: a norm that is infinite although no gradient is; the name of a parameter whose gradient is finite.</summary>
    [Test]
    public void TheLargestNumbersAreFinite()
    {
        Parameter<double> a = Make("a", double.MaxValue, double.MaxValue), b = Make("b", -double.MaxValue);
        Optimizer<double> optimizer = Optimizer.For(new SignSgd { LearningRate = 1 }, [a, b]);
        optimizer.NonFinite = NonFinite.Throw;
        Assert.That(optimizer.Step().GradientNorm, Is.EqualTo(double.MaxValue));
        a.SetGradient(Tensor<double>.From(1e200, 1));
        b.SetGradient(Tensor<double>.From([double.PositiveInfinity], [1]));
        Assert.That(() => optimizer.Step(), Throws.InstanceOf<ArithmeticException>().With.Message.Contains("'b'"));
        b.SetGradient(Tensor<double>.From([double.NaN], [1]));
        Assert.That(() => optimizer.Step(), Throws.InstanceOf<ArithmeticException>().With.Message.Contains("'b'"));
    }

    /// <summary>Catches: numbers that a double holds and a float does not: an infinite rate, a bound that is 0.</summary>
    [Test]
    public void WhatTheElementsCannotHoldIsRefused()
    {
        Parameter<float> p = new("p", Tensor<float>.From([1f, 2], [1, 2]));
        foreach (Action act in new Action[]
        {
            () => Optimizer.For(new Sgd { LearningRate = 1e39 }, [p]), () => Optimizer.For(new Adam { LearningRate = 1e39 }, [p]),
            () => Optimizer.For(new Lars { LearningRate = 1e39 }, [p]), () => Optimizer.For(new Muon { LearningRate = 1e39 }, [p]),
            () => Optimizer.For(new Prodigy { LearningRate = 1e39 }, [p]),
        })
        {
            Assert.That(() => act(), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1E+39")
                .And.Message.Contains("3.4028235E+38").And.Message.Contains("float"));
        }
        Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = Schedule.Function(u => u == 0 ? 1 : 1e39) }, [p]);
        p.SetGradient(Tensor<float>.From([1f, 1], [1, 2]));
        optimizer.Step();
        p.SetGradient(Tensor<float>.From([1f, 1], [1, 2]));
        Assert.That(() => optimizer.Step(), Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1E+39"));
        Assert.That(p.Value.ToArray(), Is.EqualTo(new[] { 0f, 1f }));
        Assert.That(() => optimizer.Clip = GradientClip.ByValue(1e-60),
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("1E-60").And.Message.Contains("float"));
        Assert.That(optimizer.Clip, Is.EqualTo(GradientClip.None));
        Optimizer<double> wide = new() { Clip = GradientClip.ByValue(1e-60) };
        Assert.That(wide.Clip.Bound, Is.EqualTo(1e-60));
        Assert.That(() => Optimizer.For(new Sgd { LearningRate = 1e39 }, [Make("q", 1)]), Throws.Nothing);
    }

    private static IEnumerable<TestCaseData> Epsilons() =>
        from rule in RuleCatalog.Rules
        from property in rule.Type.GetProperties()
        where property.PropertyType == typeof(Hyperparameter) || property.PropertyType == typeof(double)
        select new TestCaseData(rule.Type, property).SetArgDisplayNames(rule.Type.Name, property.Name);

    /// <summary>Catches: a hyperparameter that may be infinite.</summary>
    [TestCaseSource(nameof(Epsilons))]
    public void NoHyperparameterIsInfinite(Type type, System.Reflection.PropertyInfo property)
    {
        object rule = Activator.CreateInstance(type)!;
        property.SetValue(rule, property.PropertyType == typeof(double) ? double.PositiveInfinity
            : (object)(Hyperparameter)double.PositiveInfinity);
        Type family = typeof(ExtremeNumberTests);
        string method = rule is IRule ? nameof(AddElementwise) : rule is ITensorRule ? nameof(AddTensor) : nameof(AddModel);
        Action add = () => family.GetMethod(method, System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static)!
            .MakeGenericMethod(type).Invoke(null, [rule]);
        Assert.That(() => add(), Throws.InnerException.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static Parameter<double>[] Matrix => [new("p", Tensor<double>.Zeros([2, 2]))];

    private static void AddElementwise<TRule>(TRule rule) where TRule : struct, IRule => Optimizer.For(rule, Matrix);

    private static void AddTensor<TRule>(TRule rule) where TRule : struct, ITensorRule => Optimizer.For(rule, Matrix);

    private static void AddModel<TRule>(TRule rule) where TRule : struct, IModelRule => Optimizer.For(rule, Matrix);

    /// <summary>Catches: ρ/‖g‖ that overflows the elements, so that the worst point is NaN.</summary>
    [Test]
    public void SharpnessOfTheSmallestGradientIsRight()
    {
        Parameter<float> p = new("p", Tensor<float>.From([0f, 0], [2]));
        float[] seen = [];
        SharpnessAware<float> aware = new(Optimizer.For(new Sgd(), [p]), 0.5);
        aware.Step(() =>
        {
            seen = p.Value.ToArray();
            p.SetGradient(Tensor<float>.From([3e-41f, -4e-41f], [2]));
            return 0;
        });
        Assert.That(seen, Is.EqualTo(new[] { 0.3f, -0.4f }).Within(1e-4f));
        Parameter<double> q = Make("q", 0, 0);
        double[] far = [];
        new SharpnessAware<double>(Optimizer.For(new Sgd(), [q]), 0.5).Step(() =>
        {
            far = q.Value.ToArray();
            q.SetGradient(Tensor<double>.From([3e-310, -4e-310], [2]));
            return 0;
        });
        Assert.That(far, Is.EqualTo(new[] { 0.3, -0.4 }).Within(1e-10));
    }

    /// <summary>Catches: a default number of evaluations that overflows, and ends the step after one iteration.</summary>
    [Test]
    public void LbfgsTakesAnyNumberOfIterationsAndPairs()
    {
        Parameter<double> p = new("p", Tensor<double>.From([-1.2, 1], [2]));
        Lbfgs<double> lbfgs = new([p], int.MaxValue) { MaxIterations = 500_000_000, LineSearch = LineSearch.StrongWolfe };
        lbfgs.Step(() =>
        {
            double x = p.Value.Span[0], y = p.Value.Span[1];
            p.SetGradient(Tensor<double>.From((-2 * (1 - x)) - (400 * x * (y - (x * x))), 200 * (y - (x * x))));
            return ((1 - x) * (1 - x)) + (100 * (y - (x * x)) * (y - (x * x)));
        });
        Assert.That(p.Value.ToArray(), Is.All.EqualTo(1.0).Within(1e-3));
        Assert.That(() => lbfgs.GradientTolerance = double.PositiveInfinity,
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("finite"));
        Assert.That(() => lbfgs.ChangeTolerance = double.PositiveInfinity,
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("finite"));
    }

    /// <summary>Catches: a search through all parameters for each parameter, which takes minutes here.</summary>
    [Test, MaxTime(15_000)]
    public void AnOptimizerOfManyParametersIsMadeInLinearTime()
    {
        Tensor<float> value = Tensor<float>.From([1f], [1]);
        Parameter<float>[] parameters = [.. Enumerable.Range(0, 100_000).Select(i => new Parameter<float>($"p{i}", value))];
        Optimizer<float> optimizer = Optimizer.For(new Sgd(), parameters);
        Assert.That(() => optimizer.AddGroup(new Sgd(), [new Parameter<float>("p77", value)]),
            Throws.ArgumentException.With.Message.Contains("'p77'"));
    }
}
