using System.Numerics;

namespace Engine;

/// <summary>A measure of logits against classes.</summary>
public abstract class ClassificationMetric : Metric
{
    /// <summary>Adds the rows of a batch.</summary>
    /// <param name="logits">[rows, classes].</param>
    /// <param name="classes">The class of each row.</param>
    /// <exception cref="ArgumentException">The shapes do not fit, or there are no rows; nothing is added.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A class is not 0 … n − 1; nothing is added.</exception>
    public void Add<T>(in Tensor<T> logits, ReadOnlySpan<int> classes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Predictions.Check(Name, logits, classes);
        AddChecked(logits, classes);
    }

    private protected abstract void AddChecked<T>(in Tensor<T> logits, ReadOnlySpan<int> classes)
        where T : unmanaged, IFloatingPointIeee754<T>;
}
