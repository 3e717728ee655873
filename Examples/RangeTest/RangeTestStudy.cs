using Engine;
using Examples.Digits;

namespace Examples.RangeTest;

/// <summary>Finds a learning rate for the digits by a range test, and tries it against smaller and larger ones.</summary>
internal static class RangeTestStudy
{
    private const int BatchSize = 32, Hidden = 64;
    private const double Smoothing = 0.9;

    /// <summary>The rates to train with, as parts of the suggested one.</summary>
    private static readonly double[] s_parts = [0.01, 1, 1000];

    /// <summary>Runs the test and the trainings.</summary>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static RangeTestResult Run(long seed, int epochs)
    {
        DatasetSplit<float> digits = DigitsSplit.Load();
        RandomKey key = RandomKey.FromSeed(seed);
        LearningRateRangeResult test = Test(digits.Train, key);
        double suggested = test.SteepestDescent ?? throw new InvalidOperationException(
            "RangeTest: got a loss that never falls, expected one that falls at some rate.");
        return new RangeTestResult(
            test, [.. s_parts.AsParallel().AsOrdered().Select(part => (part * suggested, Train(digits, part * suggested, epochs, key)))]);
    }

    private static LearningRateRangeResult Test(Dataset<float> train, RandomKey key)
    {
        Sequential<float> model = Network(key);
        Batches<float> batches = train.Batches(BatchSize, key.Fold("batches"));
        Tape<float> tape = new();
        IEnumerator<Batch<float>> batch = Endless(batches).GetEnumerator();
        return LearningRateRangeTest.Run(
            Optimizer.For(new Momentum(), model.Parameters), LossAndGradients,
            new LearningRateRangeOptions { From = 1e-5, To = 100, Updates = 200, Smoothing = Smoothing });

        double LossAndGradients()
        {
            batch.MoveNext();
            using (tape.Record())
            {
                Tensor<float> loss = model.Forward(batch.Current.Inputs).CrossEntropy(batch.Current.Labels);
                tape.Backward(loss);
                return loss.Item;
            }
        }
    }

    private static IEnumerable<Batch<float>> Endless(Batches<float> batches)
    {
        while (true)
        {
            foreach (Batch<float> batch in batches)
            {
                yield return batch;
            }
        }
    }

    private static TrainingHistory Train(DatasetSplit<float> digits, double rate, int epochs, RandomKey key)
    {
        Sequential<float> model = Network(key);
        return DigitsTrainer.For(model, Optimizer.For(new Momentum { LearningRate = rate }, model.Parameters)).Fit(
            digits.Train.Batches(BatchSize, key.Fold("batches")), TrainingLength.Epochs(epochs), DigitsTrainer.InOneBatch(digits.Test));
    }

    private static Sequential<float> Network(RandomKey key) =>
        DigitsNetwork.Create<float>(key.Fold("weights"), depth: 1, Hidden, _ => [new Relu<float>()]);
}
