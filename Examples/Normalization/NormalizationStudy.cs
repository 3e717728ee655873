using Engine;
using Examples.Digits;

namespace Examples.Normalization;

/// <summary>Trains one deep network without normalization, with batch and with layer normalization, from large and tiny batches.</summary>
internal static class NormalizationStudy
{
    /// <summary>The hidden layers, and the units of each.</summary>
    public const int Depth = 6, Width = 64;

    /// <summary>The learning rate.</summary>
    public const double LearningRate = 0.02;

    /// <summary>The batch sizes: a usual one, and the smallest that a batch has statistics of.</summary>
    public const int UsualBatch = 32, TinyBatch = 2;

    /// <summary>The normalizations.</summary>
    public static IReadOnlyList<(string Name, Func<Layer<float>?> Create)> Normalizations { get; } =
    [
        ("none", () => null),
        ("batch", () => new BatchNorm<float>(Width)),
        ("layer", () => new LayerNorm<float>([Width])),
    ];

    /// <summary>Runs the study; a result for each normalization with usual batches, then for each with tiny ones.</summary>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static IReadOnlyList<NormalizationRun> Run(long seed, int epochs)
    {
        DatasetSplit<float> digits = DigitsSplit.Load();
        RandomKey key = RandomKey.FromSeed(seed);
        return
        [
            .. new[] { UsualBatch, TinyBatch }.SelectMany(size => Normalizations.Select(normalization => (normalization, size)))
                .AsParallel().AsOrdered().Select(pair => Train(pair.normalization, pair.size)),
        ];

        NormalizationRun Train((string Name, Func<Layer<float>?> Create) normalization, int size)
        {
            Sequential<float> model = DigitsNetwork.Create<float>(key.Fold("weights"), Depth, Width, _ =>
                normalization.Create() is { } module ? [module, new Relu<float>()] : [new Relu<float>()]);
            Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = LearningRate }, model.Parameters);
            // a last batch of one image has no variance
            TrainingHistory history = DigitsTrainer.For(model, optimizer).Fit(
                digits.Train.Batches(size, key.Fold("batches"), LastBatch.Drop), TrainingLength.Epochs(epochs),
                DigitsTrainer.InOneBatch(digits.Test));
            return new NormalizationRun(normalization.Name, size, history);
        }
    }
}
