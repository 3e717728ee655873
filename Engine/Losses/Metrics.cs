using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>Measures of a model that are reported, not trained on.</summary>
public static class Metrics
{
    /// <summary>
    /// The fraction of rows whose largest logit is that of their class. Of equal logits the first counts; a row with NaN counts as wrong.
    /// </summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="classes">The class of each row.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or there are no rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class is not 0 … n − 1.</exception>
    public static double Accuracy<T>(in Tensor<T> logits, ReadOnlySpan<int> classes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (logits.Shape.Rank != 2 || logits.Shape[0] != classes.Length || classes.IsEmpty)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Accuracy: got logits of shape {logits.Shape} and {classes.Length} classes, expected [rows, classes] and one class "
                        + $"for each row, at least one."), nameof(logits));
        }
        int n = logits.Shape[1], right = 0;
        ClassTargets.CheckClasses(classes, n, null, "Accuracy");
        ReadOnlySpan<T> values = logits.Span;
        for (int row = 0; row < classes.Length; row++)
        {
            if (Largest(values.Slice(row * n, n)) == classes[row])
            {
                right++;
            }
        }
        return (double)right / classes.Length;
    }

    /// <summary>The index of the largest number; −1 if one is NaN.</summary>
    private static int Largest<T>(ReadOnlySpan<T> row) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int largest = 0;
        for (int i = 0; i < row.Length; i++)
        {
            if (T.IsNaN(row[i]))
            {
                return -1;
            }
            if (row[i] > row[largest])
            {
                largest = i;
            }
        }
        return largest;
    }
}
