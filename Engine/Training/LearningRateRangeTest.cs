using System.Numerics;

namespace Engine;

/// <summary>
/// Finds a learning rate: it raises the rate exponentially from update to update, and records the smoothed loss until that explodes (Smith,
/// Cyclical Learning Rates for Training Neural Networks, 2017). Afterwards the parameters and their state are as before, bit for bit.
/// </summary>
public static class LearningRateRangeTest
{
    /// <summary>Tests an optimizer: all its groups have the same rate in each update.</summary>
    /// <param name="optimizer">
    /// The optimizer. The values of its parameters, its state and its learning rates are restored; the gradients are cleared.
    /// </param>
    /// <param name="lossAndGradients">
    /// Computes the loss of the next batch and the gradients, and returns the loss; it makes no step:
    /// <c>() => { using (tape.Record()) { … tape.Backward(loss); return loss.Item; } }</c>.
    /// </param>
    /// <param name="options">What is tried; null for the defaults.</param>
    /// <param name="model">A model whose buffers and counters, such as running statistics, are restored too.</param>
    /// <returns>The rates and losses.</returns>
    /// <exception cref="ArgumentException">The rates do not rise.</exception>
    /// <exception cref="InvalidOperationException">The optimizer cannot save its state or make a step.</exception>
    public static LearningRateRangeResult Run<T>(Optimizer<T> optimizer, Func<double> lossAndGradients,
        LearningRateRangeOptions? options = null, Module<T>? model = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentNullException.ThrowIfNull(lossAndGradients);
        options ??= new LearningRateRangeOptions();
        options.Check(nameof(options));
        OptimizerState<T> state = optimizer.SaveState();
        Hyperparameter[] rates = [.. optimizer.Groups.Select(group => group.LearningRate)];
        (Parameter<T> Parameter, Tensor<T> Value)[] values =
            [.. optimizer.Groups.SelectMany(group => group.Parameters).Select(parameter => (parameter, parameter.Value.Clone()))];
        (NonFinite nonFinite, long skipped) = (optimizer.NonFinite, optimizer.Report.NonFiniteSteps);
        ModuleState<T> buffers = new();
        if (model is not null)
        {
            buffers.Save(model);
        }
        try
        {
            optimizer.NonFinite = NonFinite.Skip; // gradients that are not finite are what the test looks for
            return Measure(optimizer, lossAndGradients, options);
        }
        finally
        {
            foreach ((Parameter<T> parameter, Tensor<T> value) in values)
            {
                parameter.SetValue(value);
            }
            buffers.Restore();
            optimizer.LoadState(state, StateMatch.NewHyperparameters); // the rates are still those of the test
            for (int i = 0; i < rates.Length; i++)
            {
                optimizer.Groups[i].LearningRate = rates[i];
            }
            optimizer.NonFinite = nonFinite;
            optimizer.Report.NonFiniteSteps = skipped;
            optimizer.ClearGradients();
        }
    }

    private static LearningRateRangeResult Measure<T>(
        Optimizer<T> optimizer, Func<double> lossAndGradients, LearningRateRangeOptions options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Schedule schedule = Schedule.Geometric(options.Updates - 1, options.From, options.To);
        List<LearningRateRangeSample> samples = [];
        double smoothed = 0, best = double.PositiveInfinity, β = options.Smoothing, power = 1;
        for (int update = 0; update < options.Updates; update++)
        {
            double rate = schedule.At(update), loss = lossAndGradients();
            if (!double.IsFinite(loss))
            {
                return new LearningRateRangeResult(samples, HasDiverged: true);
            }
            // the average without its bias: of equal losses it is that loss, to the bit
            power *= β;
            smoothed += (1 - β) / (1 - power) * (loss - smoothed);
            samples.Add(new LearningRateRangeSample(rate, loss, smoothed));
            best = Math.Min(best, smoothed);
            if (best > 0 && smoothed > options.Divergence * best)
            {
                return new LearningRateRangeResult(samples, HasDiverged: true);
            }
            foreach (Group<T> group in optimizer.Groups)
            {
                group.LearningRate = rate;
            }
            long skipped = optimizer.Report.NonFiniteSteps;
            if (optimizer.Step().NonFiniteSteps > skipped)
            {
                return new LearningRateRangeResult(samples, HasDiverged: true);
            }
        }
        return new LearningRateRangeResult(samples, HasDiverged: false);
    }
}
