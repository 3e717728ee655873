namespace Engine;

/// <summary>One update of a <see cref="LearningRateRangeTest"/>.</summary>
/// <param name="Rate">The learning rate of the update.</param>
/// <param name="Loss">The loss before it.</param>
/// <param name="SmoothedLoss">The exponential moving average of the losses so far, without the bias toward 0.</param>
public readonly record struct LearningRateRangeSample(double Rate, double Loss, double SmoothedLoss);
