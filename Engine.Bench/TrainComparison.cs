namespace Engine.Bench;

/// <summary>
/// Times whole training steps — forward pass, loss, backward pass, clipping, update —, without and with the search for the first non-finite
/// value, and the tape alone. With <c>--torch=FILE</c>, the output of Peers/torch_layers.py from the same machine and minute.
/// </summary>
internal static class TrainComparison
{
    private const int Nodes = 1000;

    public static int Run(string[] words)
    {
        TorchFigures torch = new(words, "torch_layers.py");
        RandomKey key = RandomKey.FromSeed(1);
        torch.Row("2-16-1, batch 8, Adam", Regression(key, detects: false));
        torch.Row("2-16-1, batch 8, Adam, detecting", Regression(key, detects: true));
        foreach (int batch in (int[])[1, 32, 128, 512])
        {
            torch.Row($"784-512-256-10, batch {batch}", Classification(key, batch, detects: false));
            torch.Row($"784-512-256-10, batch {batch}, detecting", Classification(key, batch, detects: true));
        }
        Parameter<float> one = new("x", Tensor<float>.From([0.5f], Shape.Scalar));
        Tape<float> tape = new();
        torch.Row("one node of the tape", () =>
        {
            using (tape.Record())
            {
                Tensor<float> y = one.Value;
                for (int i = 0; i < Nodes; i++)
                {
                    y = -y;
                }
                tape.Backward(y);
            }
            one.ClearGradient();
        }, Nodes);
        return 0;
    }

    private static Action Regression(RandomKey key, bool detects)
    {
        Sequential<float> model = new(new Linear<float>(2, 16, key), new Tanh<float>(), new Linear<float>(16, 1, key));
        Optimizer<float> optimizer = new() { DetectsNonFinite = detects };
        optimizer.AddGroup(new Adam(), model.Parameters);
        Tensor<float> x = Sample(key, 8, 2), y = Sample(key, 8, 1);
        Tape<float> tape = new() { DetectsNonFinite = detects };
        return () =>
        {
            using (tape.Record())
            {
                tape.Backward(model.Forward(x).MeanSquaredError(y));
                optimizer.Step();
            }
        };
    }

    /// <summary>With batch norm, or layer norm for a batch of one example, which has no variance.</summary>
    private static Action Classification(RandomKey key, int batch, bool detects)
    {
        Layer<float> Norm(int width) => batch > 1 ? new BatchNorm<float>(width) : new LayerNorm<float>([width]);
        Sequential<float> model = new(
            new Linear<float>(784, 512, key), Norm(512), new Relu<float>(), new Linear<float>(512, 256, key), Norm(256), new Relu<float>(),
            new Linear<float>(256, 10, key));
        Optimizer<float> optimizer = new() { DetectsNonFinite = detects, Clip = GradientClip.ByNorm(1) };
        optimizer.AddGroup(new AdamW(), model.Parameters);
        Tensor<float> x = Sample(key, batch, 784);
        int[] classes = [.. Enumerable.Range(0, batch).Select(static i => i * 7 % 10)];
        Tape<float> tape = new() { DetectsNonFinite = detects };
        return () =>
        {
            using (tape.Record())
            {
                tape.Backward(model.Forward(x).CrossEntropy(classes));
                optimizer.Step();
            }
        };
    }

    private static Tensor<float> Sample(RandomKey key, int rows, int columns)
    {
        float[] values = new float[rows * columns];
        key.FillNormal(values.AsSpan());
        return Tensor<float>.From(values, [rows, columns]);
    }
}
