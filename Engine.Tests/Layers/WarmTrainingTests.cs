namespace Engine.Tests;

/// <summary>A whole training step — forward, loss, backward, clipping, update — allocates nothing once it is warm.</summary>
[Category("Slow")]
public sealed class WarmTrainingTests
{
    private const int Batch = 32;

    private static IEnumerable<TestCaseData> Networks()
    {
        RandomKey key = RandomKey.FromSeed(3);
        yield return Network(
            "the digits' network", new Linear<float>(64, 128, key.Fold(0)), new Relu<float>(), new Linear<float>(128, 10, key.Fold(1)));
        yield return Network(
            "with batch norm and dropout", new Linear<float>(64, 128, key.Fold(0)), new BatchNorm<float>(128), new Relu<float>(),
            new Dropout<float>(0.3, key.Fold(2)), new Linear<float>(128, 10, key.Fold(1)));
        yield return Network(
            "with layer norm", new Linear<float>(64, 128, key.Fold(0)), new LayerNorm<float>([128]), new Tanh<float>(),
            new Linear<float>(128, 10, key.Fold(1)));

        static TestCaseData Network(string name, params Layer<float>[] layers) =>
            new TestCaseData(new Sequential<float>(layers)).SetArgDisplayNames(name);
    }

    /// <summary>Catches: an array, closure, boxed number or enumerator anywhere in the loop; a network that does not learn.</summary>
    [TestCaseSource(nameof(Networks))]
    public void AWarmStepAllocatesNothing(Sequential<float> model)
    {
        float[] pixels = new float[Batch * 64];
        RandomKey.FromSeed(5).FillNormal<float>(pixels);
        Tensor<float> images = Tensor<float>.From(pixels, [Batch, 64]);
        int[] classes = [.. Enumerable.Range(0, Batch).Select(i => i % 10)];
        Tape<float> tape = new();
        Optimizer<float> optimizer = Optimizer.WithoutBiasDecay(new AdamW { LearningRate = 3e-3 }, model.Parameters);
        optimizer.Clip = GradientClip.ByNorm(1);
        optimizer.NonFinite = NonFinite.Throw;
        float first = Step();
        Step();
        Warm.AllocatesNothing(() => Step(), steps: 50);
        Assert.That(Step(), Is.LessThan(first / 2));

        float Step()
        {
            using (tape.Record())
            {
                Tensor<float> loss = model.Forward(images).CrossEntropy(classes);
                tape.Backward(loss);
                optimizer.Step();
                return loss.Item;
            }
        }
    }
}
