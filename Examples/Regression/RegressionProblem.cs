using Engine;
using Examples.Data;
using MathNet.Numerics.LinearAlgebra;

namespace Examples.Regression;

/// <summary>
/// The color intensity of a wine as a linear function of the other 12 results of its analysis, all standardized, with the coefficients of
/// least squares, which a QR decomposition of MathNet.Numerics gives in closed form.
/// </summary>
internal sealed class RegressionProblem
{
    /// <summary>Reads the data and solves the problem.</summary>
    public RegressionProblem()
    {
        Dataset<double> wine = EmbeddedData.Read<double>(
            "wine.csv", new CsvOptions { Targets = ["color intensity"], Ignored = ["cultivar"] });
        FeatureNames = wine.FeatureNames;
        Inputs = Standardizer.Fit(wine).Apply(wine.Inputs);
        Targets = Standardizer.Fit(wine.Targets).Apply(wine.Targets);

        int features = FeatureNames.Count;
        double[] inputs = Inputs.ToArray();
        Matrix<double> design = Matrix<double>.Build.Dense(
            wine.Count, features + 1, (row, column) => column < features ? inputs[row * features + column] : 1);
        Coefficients = [.. design.QR().Solve(Vector<double>.Build.DenseOfArray(Targets.ToArray()))];

        // the second derivative of the mean squared error
        Matrix<double> curvature = design.TransposeThisAndMultiply(design) * (2.0 / wine.Count);
        double[] curvatures = [.. curvature.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real)];
        (Flattest, Steepest) = (curvatures.Min(), curvatures.Max());
    }

    /// <summary>The names of the features.</summary>
    public IReadOnlyList<string> FeatureNames { get; }

    /// <summary>[wines, features], with mean 0 and variance 1.</summary>
    public Tensor<double> Inputs { get; }

    /// <summary>[wines, 1], with mean 0 and variance 1.</summary>
    public Tensor<double> Targets { get; }

    /// <summary>The coefficients of the features and the intercept in closed form.</summary>
    public IReadOnlyList<double> Coefficients { get; }

    /// <summary>The smallest curvature μ of the mean squared error.</summary>
    public double Flattest { get; }

    /// <summary>The largest curvature L of the mean squared error.</summary>
    public double Steepest { get; }

    /// <summary>The condition κ = L/μ, which decides how fast a descent is.</summary>
    public double Condition => Steepest / Flattest;
}
