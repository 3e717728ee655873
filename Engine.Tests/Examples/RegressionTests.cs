using Examples.Regression;

namespace Engine.Tests.Examples;

/// <summary>The linear regression against its closed form.</summary>
public sealed class RegressionTests
{
    private static readonly RegressionProblem s_problem = new();

    /// <summary>Catches: a closed form of another problem; the gradient of the loss is zero at the coefficients of least squares.</summary>
    [Test]
    public void The_closed_form_is_where_the_gradient_vanishes()
    {
        int features = s_problem.FeatureNames.Count;
        Linear<double> model = new(features, 1, RandomKey.FromSeed(1));
        model.Weight.SetValue(Tensor<double>.From([.. s_problem.Coefficients.Take(features)], [1, features]));
        model.Bias!.SetValue(Tensor<double>.From(s_problem.Coefficients[features]));
        Tape<double> tape = new();
        using (tape.Record())
        {
            tape.Backward(model.Forward(s_problem.Inputs).MeanSquaredError(s_problem.Targets));
        }
        Assert.That(model.Weight.Gradient.ToArray(), Is.All.EqualTo(0).Within(1e-13));
        Assert.That(model.Bias.Gradient.ToArray(), Is.All.EqualTo(0).Within(1e-13));
    }

    /// <summary>
    /// Catches: a wrong gradient or rule, in double precision; a rate or momentum that is not the best one, with which a method would be
    /// slower than theory says.
    /// </summary>
    [Test]
    [Category("Slow")]
    public void Every_method_finds_the_same_coefficients_and_at_the_speed_of_theory()
    {
        foreach (RegressionPath path in RegressionStudy.Run(s_problem, seed: 1, gradients: 5000))
        {
            string name = path.Method.Name;
            Assert.That(path.Coefficients, Is.EqualTo(s_problem.Coefficients).Within(RegressionStudy.Target), name);
            Assert.That(path.GradientsTo(RegressionStudy.Target), Is.Not.Null, name);
            if (path.Method.Theory is { } factor)
            {
                Assert.That(path.Factor, Is.EqualTo(factor).Within(0.02), name);
            }
        }
    }

    [Test]
    public void A_path_that_is_cut_off_says_so()
    {
        RegressionPath path = RegressionStudy.Run(s_problem, seed: 1, gradients: 10)[0];
        Assert.That(path.Errors, Has.Count.EqualTo(11));
        Assert.That(path.GradientsTo(RegressionStudy.Target), Is.Null);
        Assert.That(path.GradientsTo(path.Errors[7].Y), Is.LessThanOrEqualTo(7).And.GreaterThan(0));
    }
}
