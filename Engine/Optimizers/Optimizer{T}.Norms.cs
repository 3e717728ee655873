using Engine.Kernels;

namespace Engine;

public sealed partial class Optimizer<T>
{
    private double[] _parts = [];

    /// <summary>
    /// Whether the step measures ‖g‖ over all gradients: to clip by it, to reject gradients that are not finite, or for a rule.
    /// </summary>
    private bool NeedsNorm => NonFinite != NonFinite.Propagate || Clip.MeasuresNorms || _rulesNeedNorms;

    /// <summary>‖g‖₂ over all gradients, added in the order of the names so that the order of the parameters does not matter.</summary>
    internal double GlobalNorm()
    {
        double sum = SumOfSquares(1);
        if (ExtremeSquares.IsExact(sum))
        {
            return Math.Sqrt(sum);
        }
        double largest = LargestElement(), factor = Vectors.FactorFor(largest);
        return Vectors.NormOf(SumOfSquares(factor), largest, factor);
    }

    /// <summary>‖g‖ over all gradients in the norm that the step clips by, added in the order of the names.</summary>
    private double ClippedNorm()
    {
        double euclidean = Clip.Order == 2 || _rulesNeedNorms ? GlobalNorm() : double.NaN; // rules read the parts of this sum
        if (Clip.Order == 2)
        {
            return euclidean;
        }
        double largest = LargestElement();
        return Vectors.IsLargest(largest, Clip.Order) ? largest : Vectors.RootOf(SumOfPowers(largest), largest, Clip.Order);
    }

    /// <summary>The largest absolute value of an element; NaN if one is NaN.</summary>
    private double LargestElement()
    {
        double largest = 0;
        foreach (ParameterEntry<T> entry in _entries)
        {
            largest = entry.Parameter.HasGradient ? Math.Max(largest, Vectors.Largest<T>(entry.Gradient.Span)) : largest;
        }
        return largest;
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
        entry.Parameter.HasGradient && !double.IsFinite(Vectors.Largest<T>(entry.Gradient.Span));

    /// <summary>Σ (factor·gᵢ)² over all gradients, in the order of the names.</summary>
    private double SumOfSquares(double factor)
    {
        int count = 0;
        foreach (ParameterEntry<T> entry in _byName)
        {
            if (entry.Parameter.HasGradient)
            {
                ReadOnlySpan<T> gradient = entry.Gradient.Span;
                _parts[count++] = factor == 1
                    ? entry.SquaredNorm = Reduction.SumOfSquares(gradient)
                    : Vectors.SumOfSquares(gradient, factor);
            }
        }
        return SumOfParts(count);
    }

    /// <summary>Σ (|gᵢ|/largest)ᵖ over all gradients, in the order of the names.</summary>
    private double SumOfPowers(double largest)
    {
        int count = 0;
        foreach (ParameterEntry<T> entry in _byName)
        {
            if (entry.Parameter.HasGradient)
            {
                _parts[count++] = PowerSum.Of<T>(entry.Gradient.Span, largest, Clip.Order);
            }
        }
        return SumOfParts(count);
    }

    private unsafe double SumOfParts(int count)
    {
        fixed (double* parts = _parts)
        {
            return count == 0 ? 0 : Reduction.PairwiseSum(parts, count);
        }
    }
}
