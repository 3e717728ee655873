using Engine;
using Examples.Digits;
using static System.FormattableString;

namespace Examples.BatchSize;

/// <summary>Trains with batches of different sizes at one learning rate, and measures the noise of their gradients.</summary>
internal static class BatchSizeStudy
{
    /// <summary>The learning rate.</summary>
    public const double LearningRate = 0.1;

    /// <summary>The seeds of each size.</summary>
    public const int Seeds = 3;

    private const int Hidden = 64, Samples = 100;

    /// <summary>The sizes.</summary>
    public static IReadOnlyList<int> Sizes { get; } = [8, 32, 128, 512];

    /// <summary>Runs the study; a result for each size.</summary>
    /// <param name="seed">The seed of weights, orders and sampled batches.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static IReadOnlyList<BatchSizeResult> Run(long seed, int epochs)
    {
        DatasetSplit<float> digits = DigitsSplit.Load();
        RandomKey key = RandomKey.FromSeed(seed);
        // one trial at a time, since their times are compared; the first compilation is in none of them
        _ = Accuracies(digits, Sizes[^1], key).First();
        Study study = new(key) { Seeds = Seeds, Epochs = epochs, Improvement = Improvement.Increase, Workers = 1 };
        StudyResult result = study.Run(
            [.. Sizes.Select(size => new Candidate(Invariant($"{size}"), trial => Accuracies(digits, size, trial.Key)))]);
        double[] noises = Noises(digits.Train, key.Fold("noise"));
        return
        [
            .. Sizes.Select((size, i) => new BatchSizeResult(
                size, digits.Train.Batches(size).PerEpoch, noises[i], result[Invariant($"{size}")])),
        ];
    }

    private static Sequential<float> Network(RandomKey key) =>
        DigitsNetwork.Create<float>(key.Fold("weights"), depth: 1, Hidden, _ => [new Relu<float>()]);

    /// <summary>The test accuracy after each epoch, forever.</summary>
    private static IEnumerable<double> Accuracies(DatasetSplit<float> digits, int size, RandomKey key)
    {
        Sequential<float> model = Network(key);
        Optimizer<float> optimizer = Optimizer.For(new Sgd { LearningRate = LearningRate }, model.Parameters);
        Trainer<float, Batch<float>> trainer = DigitsTrainer.For(model, optimizer);
        Batches<float> batches = digits.Train.Batches(size, key.Fold("batches")), test = DigitsTrainer.InOneBatch(digits.Test);
        while (true)
        {
            yield return trainer.Fit(batches, TrainingLength.Epochs(1), test).Epochs[0][DigitsTrainer.Accuracy];
        }
    }

    /// <summary>The noise of each size, from batches whose images are drawn independently.</summary>
    private static double[] Noises(Dataset<float> data, RandomKey key)
    {
        Sequential<float> model = Network(key);
        double[] whole = Gradient(model, data);
        double norm = Math.Sqrt(whole.Sum(g => g * g));
        return [.. Sizes.Select(Noise)];

        double Noise(int size)
        {
            RandomKey draws = key.Fold(size);
            double squares = 0;
            for (int sample = 0; sample < Samples; sample++)
            {
                int[] images = [.. Enumerable.Range(0, size).Select(i => (int)(draws.Fold(sample).Uniform(i) * data.Count))];
                squares += Gradient(model, data.Subset(images)).Zip(whole, (g, mean) => (g - mean) * (g - mean)).Sum();
            }
            return Math.Sqrt(squares / Samples) / norm;
        }
    }

    /// <summary>The gradient of the mean loss over the data, of all parameters one after the other.</summary>
    private static double[] Gradient(Sequential<float> model, Dataset<float> data)
    {
        Tape<float> tape = new();
        using (tape.Record())
        {
            tape.Backward(model.Forward(data.Inputs).CrossEntropy(data.Labels));
        }
        double[] gradient = [.. model.Parameters.SelectMany(parameter => parameter.Gradient.ToArray()).Select(g => (double)g)];
        foreach (Parameter<float> parameter in model.Parameters)
        {
            parameter.ClearGradient();
        }
        return gradient;
    }
}
