using Engine.Kernels;
using Examples.Digits;

namespace Engine.Tests.Training;

/// <summary>Runs as applications make them: long, several at once, and on any machine with the same bits.</summary>
[Category("Slow")]
public sealed class LongRunTests
{
    /// <summary>
    /// The hash of every parameter and buffer after three epochs of digits, as this engine computed it with one thread and without vector
    /// instructions; docs/reliability.md has it too.
    /// </summary>
    private const string DigitsHash = "151ec67031e47c2d";

    /// <summary>
    /// Catches: any result that depends on the number of threads or, since the whole suite also runs without vector instructions and on
    /// machines of all kinds, on the processor.
    /// </summary>
    [Test]
    public void A_run_of_digits_has_the_documented_hash([Values(1, 2, 4, 7)] int threads)
    {
        int before = Workers.Count;
        try
        {
            Workers.Count = threads;
            Assert.That(Digits(), Is.EqualTo(DigitsHash));
        }
        finally
        {
            Workers.Count = before;
        }
    }

    /// <summary>Catches: state that is shared between models, tapes or optimizers on different threads.</summary>
    [Test]
    public void Eight_models_on_eight_threads_train_as_each_alone()
    {
        string[] alone = [.. Enumerable.Range(0, 8).Select(Small)], together = new string[8];
        Thread[] threads = [.. Enumerable.Range(0, 8).Select(i => new Thread(() => together[i] = Small(i)))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.That(together, Is.EqualTo(alone));
        Assert.That(alone, Is.Unique);
    }

    /// <summary>Catches: memory that a step keeps, however little: a day of training in small.</summary>
    [Test]
    public void A_million_steps_take_no_memory()
    {
        RandomKey key = RandomKey.FromSeed(1);
        Sequential<float> model = new(
            new Linear<float>(2, 16, key.Fold(0)), new Tanh<float>(), new Linear<float>(16, 1, key.Fold(1)));
        Optimizer<float> optimizer = Optimizer.For(
            new Adam { LearningRate = 1e-3 * Schedule.Warmup(100).Then(Schedule.Cosine(1_000_000)) }, model.Parameters);
        optimizer.Clip = GradientClip.ByNorm(1);
        Tensor<float> x = Tensor<float>.Random([8, 2], key, Distribution.Normal(0, 1)), y = (x.Slice(.., ..1) * x.Slice(.., 1..)).Clone();
        Tape<float> tape = new();
        long after = 0;
        double first = 0, last = 0;
        for (int step = 0; step < 1_000_000; step++)
        {
            using (tape.Record())
            {
                Tensor<float> loss = model.Forward(x).MeanSquaredError(y);
                tape.Backward(loss);
                optimizer.Step();
                last = loss.Item;
            }
            if (step == 10_000)
            {
                (after, first) = (GC.GetAllocatedBytesForCurrentThread(), last);
            }
        }
        // what the runtime does once, when it compiles the loop anew, is less than a byte for a hundred steps
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - after, Is.LessThan(10_000));
        Assert.That(last, Is.LessThan(first / 10));
    }

    private static string Digits()
    {
        Dataset<float> digits = DigitsData.Load();
        RandomKey key = RandomKey.FromSeed(2026);
        Sequential<float> model = new(
            new Linear<float>(64, 48, key.Fold("first")), new BatchNorm<float>(48), new Relu<float>(),
            new Dropout<float>(0.1, key.Fold("dropout")), new Linear<float>(48, 10, key.Fold("last")));
        Batches<float> batches = digits.Batches(50, key.Fold("order"));
        Optimizer<float> optimizer = Optimizer.WithoutBiasDecay(
            new AdamW { LearningRate = 0.01 * Schedule.Warmup(10).Then(Schedule.Cosine(100)), WeightDecay = WeightDecay.Decoupled(0.05) },
            model.Parameters);
        optimizer.Clip = GradientClip.ByNorm(1);
        Trainer<float, Batch<float>> trainer = new(
            model, optimizer, batch => model.Forward(batch.Inputs), static (output, batch) => output.CrossEntropy(batch.Labels));
        trainer.Fit(batches, TrainingLength.Epochs(3));
        RunHash hash = new();
        hash.Add(model);
        return hash.ToString();
    }

    private static string Small(int seed)
    {
        RandomKey key = RandomKey.FromSeed(seed);
        Sequential<float> model = new(
            new Linear<float>(16, 64, key.Fold(0)), new LayerNorm<float>([64]), new Gelu<float>(), new Linear<float>(64, 4, key.Fold(1)));
        Optimizer<float> optimizer = Optimizer.For(new AdamW(), model.Parameters);
        Tensor<float> x = Tensor<float>.Random([256, 16], key, Distribution.Normal(0, 1));
        int[] classes = [.. Enumerable.Range(0, 256).Select(i => i % 4)];
        Tape<float> tape = new();
        for (int step = 0; step < 100; step++)
        {
            using (tape.Record())
            {
                tape.Backward(model.Forward(x).CrossEntropy(classes));
                optimizer.Step();
            }
        }
        RunHash hash = new();
        hash.Add(model);
        return hash.ToString();
    }
}
