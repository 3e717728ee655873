using Engine;
using Examples.Digits;

namespace Examples.Initialization;

/// <summary>Starts one deep network of ReLU from several initial weights, and trains it.</summary>
internal static class InitializationStudy
{
    /// <summary>The hidden layers, and the units of each.</summary>
    public const int Depth = 10, Width = 64;

    /// <summary>The learning rate.</summary>
    public const double LearningRate = 0.02;

    private const int BatchSize = 32, Measured = 256;

    /// <summary>The initializations: one that keeps signals through ReLU, one meant for tanh, and two that ignore the width.</summary>
    public static IReadOnlyList<(string Name, Initializer Weights)> Initializations { get; } =
    [
        ("He", Initializers.HeNormal()),
        ("Xavier", Initializers.XavierNormal()),
        ("too small: 0.01", Initializers.Normal(0, 0.01)),
        ("too large: 0.5", Initializers.Normal(0, 0.5)),
    ];

    /// <summary>Runs the study; a result for each initialization.</summary>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static IReadOnlyList<InitializationRun> Run(long seed, int epochs)
    {
        DatasetSplit<float> digits = DigitsSplit.Load();
        RandomKey key = RandomKey.FromSeed(seed);
        return [.. Initializations.AsParallel().AsOrdered().Select(Train)];

        InitializationRun Train((string Name, Initializer Weights) initialization)
        {
            Sequential<float> model = DigitsNetwork.Create<float>(
                key.Fold("weights"), Depth, Width, _ => [new Relu<float>()], initialization.Weights);
            DepthProfile profile = DepthProfile.Of(model, digits.Train.Subset([.. Enumerable.Range(0, Measured)]));
            Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = LearningRate }, model.Parameters);
            TrainingHistory history = DigitsTrainer.For(model, optimizer).Fit(
                digits.Train.Batches(BatchSize, key.Fold("batches")), TrainingLength.Epochs(epochs),
                DigitsTrainer.InOneBatch(digits.Test));
            return new InitializationRun(initialization.Name, profile, history);
        }
    }
}
