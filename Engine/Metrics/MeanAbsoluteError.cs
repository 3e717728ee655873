namespace Engine;

/// <summary>The mean of |ŷᵢ − yᵢ|.</summary>
public sealed class MeanAbsoluteError : RegressionMetric
{
    private double _sum;

    /// <inheritdoc/>
    public override string Name => "mean absolute error";

    /// <inheritdoc/>
    public override double Value => Count == 0 ? double.NaN : _sum / Count;

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _sum = 0;
    }

    private protected override void Add(double prediction, double target) => _sum += Math.Abs(prediction - target);
}
