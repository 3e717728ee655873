using Engine;

namespace Examples.Regression;

/// <summary>A way to the coefficients of least squares by gradients.</summary>
/// <param name="Name">Its name in the table and the picture.</param>
/// <param name="Style">Its look in the picture.</param>
/// <param name="Theory">The factor by which the error shrinks with each step, in theory; null where there is none.</param>
/// <param name="Start">
/// Gives what makes one step, for parameters; a step is given what computes the loss and its gradients.
/// </param>
internal sealed record RegressionMethod(
    string Name, int Style, double? Theory, Func<IReadOnlyList<Parameter<double>>, Action<Func<double>>> Start)
{
    /// <summary>The methods, with the rates and the momentum that are best for the problem's curvatures.</summary>
    public static IReadOnlyList<RegressionMethod> For(RegressionProblem problem)
    {
        double μ = problem.Flattest, L = problem.Steepest, root = Math.Sqrt(problem.Condition), slowness = (root - 1) / (root + 1);
        return
        [
            new("gradient descent", 0, (L - μ) / (L + μ), Descent(new Sgd { LearningRate = 2 / (L + μ) })),
            new("momentum", 1, slowness, Descent(new Momentum
            {
                LearningRate = 4 / ((Math.Sqrt(L) + Math.Sqrt(μ)) * (Math.Sqrt(L) + Math.Sqrt(μ))),
                Coefficient = slowness * slowness,
            })),
            new("Nesterov", 2, 1 - 1 / root, Descent(new Nesterov { LearningRate = 1 / L, Momentum = slowness })),
            new("Adam, decaying rate", 3, null, Descent(new Adam { LearningRate = 0.1 * Schedule.Exponential(0.995) })),
            new("L-BFGS", 4, null, QuasiNewton),
        ];
    }

    private static Func<IReadOnlyList<Parameter<double>>, Action<Func<double>>> Descent<TRule>(TRule rule) where TRule : struct, IRule =>
        parameters =>
        {
            Optimizer<double> optimizer = Optimizer.For(rule, parameters);
            return gradients =>
            {
                gradients();
                optimizer.Step();
            };
        };

    private static Action<Func<double>> QuasiNewton(IReadOnlyList<Parameter<double>> parameters)
    {
        Lbfgs<double> optimizer = new(parameters)
        {
            LineSearch = LineSearch.StrongWolfe, MaxIterations = 1, MaxEvaluations = 20, GradientTolerance = 0, ChangeTolerance = 0,
        };
        return gradients => optimizer.Step(gradients);
    }
}
