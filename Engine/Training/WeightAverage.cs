using System.Numerics;

namespace Engine;

/// <summary>Creates averages of a module's weights: <c>WeightAverage.Exponential(model, 0.999)</c>.</summary>
public static class WeightAverage
{
    /// <summary>
    /// The exponential moving average of the weights, with debiasing: m ← βm + (1 − β)θ from m = 0, divided by 1 − Πβ, so that the average
    /// of constant weights is these weights from the first update on (EMA; Kingma &amp; Ba, Adam, 2015, for the correction).
    /// </summary>
    /// <param name="module">The module that is trained.</param>
    /// <param name="decay">
    /// β in [0, 1): a number, or a schedule of the number of updates of the average made before. With a β of 0 at the first update the
    /// average starts at the weights then, as PyTorch's AveragedModel does: <c>Schedule.Function(n => n == 0 ? 0 : 0.999)</c>; with
    /// min(β, (1 + n)/(10 + n)) it starts as TensorFlow's does with a count.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">β is outside [0, 1).</exception>
    public static WeightAverage<T> Exponential<T>(Module<T> module, Hyperparameter decay) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(module);
        return new WeightAverage<T>(module, decay);
    }

    /// <summary>
    /// The mean of the weights at all updates of the average: m ← m + (θ − m)/n (stochastic weight averaging, SWA: Izmailov, Podoprikhin,
    /// Garipov, Vetrov &amp; Wilson, Averaging Weights Leads to Wider Optima and Better Generalization, 2018). Update it once an epoch,
    /// late in the training.
    /// </summary>
    /// <param name="module">The module that is trained.</param>
    public static WeightAverage<T> Equal<T>(Module<T> module) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(module);
        return new WeightAverage<T>(module, null);
    }
}
