using System.Globalization;

namespace Engine;

/// <summary>The fraction of rows whose class is among the k largest logits; see <see cref="Metrics.TopKAccuracy"/>.</summary>
public class TopKAccuracy : ClassificationMetric
{
    private readonly int _k;
    private long _count, _right;

    /// <summary>Creates a metric without rows.</summary>
    /// <param name="k">At least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">k is less than 1.</exception>
    public TopKAccuracy(int k)
    {
        Predictions.CheckK(nameof(TopKAccuracy), k, int.MaxValue);
        _k = k;
    }

    /// <inheritdoc/>
    public override string Name => string.Create(CultureInfo.InvariantCulture, $"top-{_k} accuracy");

    /// <inheritdoc/>
    public override long Count => _count;

    /// <inheritdoc/>
    public override double Value => _count == 0 ? double.NaN : (double)_right / _count;

    /// <inheritdoc/>
    public override void Reset() => _count = _right = 0;

    private protected override void AddChecked<T>(in Tensor<T> logits, ReadOnlySpan<int> classes)
    {
        Predictions.CheckK(Name, _k, logits.Shape[1]);
        _right += Predictions.CountRight(logits, classes, _k);
        _count += classes.Length;
    }
}
