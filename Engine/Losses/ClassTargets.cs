using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>What the losses of class numbers have in common: the checks, the weights of rows, and the targets written out.</summary>
internal static class ClassTargets
{
    /// <summary>A number that is not a class.</summary>
    public const long NoClass = long.MaxValue;

    /// <summary>Throws unless there is one class for each row, the ignored one or one of the columns, and the weights fit.</summary>
    public static void Check<T>(string loss, in Tensor<T> rows, ReadOnlySpan<int> classes, in Tensor<T> weights, int? ignored)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (rows.Shape.Rank != 2 || rows.Shape[0] != classes.Length)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{loss}: got logits of shape {rows.Shape} and {classes.Length} classes, expected [rows, classes] and one class for "
                        + $"each row."),
                nameof(classes));
        }
        CheckWeights(loss, rows.Shape, weights);
        CheckClasses(classes, rows.Shape[1], ignored, loss);
    }

    /// <summary>Throws unless there are no weights, or one for each class.</summary>
    public static void CheckWeights<T>(string loss, in Shape logits, in Tensor<T> weights) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!weights.IsDefault && weights.Shape != new Shape(logits[1]))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{loss}: got class weights of shape {weights.Shape} for logits of shape {logits}, expected [{logits[1]}]."),
                nameof(weights));
        }
    }

    /// <summary>Throws unless the label smoothing is from 0 to 1.</summary>
    public static void CheckSmoothing(string loss, double labelSmoothing) =>
        LossOption.Require(labelSmoothing is >= 0 and <= 1, loss, nameof(labelSmoothing), labelSmoothing, "a number from 0 to 1");

    /// <summary>Throws unless each class is 0 … n − 1 or the ignored one.</summary>
    public static void CheckClasses(ReadOnlySpan<int> classes, int n, int? ignored, string operation)
    {
        for (int row = 0; row < classes.Length; row++)
        {
            if ((uint)classes[row] >= (uint)n && classes[row] != ignored)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(classes),
                    string.Create(CultureInfo.InvariantCulture, $"{operation}: got class {classes[row]} in row {row}, ")
                        + (n == 0 ? "where there are no classes." : $"expected one from 0 to {n - 1}."));
            }
        }
    }

    /// <summary>The sum of the weights of the rows that are not ignored, which a mean divides by.</summary>
    /// <exception cref="ArgumentException">There is no row with a weight.</exception>
    public static T TotalWeight<T>(string loss, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights, int? ignored)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int count = 0;
        double total = 0; // in row order; exact for whole numbers
        foreach (int target in classes)
        {
            if (target != ignored)
            {
                count++;
                total += weights.IsEmpty ? 1 : double.CreateTruncating(weights[target]);
            }
        }
        return count > 0 && total != 0
            ? T.CreateTruncating(total)
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{loss}: got {classes.Length} rows, {count} of them not ignored, with the total weight {total}, expected at least one "
                        + $"row with a weight: there is nothing to take the mean of."),
                nameof(classes));
    }

    /// <summary>
    /// What −ln p is multiplied by, of [rows, n]: scale·wₖ((1 − s)·(1 at t) + s/n) in the rows that are not ignored, else 0.
    /// </summary>
    public static Tensor<T> Matrix<T>(
        in Shape shape, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights, int? ignored, T smoothing, T scale)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = shape[1];
        Tensor<T> targets = Tape<T>.Allocate(shape, out Span<T> q);
        q.Clear();
        for (int row = 0; row < classes.Length; row++)
        {
            for (int k = 0; k < n && classes[row] != ignored; k++)
            {
                T target = smoothing / T.CreateTruncating(n) + (k == classes[row] ? T.One - smoothing : T.Zero);
                q[row * n + k] = target * (weights.IsEmpty ? T.One : weights[k]) * scale;
            }
        }
        return targets;
    }

    /// <summary>−Σₖ qₖxₖ of each row, 0 where q is 0, even if x is −∞ there; their sum, if the result is a scalar.</summary>
    public static Tensor<T> Losses<T>(in Tensor<T> logarithms, in Tensor<T> targets, in Shape result)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> losses = Tensor<T>.Apply(new SoftCrossEntropyFunction(), logarithms, targets).Sum(1);
        return result.Rank == 0 ? losses.Sum() : losses;
    }
}
