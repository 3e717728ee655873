using Engine;
using Examples.Digits;

namespace Examples.ShrinkingRate;

/// <summary>
/// Compares Adagrad, which divides by the root of the sum of all squared gradients, with RMSprop, which divides by the root of their
/// moving mean. The first step of both has the same size.
/// </summary>
internal static class ShrinkingRateStudy
{
    /// <summary>The learning rates: RMSprop's first step is 1/√(1 − α) = 10 times its rate.</summary>
    public const double AdagradRate = 0.01, RmsPropRate = 0.001;

    private const int BatchSize = 32, Hidden = 64;

    /// <summary>Runs the study: Adagrad, then RMSprop.</summary>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static IReadOnlyList<ShrinkingRateRun> Run(long seed, int epochs)
    {
        DatasetSplit<float> digits = DigitsSplit.Load();
        RandomKey key = RandomKey.FromSeed(seed);
        return
        [
            .. new[] { false, true }.AsParallel().AsOrdered().Select(forgets => forgets
                ? Train("RMSprop", new RmsProp { LearningRate = RmsPropRate })
                : Train("Adagrad", new Adagrad { LearningRate = AdagradRate })),
        ];

        ShrinkingRateRun Train<TRule>(string name, TRule rule) where TRule : struct, IRule
        {
            Sequential<float> model = DigitsNetwork.Create<float>(key.Fold("weights"), depth: 1, Hidden, _ => [new Relu<float>()]);
            UpdateStatistics<float> statistics = new(model.Parameters);
            Trainer<float, Batch<float>> trainer = DigitsTrainer.For(
                model, Optimizer.For(rule, model.Parameters), statistics: statistics);
            List<double> rates = [], ofEpoch = [];
            trainer.UpdateCompleted += (_, _) => ofEpoch.Add(
                Norm(statistics.Rows.Select(row => row.UpdateNorm)) / Norm(statistics.Rows.Select(row => row.GradientNorm)));
            trainer.EpochCompleted += (_, _) =>
            {
                rates.Add(ofEpoch.Average());
                ofEpoch.Clear();
            };
            TrainingHistory history = trainer.Fit(
                digits.Train.Batches(BatchSize, key.Fold("batches")), TrainingLength.Epochs(epochs), DigitsTrainer.InOneBatch(digits.Test));
            return new ShrinkingRateRun(name, rates, history);
        }
    }

    private static double Norm(IEnumerable<double> norms) => Math.Sqrt(norms.Sum(norm => norm * norm));
}
