namespace Engine.Bench;

/// <summary>
/// Times the forward and backward pass of layers, activations and losses on 4096×1024 elements (cross-entropy 4096×1000), given the
/// output's gradient. With <c>--torch=FILE</c>, the output of Peers/torch_layers.py from the same machine and minute.
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
        Row("dropout", x => dropout.Forward(x));

        Parameter<float> logits = Sample("logits", 1000);
        int[] classes = [.. Enumerable.Range(0, Rows).Select(static i => i * 7919 % 1000)];
        torch.Row("cross-entropy", () =>
        {
            using (tape.Record())
            {
                tape.Backward(logits.Value.CrossEntropy(classes));
            }
            logits.ClearGradient();
        });
        torch.Row("mean squared error", () =>
        {
            using (tape.Record())
            {
                tape.Backward(x.Value.MeanSquaredError(g));
            }
            x.ClearGradient();
        });
        return 0;

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
