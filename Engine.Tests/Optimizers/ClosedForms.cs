using MathNet.Numerics.LinearAlgebra;

namespace Engine.Tests.Optimizers;

/// <summary>Trajectories that have a formula: any wrong constant, exponent, bias correction or place of ε shows.</summary>
public sealed class ClosedForms
{
    private static IEnumerable<RuleRow> Rows => RuleTable.Rows.Where(row => row.ConstantGradient is not null);

    /// <summary>Catches: dropped bias correction, ε inside the root, a count that begins at 0, a state that begins wrong.</summary>
    [Test]
    public void ConstantGradient([ValueSource(nameof(Rows))] RuleRow row, [Values(2.5, -0.04)] double g)
    {
        Parameter<double> parameter = new("x", Tensor<double>.From(1.25));
        Optimizer<double> optimizer = new();
        row.Rule.AddTo(optimizer, [parameter]);
        for (int t = 1; t <= 15; t++)
        {
            parameter.SetGradient(Tensor<double>.From(g));
            optimizer.Step();
            Assert.That(1.25 - parameter.Value.Item, Is.EqualTo(row.ConstantGradient!(t, g)).Within(1e-13), $"after step {t}");
        }
    }

    private static IEnumerable<RuleRow> Impulses => RuleTable.Rows.Where(row => row.Impulse is not null);

    /// <summary>Catches: exchanged βs, which a constant gradient cannot see.</summary>
    [Test]
    public void ImpulseGradient([ValueSource(nameof(Impulses))] RuleRow row, [Values(2.5, -0.04)] double g)
    {
        Parameter<double> parameter = new("x", Tensor<double>.From(1.25));
        Optimizer<double> optimizer = new();
        row.Rule.AddTo(optimizer, [parameter]);
        for (int t = 1; t <= 15; t++)
        {
            parameter.SetGradient(Tensor<double>.From(t == 1 ? g : 0));
            optimizer.Step();
            Assert.That(1.25 - parameter.Value.Item, Is.EqualTo(row.Impulse!(t, g)).Within(1e-13), $"after step {t}");
        }
    }

    /// <summary>Catches: a rate that is not applied once, a gradient that is not the loss's.</summary>
    [Test]
    public void GradientDescentOnAParabola([Values(0.1, 0.9, 1.9)] double ηa)
    {
        const double a = 4, x0 = 3;
        Parameter<double> x = new("x", Tensor<double>.From(x0));
        Optimizer<double> optimizer = Optimizer.For(new Sgd { LearningRate = ηa / a }, [x]);
        for (int t = 1; t <= 40; t++)
        {
            x.SetGradient(Tensor<double>.From(a * x.Value.Item));
            optimizer.Step();
            Assert.That(x.Value.Item, Is.EqualTo(Math.Pow(1 - ηa, t) * x0).Within(1e-13));
        }
    }

    /// <summary>
    /// Catches: η inside the buffer with another sign, a buffer that starts twice (1 + μ)g, dampening where there is none.
    /// </summary>
    [TestCase(0.5, false)]
    [TestCase(0.9, false)]
    [TestCase(0.5, true)]
    [TestCase(0.9, true)]
    public void MomentumFollowsItsCompanionMatrix(double μ, bool nesterov)
    {
        const double a = 2, η = 0.15, x0 = 1.5;
        Parameter<double> x = new("x", Tensor<double>.From(x0));
        Optimizer<double> optimizer = nesterov
            ? Optimizer.For(new Nesterov { LearningRate = η, Momentum = μ }, [x])
            : Optimizer.For(new Momentum { LearningRate = η, Coefficient = μ }, [x]);
        // (b, x) ↦ (μb + ax, x − η·step): eigenvalues give the trajectory in closed form
        Matrix<double> companion = nesterov
            ? Matrix<double>.Build.DenseOfArray(new[,] { { μ, a }, { -η * μ * μ, 1 - (η * a * (1 + μ)) } })
            : Matrix<double>.Build.DenseOfArray(new[,] { { μ, a }, { -η * μ, 1 - (η * a) } });
        var eigen = companion.Evd();
        var vectors = eigen.EigenVectors.ToComplex();
        if (eigen.EigenValues.Any(value => value.Imaginary != 0))
        {
            // MathNet gives a complex pair as its real and imaginary columns
            var re = eigen.EigenVectors.Column(0).ToComplex();
            var im = eigen.EigenVectors.Column(1).ToComplex();
            vectors.SetColumn(0, re + (im * System.Numerics.Complex.ImaginaryOne));
            vectors.SetColumn(1, re - (im * System.Numerics.Complex.ImaginaryOne));
        }
        var coordinates = vectors.Inverse() * Vector<double>.Build.DenseOfArray([0, x0]).ToComplex();
        for (int t = 1; t <= 30; t++)
        {
            x.SetGradient(Tensor<double>.From(a * x.Value.Item));
            optimizer.Step();
            int power = t;
            double expected = (
                vectors * coordinates.MapIndexed((i, c) => c * System.Numerics.Complex.Pow(eigen.EigenValues[i], power)))[1].Real;
            Assert.That(x.Value.Item, Is.EqualTo(expected).Within(1e-12), $"after step {t}");
        }
    }

    /// <summary>Catches: a v that is not the geometric mean of the squares, weighted toward the last.</summary>
    [Test]
    public void RmsPropsMeanSquareIsGeometric()
    {
        Parameter<double> x = new("x", Tensor<double>.From(0.0));
        Optimizer<double> optimizer = Optimizer.For(new RmsProp { Alpha = 0.9 }, [x]);
        double[] gradients = [3, -1, 0.5, 2, -4, 0.25];
        foreach (double g in gradients)
        {
            x.SetGradient(Tensor<double>.From(g));
            optimizer.Step();
        }
        double expected = gradients.Select((g, i) => 0.1 * Math.Pow(0.9, gradients.Length - 1 - i) * g * g).Sum();
        Assert.That(optimizer.SaveState().Parameters["x"].Arrays["square_avg"].Item, Is.EqualTo(expected).Within(1e-13));
    }

    /// <summary>Catches: an average of the wrong points, or one that is returned for the running value (schedule-free, ASGD).</summary>
    [Test]
    public void EvaluationPointsAreTheAverages()
    {
        const double η = 0.1, g = 2;
        Parameter<double> x = new("x", Tensor<double>.From(1.0));
        Optimizer<double> free = Optimizer.For(new ScheduleFreeSgd { LearningRate = η, Beta = 0.9 }, [x]);
        Parameter<double> y = new("y", Tensor<double>.From(1.0));
        Optimizer<double> averaged = Optimizer.For(new Asgd { LearningRate = η, Lambda = 0, AveragingStart = 0 }, [y]);
        Assert.That(free.EvaluationValue(x).Item, Is.EqualTo(1.0));
        for (int t = 1; t <= 6; t++)
        {
            x.SetGradient(Tensor<double>.From(g));
            free.Step();
            y.SetGradient(Tensor<double>.From(g));
            averaged.Step();
            Assert.That(free.EvaluationValue(x).Item, Is.EqualTo(1 - (η * g * (t + 1) / 2)).Within(1e-13));
        }
        // ax is θ after the first two updates, then the mean from the second point on
        Assert.That(averaged.EvaluationValue(y).Item, Is.EqualTo(1 - (η * g * 4)).Within(1e-13));
        Assert.That(averaged.EvaluationValue(y).Item, Is.Not.EqualTo(y.Value.Item).Within(1e-3));
    }
}
