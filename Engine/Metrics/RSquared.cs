namespace Engine;

/// <summary>
/// The coefficient of determination R² = 1 − Σ(yᵢ − ŷᵢ)²/Σ(yᵢ − ȳ)²: 1 for perfect predictions, 0 for those of the mean ȳ. Of equal
/// targets it is 1 if all predictions are right, and otherwise −∞.
/// </summary>
public sealed class RSquared : RegressionMetric
{
    private double _first, _residual, _mean, _spread;

    /// <inheritdoc/>
    public override string Name => "R²";

    /// <inheritdoc/>
    public override double Value => Count == 0 ? double.NaN : _residual == 0 ? 1 : 1 - _residual / _spread;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _residual = _mean = _spread = 0;
    }

    private protected override void Add(double prediction, double target)
    {
        _residual += (target - prediction) * (target - prediction);
        // Welford's update (1962) of the distances from the first target: Σy² − nȳ² cancels where the targets are far from 0
        _first = Count == 1 ? target : _first;
        double distance = target - _first, fromMean = distance - _mean;
        _mean += fromMean / Count;
        _spread += fromMean * (distance - _mean);
    }
}
