namespace Engine;

/// <summary>√ of the mean of (ŷᵢ − yᵢ)².</summary>
public sealed class RootMeanSquaredError : RegressionMetric
{
    private double _sum;

    /// <inheritdoc/>
    public override string Name => "root mean squared error";

    /// <inheritdoc/>
    public override double Value => Count == 0 ? double.NaN : Math.Sqrt(_sum / Count);

    /// <inheritdoc/>
    public override void Reset()
    {
        base.Reset();
        _sum = 0;
    }

    private protected override void Add(double prediction, double target) => _sum += (prediction - target) * (prediction - target);
}
