using System.Numerics;

namespace Engine;

/// <summary>Measures of one set of predictions; <see cref="Metric"/> gathers the same measures over batches.</summary>
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
        Predictions.Check(nameof(Accuracy), logits, classes);
        return (double)Predictions.CountRight(logits, classes, 1) / classes.Length;
    }

    /// <summary>
    /// The fraction of rows whose class is among the k largest logits: fewer than k logits are larger, or equal and before it. A row with
    /// NaN counts as wrong.
    /// </summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="classes">The class of each row.</param>
    /// <param name="k">From 1 to the number of classes.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">The shapes do not fit, or there are no rows.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class is not 0 … n − 1, or k is not 1 … n.</exception>
    public static double TopKAccuracy<T>(in Tensor<T> logits, ReadOnlySpan<int> classes, int k)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Predictions.Check(nameof(TopKAccuracy), logits, classes);
        Predictions.CheckK(nameof(TopKAccuracy), k, logits.Shape[1]);
        return (double)Predictions.CountRight(logits, classes, k) / classes.Length;
    }

    /// <summary>The mean of |ŷᵢ − yᵢ|.</summary>
    /// <param name="prediction">The predictions ŷ.</param>
    /// <param name="target">The targets y, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, or there are no elements.</exception>
    public static double MeanAbsoluteError<T>(in Tensor<T> prediction, in Tensor<T> target)
        where T : unmanaged, IFloatingPointIeee754<T> => Of(new MeanAbsoluteError(), prediction, target);

    /// <summary>√ of the mean of (ŷᵢ − yᵢ)².</summary>
    /// <param name="prediction">The predictions ŷ.</param>
    /// <param name="target">The targets y, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, or there are no elements.</exception>
    public static double RootMeanSquaredError<T>(in Tensor<T> prediction, in Tensor<T> target)
        where T : unmanaged, IFloatingPointIeee754<T> => Of(new RootMeanSquaredError(), prediction, target);

    /// <summary>
    /// The coefficient of determination R² = 1 − Σ(yᵢ − ŷᵢ)²/Σ(yᵢ − ȳ)²: 1 for perfect predictions, 0 for those of the mean ȳ. Of equal
    /// targets it is 1 if all predictions are right, and otherwise −∞.
    /// </summary>
    /// <param name="prediction">The predictions ŷ.</param>
    /// <param name="target">The targets y, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ, or there are no elements.</exception>
    public static double RSquared<T>(in Tensor<T> prediction, in Tensor<T> target)
        where T : unmanaged, IFloatingPointIeee754<T> => Of(new RSquared(), prediction, target);

    private static double Of<T>(RegressionMetric metric, in Tensor<T> prediction, in Tensor<T> target)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        metric.Add(prediction, target);
        return metric.Count > 0
            ? metric.Value
            : throw new ArgumentException($"{metric.Name}: got tensors without elements, expected at least one.", nameof(prediction));
    }
}
