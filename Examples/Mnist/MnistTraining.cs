using Engine;

namespace Examples.Mnist;

/// <summary>Trains a network: AdamW with one cycle of the learning rate, without changing the images.</summary>
internal static class MnistTraining
{
    private const double LargestRate = 3e-3, Decay = 0.01;
    private const int Batch = 128, TestBatch = 500;

    /// <summary>Trains.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The training images, and those that the network is measured on after each epoch, which choose nothing.</param>
    /// <param name="epochs">Passes over the training images.</param>
    /// <param name="key">The key of the weights, of dropout and of the order of the batches.</param>
    /// <param name="progress">Receives the progress; null for nobody.</param>
    public static MnistResult Run(
        MnistNetwork network, DatasetSplit<float> data, int epochs, RandomKey key, IProgress<TrainingProgress>? progress)
    {
        (Dataset<float> train, Dataset<float> test) = data;
        Sequential<float> model = network.Create(
            train.Inputs.Shape[1], train.Inputs.Shape[2], train.ClassCount, key.Fold(network.Key));
        Batches<float> batches = train.Batches(Batch, key.Fold("batches"), prefetch: 2), tests = test.Batches(TestBatch);
        Schedule rate = LargestRate * Schedule.OneCycle(Math.Max(2, (long)epochs * batches.PerEpoch));
        Trainer<float, Batch<float>> trainer = new(
            model,
            Optimizer.WithoutBiasDecay(
                new AdamW { LearningRate = rate, WeightDecay = WeightDecay.Decoupled(Decay) }, model.Parameters),
            batch => model.Forward(batch.Inputs),
            (logits, batch) => logits.CrossEntropy(batch.Labels))
        {
            Progress = progress,
        };
        trainer.Measure(new Accuracy(), (metric, logits, batch) => metric.Add(logits, batch.Labels));
        TrainingHistory history = trainer.Fit(batches, TrainingLength.Epochs(epochs), tests);

        ConfusionMatrix confusion = new(train.ClassCount);
        trainer.Measure(confusion, (metric, logits, batch) => metric.Add(logits, batch.Labels));
        trainer.Evaluate(tests);
        return new(network, model.Parameters.Sum(parameter => parameter.Shape.Length), history, confusion);
    }
}
