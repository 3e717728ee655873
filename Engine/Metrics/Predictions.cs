using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>Which class a row of logits predicts, and how often it is the right one.</summary>
internal static class Predictions
{
    /// <summary>Throws unless there is a class for each row, and at least one row.</summary>
    public static void Check<T>(string metric, in Tensor<T> logits, ReadOnlySpan<int> classes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (logits.Shape.Rank != 2 || logits.Shape[0] != classes.Length || classes.IsEmpty)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{metric}: got logits of shape {logits.Shape} and {classes.Length} classes, expected [rows, classes] and one class "
                        + $"for each row, at least one."), nameof(logits));
        }
        ClassTargets.CheckClasses(classes, logits.Shape[1], null, metric);
    }

    /// <summary>Throws unless k is from 1 to the number of classes.</summary>
    public static void CheckK(string metric, int k, int classes)
    {
        if (k < 1 || k > classes)
        {
            throw new ArgumentOutOfRangeException(
                nameof(k), string.Create(CultureInfo.InvariantCulture, $"{metric}: got k = {k}, expected 1 to {classes}."));
        }
    }

    /// <summary>The number of rows whose class is among the k largest logits.</summary>
    public static int CountRight<T>(in Tensor<T> logits, ReadOnlySpan<int> classes, int k) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = logits.Shape[1], right = 0;
        ReadOnlySpan<T> values = logits.Span;
        for (int row = 0; row < classes.Length; row++)
        {
            int rank = Rank(values.Slice(row * n, n), classes[row]);
            right += rank >= 0 && rank < k ? 1 : 0;
        }
        return right;
    }

    /// <summary>The class with the largest logit, of equal ones the first; −1 if a logit is NaN.</summary>
    public static int Predicted<T>(ReadOnlySpan<T> row) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int largest = 0;
        for (int i = 0; i < row.Length; i++)
        {
            if (T.IsNaN(row[i]))
            {
                return -1;
            }
            largest = row[i] > row[largest] ? i : largest;
        }
        return largest;
    }

    /// <summary>The number of logits that are larger than that of the class, or equal and before it; −1 if one is NaN.</summary>
    private static int Rank<T>(ReadOnlySpan<T> row, int actual) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rank = 0;
        for (int i = 0; i < row.Length; i++)
        {
            if (T.IsNaN(row[i]))
            {
                return -1;
            }
            rank += row[i] > row[actual] || (row[i] == row[actual] && i < actual) ? 1 : 0;
        }
        return rank;
    }
}
