using System.Globalization;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Newton's method for small functions: x ← x − t·|∇²f|⁻¹·∇f, where |∇²f| has the absolute values of the Hessian's eigenvalues, so that
/// saddle points repel (Dauphin et al.: Identifying and attacking the saddle point problem, 2014), and t is halved from 1 until the value
/// falls enough (Armijo's rule).
/// </summary>
public static class NewtonsMethod
{
    /// <summary>Eigenvalues below this part of the largest count as that part.</summary>
    private const double SmallestCurvature = 1e-12;

    private const double SufficientDecrease = 1e-4;
    private const int MaxHalvings = 40;

    /// <summary>Minimizes a function from a starting point on.</summary>
    /// <param name="function">f, whose result is a scalar; it is evaluated with a Hessian of all elements of x.</param>
    /// <param name="start">The starting point.</param>
    /// <param name="tolerance">The method ends when no element of the gradient is larger than this.</param>
    /// <param name="maxIterations">The largest number of iterations, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or NaN, or the number of iterations negative.</exception>
    /// <exception cref="InvalidOperationException">The result is not a scalar.</exception>
    public static NewtonResult Minimize(
        Func<Tensor<double>, Tensor<double>> function, Tensor<double> start, double tolerance = 1e-10, int maxIterations = 100)
    {
        if (!(tolerance >= 0) || maxIterations < 0)
        {
            throw new ArgumentOutOfRangeException(
                maxIterations < 0 ? nameof(maxIterations) : nameof(tolerance),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"NewtonsMethod: got the tolerance {tolerance} and {maxIterations} iterations, expected numbers that are not "
                        + $"negative."));
        }
        Tensor<double> x = start.Clone();
        double value = function(x).Item;
        for (int iteration = 0; ; iteration++)
        {
            Tensor<double> gradient = Derivatives.Gradient(function, x);
            double largest = 0;
            foreach (double g in gradient.Span)
            {
                largest = Math.Max(largest, Math.Abs(g));
            }
            bool hasConverged = largest <= tolerance;
            if (hasConverged || iteration == maxIterations || !TryStep(function, ref x, ref value, gradient))
            {
                return new NewtonResult(x, value, iteration, hasConverged);
            }
        }
    }

    private static bool TryStep(
        Func<Tensor<double>, Tensor<double>> function, ref Tensor<double> x, ref double value, in Tensor<double> gradient)
    {
        double[] direction = Direction(Derivatives.Hessian(function, x).ToArray(), gradient.Span);
        double slope = Reduction.Dot<double>(direction, gradient.Span);
        double t = 1;
        for (int i = 0; i < MaxHalvings; i++, t /= 2)
        {
            Tensor<double> next = x.Clone();
            for (int j = 0; j < direction.Length; j++)
            {
                next.Output[j] += t * direction[j];
            }
            double at = function(next).Item;
            if (at <= value + SufficientDecrease * t * slope && at < value)
            {
                (x, value) = (next, at);
                return true;
            }
        }
        return false;
    }

    /// <summary>−|H|⁻¹·g.</summary>
    private static double[] Direction(double[] hessian, ReadOnlySpan<double> gradient)
    {
        int n = gradient.Length;
        double[] values = new double[n], vectors = new double[n * n], direction = new double[n];
        SymmetricEigen.Decompose(hessian, values, vectors);
        double largest = values.Max(Math.Abs);
        for (int k = 0; k < n; k++)
        {
            double projection = 0;
            for (int i = 0; i < n; i++)
            {
                projection += vectors[i * n + k] * gradient[i];
            }
            double curvature = Math.Max(Math.Abs(values[k]), SmallestCurvature * largest);
            for (int i = 0; i < n && curvature > 0; i++)
            {
                direction[i] -= vectors[i * n + k] * projection / curvature;
            }
        }
        return direction;
    }
}
