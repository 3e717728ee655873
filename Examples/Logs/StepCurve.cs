using System.Collections;
using Engine;

namespace Examples.Logs;

/// <summary>Points at some steps as values at all steps: between two points interpolated, NaN before the first and after the last.</summary>
internal sealed class StepCurve(IReadOnlyList<ScalarPoint> points, int last) : IReadOnlyList<double>
{
    /// <inheritdoc/>
    public int Count => last + 1;

    /// <inheritdoc/>
    public double this[int step]
    {
        get
        {
            int after = FirstAtOrAfter(step);
            if (after == points.Count || (after == 0 && points[0].Step > step))
            {
                return double.NaN;
            }
            if (points[after].Step == step)
            {
                return points[after].Value;
            }
            ScalarPoint from = points[after - 1], to = points[after];
            return from.Value + (to.Value - from.Value) * (step - from.Step) / (to.Step - from.Step);
        }
    }

    /// <inheritdoc/>
    public IEnumerator<double> GetEnumerator() => Enumerable.Range(0, Count).Select(step => this[step]).GetEnumerator();

    /// <inheritdoc/>
    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int FirstAtOrAfter(long step)
    {
        int low = 0, high = points.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = points[middle].Step < step ? (middle + 1, high) : (low, middle);
        }
        return low;
    }
}
