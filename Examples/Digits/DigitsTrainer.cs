using System.Numerics;
using Engine;

namespace Examples.Digits;

/// <summary>Trainers of classifiers of digits, which measure the accuracy.</summary>
internal static class DigitsTrainer
{
    /// <summary>The name of the metric.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>A trainer with the cross-entropy as its loss.</summary>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">The optimizer of its parameters.</param>
    /// <param name="penalty">What is added to the loss in training, but not in validation; null for nothing.</param>
    /// <param name="stopping">When to stop early; null for never.</param>
    /// <param name="plateau">What to reduce at a plateau; null for nothing.</param>
    /// <param name="statistics">What measures the updates; null for nothing.</param>
    public static Trainer<T, Batch<T>> For<T>(
        Layer<T> model, Optimizer<T> optimizer, Func<Tensor<T>>? penalty = null, EarlyStopping<T>? stopping = null,
        ReduceOnPlateau? plateau = null, UpdateStatistics<T>? statistics = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Trainer<T, Batch<T>> trainer = new(model, optimizer, batch => model.Forward(batch.Inputs), Loss)
        {
            EarlyStopping = stopping,
            Plateau = plateau,
            Statistics = statistics,
        };
        trainer.Measure(new Accuracy(), (metric, output, batch) => metric.Add(output, batch.Labels));
        return trainer;

        Tensor<T> Loss(Tensor<T> output, Batch<T> batch)
        {
            Tensor<T> loss = output.CrossEntropy(batch.Labels);
            return penalty is null || !model.Training ? loss : loss + penalty();
        }
    }

    /// <summary>All examples as one batch, to evaluate on.</summary>
    public static Batches<T> InOneBatch<T>(Dataset<T> data) where T : unmanaged, IFloatingPointIeee754<T> => data.Batches(data.Count);

    /// <summary>The accuracy after the last epoch; NaN if the training has diverged.</summary>
    public static double FinalAccuracy(TrainingHistory history) =>
        history.StopReason == StopReason.Diverged ? double.NaN : history.Epochs[^1][Accuracy];

    /// <summary>An accuracy in percent, or that there is none.</summary>
    public static string Percent(double accuracy) =>
        double.IsNaN(accuracy) ? "diverged" : FormattableString.Invariant($"{100 * accuracy:0.0} %");
}
