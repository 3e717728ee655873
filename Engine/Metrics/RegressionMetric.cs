using System.Numerics;

namespace Engine;

/// <summary>A measure of predictions against targets, element by element, summed in double precision in their order.</summary>
public abstract class RegressionMetric : Metric
{
    private long _count;

    /// <inheritdoc/>
    public override long Count => _count;

    /// <summary>Adds the elements of a batch.</summary>
    /// <param name="prediction">The predictions.</param>
    /// <param name="target">The targets, of the same shape.</param>
    /// <exception cref="ArgumentException">The shapes differ; nothing is added.</exception>
    public void Add<T>(in Tensor<T> prediction, in Tensor<T> target) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (prediction.Shape != target.Shape)
        {
            throw new ArgumentException(
                $"{Name}: got targets of shape {target.Shape} for predictions of shape {prediction.Shape}, expected the same shape.",
                nameof(target));
        }
        ReadOnlySpan<T> predictions = prediction.Span, targets = target.Span;
        for (int i = 0; i < predictions.Length; i++)
        {
            _count++;
            Add(double.CreateTruncating(predictions[i]), double.CreateTruncating(targets[i]));
        }
    }

    /// <inheritdoc/>
    public override void Reset() => _count = 0;

    /// <summary>Adds one element; <see cref="Count"/> includes it already.</summary>
    private protected abstract void Add(double prediction, double target);
}
