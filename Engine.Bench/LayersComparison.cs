namespace Engine.Bench;

/// <summary>
/// Times the forward and backward pass of layers, activations and losses on 4096×1024 elements (cross-entropy 4096×1000) and of whole
/// layers, given the output's gradient. With <c>--torch=FILE</c>, the output of Peers/torch_layers.py from the same machine and minute.
/// </summary>
internal static class LayersComparison
{
    private const int Rows = 4096, Columns = 1024;

    public static int Run(string[] words)
    {
        TorchFigures torch = new(words, "torch_layers.py");
        Parameter<float> x = Sample("x", Columns);
        Tensor<float> g = Sample("g", Columns).Value.Clone(); // a constant, not a parameter
        LayerNorm<float> layerNorm = new([Columns]);
        BatchNorm<float> batchNorm = new(Columns);
        Dropout<float> dropout = new(0.1, RandomKey.FromSeed(1));
        Tape<float> tape = new();
        Row("layer norm", x => layerNorm.Forward(x));
        Row("batch norm", x => batchNorm.Forward(x));
        Row("softmax", static x => x.Softmax());
        Row("log-softmax", static x => x.LogSoftmax());
        Row("ReLU", static x => x.Relu());
        Row("sigmoid", static x => x.Sigmoid());
        Row("tanh", static x => x.Tanh());
        Row("exp", static x => x.Exp());
        Row("GELU", static x => x.Gelu());
        Row("SiLU", static x => x.Silu());
        RmsNorm<float> rmsNorm = new([Columns]);
        GroupNorm<float> groupNorm = new(32, Columns);
        Row("RMS norm", x => rmsNorm.Forward(x));
        Row("group norm", x => groupNorm.Forward(x));
        Row("dropout", x => dropout.Forward(x));

        Parameter<float> logits = Sample("logits", 1000);
        int[] classes = [.. Enumerable.Range(0, Rows).Select(static i => i * 7919 % 1000)];
        Loss("cross-entropy", logits, input => input.CrossEntropy(classes));
        Loss("mean squared error", x, input => input.MeanSquaredError(g));
        Tensor<float> labels = g.Sigmoid();
        Loss("smooth L1", x, input => input.SmoothL1(g));
        Loss("binary cross-entropy", x, input => input.BinaryCrossEntropyWithLogits(labels));
        RandomKey key = RandomKey.FromSeed(1);
        Module("Conv2d 64 → 64", new Conv2d<float>(64, 64, 3, key, padding: 1), [16, 64, 32, 32]);
        Module("LSTM 128 → 256, 64 steps", new Lstm<float>(128, 256, key), [32, 64, 128]);
        Module("attention 128 × 256, 8 heads", new MultiHeadAttention<float>(256, 8, key), [8, 128, 256]);
        Embeddings();
        return 0;

        void Loss(string name, Parameter<float> input, Func<Tensor<float>, Tensor<float>> loss) => torch.Row(name, () =>
        {
            using (tape.Record())
            {
                tape.Backward(loss(input.Value));
            }
            input.ClearGradient();
        });

        void Module(string name, Layer<float> module, Shape shape)
        {
            Parameter<float> input = new("input", Sample("input", shape.Length / Rows).Value.Reshape(shape));
            Tensor<float> seed = Tensor<float>.Full(module.Forward(input.Value).Shape, 0.01f);
            torch.Row(name, () =>
            {
                using (tape.Record())
                {
                    tape.Backward(module.Forward(input.Value), seed);
                }
                input.ClearGradient();
                foreach (Parameter<float> parameter in module.Parameters)
                {
                    parameter.ClearGradient();
                }
            });
        }

        void Embeddings()
        {
            int[] indices = [.. Enumerable.Range(0, 256).Select(static i => i * 7919 % 1000)];
            foreach (int count in (int[])[100_000, 1_000])
            {
                SparseEmbedding<float> table = new(count, 64, key);
                Optimizer<float> optimizer = Optimizer.For(new Adagrad(), [table.Weight]);
                torch.Row($"embedding of {count}, with step", () =>
                {
                    using (tape.Record())
                    {
                        tape.Backward(table.Forward(indices).Square().Sum());
                    }
                    table.StepRows(optimizer);
                });
            }
        }

        void Row(string name, Func<Tensor<float>, Tensor<float>> forward) => torch.Row(name, () =>
        {
            using (tape.Record())
            {
                tape.Backward(forward(x.Value), g);
            }
            x.ClearGradient();
        });
    }

    private static Parameter<float> Sample(string name, int columns)
    {
        float[] values = new float[Rows * columns];
        RandomKey.FromSeed(3).Fold(name).FillNormal(values.AsSpan());
        return new(name, Tensor<float>.From(values, [Rows, columns]));
    }
}
