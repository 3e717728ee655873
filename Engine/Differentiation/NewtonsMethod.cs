using System.Globalization;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Newton's method for small functions: x ← x − t·|∇²f|⁻¹·∇f, where |∇²f| has the absolute values of the Hessian's eigenvalues, so that
/// saddle points repel (Dauphin et al.: Identifying and attacking the saddle point problem, 2014), and t is halved from 1 until the value
/// falls enough (Armijo's rule), or stays the same within rounding while the gradient gets smaller.
/// </summary>
public static class NewtonsMethod
{
    /// <summary>Eigenvalues below this part of the largest count as that part.</summary>
    private const double SmallestCurvature = 1e-12;

    private const double SufficientDecrease = 1e-4;

    /// <summary>The part of a value that it may rise by: four times the distance from 1 to the next double.</summary>
    private const double Rounding = 4 * 2.220446049250313e-16;

    private const int MaxHalvings = 40;

    /// <summary>Minimizes a function from a starting point.</summary>
    /// <param name="function">f, whose result is a scalar; it is evaluated with a Hessian of all elements of x.</param>
    /// <param name="start">The starting point.</param>
    /// <param name="tolerance">The method stops when no element of the gradient is larger than this.</param>
    /// <param name="maxIterations">The largest number of iterations, at least 0.</param>
    /// <exception cref="ArgumentNullException">The function is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The tolerance is negative or NaN, or the number of iterations negative.</exception>
    /// <exception cref="InvalidOperationException">The result is not a scalar.</exception>
    public static NewtonResult Minimize(
        Func<Tensor<double>, Tensor<double>> function, Tensor<double> start, double tolerance = 1e-10, int maxIterations = 100)
    {
        ArgumentNullException.ThrowIfNull(function);
        if (!(tolerance >= 0) || maxIterations < 0)
        {
            throw new ArgumentOutOfRangeException(
                maxIterations < 0 ? nameof(maxIterations) : nameof(tolerance),
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"NewtonsMethod: got the tolerance {tolerance} and {maxIterations} iterations, expected non-negative numbers."));
        }
        Tensor<double> x = start.Clone();
        double value = Value(function, x);
        for (int iteration = 0; ; iteration++)
        {
            Tensor<double> gradient = Derivatives.Gradient(function, x);
            bool hasConverged = Vectors.Largest(gradient.Span) <= tolerance;
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
            double at = Value(function, next);
            bool falls = at <= value + SufficientDecrease * t * slope && at < value;
            if (falls || (Math.Abs(at - value) <= Rounding * Math.Abs(value) && HasSmallerGradient(function, next, gradient)))
            {
                (x, value) = (next, at);
                return true;
            }
        }
        return false;
    }

    private static bool HasSmallerGradient(
        Func<Tensor<double>, Tensor<double>> function, in Tensor<double> x, in Tensor<double> gradient) =>
        Vectors.Largest(Derivatives.Gradient(function, x).Span) < Vectors.Largest(gradient.Span);

    private static double Value(Func<Tensor<double>, Tensor<double>> function, in Tensor<double> x)
    {
        Tensor<double> value = function(x);
        return value.Length == 1
            ? value.Item
            : throw new InvalidOperationException(
                $"NewtonsMethod: got a function whose result has the shape {value.Shape}, expected a scalar.");
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
