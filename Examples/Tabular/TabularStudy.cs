using Engine;

namespace Examples.Tabular;

/// <summary>
/// Cross-validation with stratified folds. Everything that is fitted, the means and deviations of the features too, is fitted to the
/// training part alone; the test part chooses nothing.
/// </summary>
internal static class TabularStudy
{
    private const double LearningRate = 0.01, Decay = 0.01;
    private const int Batch = 16;

    /// <summary>Trains each classifier on all folds but one, for each fold, and tests it on that one.</summary>
    public static IReadOnlyList<ModelResult> Run(Dataset<float> data, TabularSettings settings)
    {
        RandomKey key = RandomKey.FromSeed(settings.Seed);
        DatasetSplit<float>[] splits = [.. data.StratifiedKFold(settings.Folds, key.Fold("folds"))];
        return [.. TabularModel.All.Select(model =>
        {
            ConfusionMatrix confusion = new(data.ClassNames);
            FoldResult[] folds = [.. splits.Select((split, i) => Train(model, split, settings.Epochs, key.Fold(i), confusion))];
            return new ModelResult(model, folds, confusion);
        })];
    }

    private static FoldResult Train(TabularModel model, DatasetSplit<float> split, int epochs, RandomKey key, ConfusionMatrix confusion)
    {
        (Dataset<float> train, Dataset<float> test) = split;
        if (model.IsStandardized)
        {
            Standardizer scaler = Standardizer.Fit(train);
            (train, test) = (scaler.Apply(train), scaler.Apply(test));
        }
        Sequential<float> network = model.Create(train.Inputs.Shape[1], train.ClassCount, key.Fold("weights"));
        Batches<float> batches = train.Batches(Batch, key.Fold("batches"));
        Schedule rate = LearningRate * Schedule.Cosine((long)epochs * batches.PerEpoch);
        Trainer<float, Batch<float>> trainer = new(
            network,
            Optimizer.WithoutBiasDecay(
                new AdamW { LearningRate = rate, WeightDecay = WeightDecay.Decoupled(Decay) }, network.Parameters),
            batch => network.Forward(batch.Inputs),
            (logits, batch) => logits.CrossEntropy(batch.Labels));
        TrainingHistory history = trainer.Fit(batches, TrainingLength.Epochs(epochs), test.Batches(test.Count));

        network.Training = false;
        Tensor<float> logits = network.Forward(test.Inputs);
        confusion.Add(logits, test.Labels);
        int correct = (int)Math.Round(Metrics.Accuracy(logits, test.Labels) * test.Count);
        return new(test.Count, test.Count - correct, [.. history.Epochs.Select(epoch => epoch.ValidationLoss ?? double.NaN)]);
    }
}
