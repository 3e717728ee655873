using Engine.Kernels;

namespace Engine;

public sealed partial class Optimizer<T>
{
    private double[] _squaredNorms = [];

    /// <summary>‖g‖₂ over all gradients, added in the order of the names so that the order of the parameters does not matter.</summary>
    internal double GlobalNorm()
    {
        double sum = SumOfSquares(1);
        if (Vectors.IsExact(sum))
        {
            return Math.Sqrt(sum);
        }
        double largest = 0;
        foreach (ParameterEntry<T> entry in _entries)
        {
            largest = entry.Parameter.HasGradient ? Math.Max(largest, Vectors.Largest(entry.Parameter.Gradient.Span)) : largest;
        }
        double factor = Vectors.FactorFor(largest);
        return Vectors.NormOf(SumOfSquares(factor), largest, factor);
    }

    /// <summary>Whether the policy for non-finite gradients forbids a step with gradients of this global norm.</summary>
    internal bool IsRejected(double globalNorm) => NonFinite != NonFinite.Propagate && !double.IsFinite(globalNorm);

    /// <summary>Throws or counts, as the policy is, because a gradient of these parameters is not finite.</summary>
    /// <exception cref="ArithmeticException">The policy is <see cref="NonFinite.Throw"/>.</exception>
    internal void Reject(string operation, IReadOnlyList<ParameterEntry<T>> entries)
    {
        if (NonFinite == NonFinite.Throw)
        {
            ParameterEntry<T> entry = entries.Count == 1 ? entries[0] : entries.First(HasNonFinite);
            throw new ArithmeticException($"{operation}: the gradient of '{entry.Parameter.Name}' is not finite; nothing was changed.");
        }
        Report.NonFiniteSteps++;
    }

    /// <summary>Whether the parameter has a gradient that is not finite.</summary>
    internal static bool HasNonFinite(ParameterEntry<T> entry) =>
        entry.Parameter.HasGradient && !double.IsFinite(Vectors.Largest(entry.Parameter.Gradient.Span));

    /// <summary>Σ (factor·gᵢ)² over all gradients, in the order of the names.</summary>
    private unsafe double SumOfSquares(double factor)
    {
        int count = 0;
        foreach (ParameterEntry<T> entry in _byName)
        {
            if (entry.Parameter.HasGradient)
            {
                ReadOnlySpan<T> gradient = entry.Parameter.Gradient.Span;
                _squaredNorms[count++] = factor == 1
                    ? entry.SquaredNorm = Reduction.SumOfSquares(gradient)
                    : Vectors.SumOfSquares(gradient, factor);
            }
        }
        fixed (double* squaredNorms = _squaredNorms)
        {
            return count == 0 ? 0 : Reduction.PairwiseSum(squaredNorms, count);
        }
    }
}
