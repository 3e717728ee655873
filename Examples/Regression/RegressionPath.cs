using Examples.Charts;

namespace Examples.Regression;

/// <summary>How one method came to the coefficients.</summary>
/// <param name="Method">The method.</param>
/// <param name="Errors">
/// The largest difference of a coefficient from the closed form (y), after so many computations of the gradient (x).
/// </param>
/// <param name="Coefficients">The coefficients of the features and the intercept at the end.</param>
internal sealed record RegressionPath(RegressionMethod Method, IReadOnlyList<Point> Errors, IReadOnlyList<double> Coefficients)
{
    /// <summary>The gradients computed until the error was at most <paramref name="target"/>, or null.</summary>
    public int? GradientsTo(double target)
    {
        foreach (Point point in Errors)
        {
            if (point.Y <= target)
            {
                return (int)point.X;
            }
        }
        return null;
    }

    /// <summary>The factor by which the error shrank with each gradient, in the geometric mean of the second half of the path.</summary>
    public double Factor
    {
        get
        {
            Point middle = Errors[Errors.Count / 2], end = Errors[^1];
            return Math.Pow(end.Y / middle.Y, 1 / (end.X - middle.X));
        }
    }
}
