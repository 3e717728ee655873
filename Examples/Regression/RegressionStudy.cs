using Engine;
using Examples.Charts;

namespace Examples.Regression;

/// <summary>Linear regression by each method, from the same coefficients.</summary>
internal static class RegressionStudy
{
    /// <summary>The error at which a coefficient counts as the same, and the one at which a path ends.</summary>
    public const double Target = 1e-8, End = 1e-10;

    /// <summary>Follows each method until its error is at most <see cref="End"/>, or a step changes nothing.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="seed">The seed of the coefficients at the start.</param>
    /// <param name="gradients">The number of gradients after which a path ends anyway.</param>
    public static IReadOnlyList<RegressionPath> Run(RegressionProblem problem, long seed, int gradients) =>
        [.. RegressionMethod.For(problem).Select(method => Follow(problem, method, RandomKey.FromSeed(seed), gradients))];

    private static RegressionPath Follow(RegressionProblem problem, RegressionMethod method, RandomKey key, int most)
    {
        Linear<double> model = new(problem.FeatureNames.Count, 1, key);
        Tape<double> tape = new();
        int computed = 0;
        Action<Func<double>> step = method.Start(model.Parameters);
        List<Point> errors = [new(0, Error())];
        double[] before;
        do
        {
            before = Coefficients(model);
            step(ComputeGradients);
            errors.Add(new(computed, Error()));
        }
        while (errors[^1].Y > End && computed < most && !Coefficients(model).SequenceEqual(before));
        return new(method, errors, Coefficients(model));

        double ComputeGradients()
        {
            computed++;
            using (tape.Record())
            {
                Tensor<double> loss = model.Forward(problem.Inputs).MeanSquaredError(problem.Targets);
                tape.Backward(loss);
                return loss.Item;
            }
        }

        double Error() => Coefficients(model).Zip(problem.Coefficients, (mine, exact) => Math.Abs(mine - exact)).Max();
    }

    private static double[] Coefficients(Linear<double> model) => [.. model.Weight.Value.ToArray(), .. model.Bias!.Value.ToArray()];
}
