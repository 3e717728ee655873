using Engine;
using Examples.Digits;

namespace Examples.Regularization;

/// <summary>
/// Trains a network that is large enough to learn its few training images by heart, a fifth of which have a wrong label, with each
/// regularization.
/// </summary>
internal static class RegularizationStudy
{
    /// <summary>The training images, and the hidden units.</summary>
    public const int Images = 400, Hidden = 128;

    /// <summary>The learning rate of Adam.</summary>
    public const double LearningRate = 2e-3;

    /// <summary>One label in so many is wrong.</summary>
    public const int WrongLabel = 5;

    private const double L1 = 1e-3, L2 = 1e-2, DropoutProbability = 0.6;
    private const int BatchSize = 32, Patience = 8;

    /// <summary>The regularizations.</summary>
    public static IReadOnlyList<string> Names { get; } = ["none", "L1", "L2", "dropout", "early stopping"];

    /// <summary>Runs the study; a result for each regularization.</summary>
    /// <param name="seed">The seed of weights, orders, masks and wrong labels.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static IReadOnlyList<RegularizationRun> Run(long seed, int epochs)
    {
        (Dataset<float> train, Dataset<float> validation) = DigitsSplit.Load();
        RandomKey key = RandomKey.FromSeed(seed);
        Dataset<float> few = WithWrongLabels(train.Subset([.. Enumerable.Range(0, Images)]), key.Fold("labels"));
        return [.. Names.AsParallel().AsOrdered().Select(name => Train(name, few, validation, epochs, key))];
    }

    private static RegularizationRun Train(string name, Dataset<float> train, Dataset<float> validation, int epochs, RandomKey key)
    {
        double dropout = name == "dropout" ? DropoutProbability : 0;
        Sequential<float> model = DigitsNetwork.Create<float>(
            key.Fold("weights"), depth: 1, Hidden, _ => [new Relu<float>(), new Dropout<float>(dropout, key.Fold("dropout"))]);
        Parameter<float>[] weights = [.. model.Parameters.Where(parameter => parameter.Shape.Rank > 1)];
        Func<Tensor<float>>? penalty = name switch
        {
            "L1" => () => Penalty.L1(weights, L1),
            "L2" => () => Penalty.L2(weights, L2),
            _ => null,
        };
        Trainer<float, Batch<float>> trainer = DigitsTrainer.For(
            model, Optimizer.For(new Adam { LearningRate = LearningRate }, model.Parameters), penalty,
            name == "early stopping" ? new EarlyStopping<float>(model, Patience) : null);
        Batches<float> whole = DigitsTrainer.InOneBatch(train), held = DigitsTrainer.InOneBatch(validation);
        List<double> losses = [];
        trainer.EpochCompleted += (_, _) => losses.Add(trainer.Evaluate(whole).Loss);
        TrainingHistory history = trainer.Fit(train.Batches(BatchSize, key.Fold("batches")), TrainingLength.Epochs(epochs), held);
        return new RegularizationRun(
            name, losses, [.. history.Epochs.Select(epoch => epoch.ValidationLoss!.Value)], trainer.Evaluate(held),
            [.. weights.SelectMany(weight => weight.Value.ToArray()).Select(w => (double)w)]);
    }

    /// <summary>Replaces each fifth label, at random places, by another class.</summary>
    private static Dataset<float> WithWrongLabels(Dataset<float> data, RandomKey key)
    {
        int[] labels = data.Labels.ToArray(), order = key.Permutation(data.Count);
        for (int i = 0; i < labels.Length / WrongLabel; i++)
        {
            int other = 1 + (int)(key.Fold("class").Uniform(i) * (DigitsData.Classes - 1));
            labels[order[i]] = (labels[order[i]] + other) % DigitsData.Classes;
        }
        return new Dataset<float>(data.Inputs, labels);
    }
}
