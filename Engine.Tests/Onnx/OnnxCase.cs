namespace Engine.Tests;

/// <summary>A model to export, and the shape of its input; of indices below <paramref name="Indices"/> if that is not 0.</summary>
internal sealed record OnnxCase(Func<Layer<double>> Create, Shape Input, int Indices = 0)
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(21);

    /// <summary>Every layer of the table of layers, settings that it does not have, and whole models.</summary>
    public static IReadOnlyDictionary<string, OnnxCase> All { get; } = new Dictionary<string, OnnxCase>(
        LayerTable.All.Select(static row => KeyValuePair.Create(row.Key, new OnnxCase(row.Value.Create, row.Value.Input))))
    {
        ["Embedding"] = new(static () => new Embedding<double>(7, 3, s_key), [2, 5], 7),
        ["Embedding of single indices"] = new(static () => new Embedding<double>(7, 3, s_key), [2], 7),
        ["Embedding behind another layer"] =
            new(static () => new Sequential<double>(new HardTanh<double>(0, 4), new Embedding<double>(7, 3, s_key)), [2, 5], 7),
        ["Embedding behind dropout"] =
            new(static () => new Sequential<double>(new Dropout<double>(0, s_key), new Embedding<double>(7, 3, s_key)), [2, 5], 7),
        ["SparseEmbedding"] = new(static () => new SparseEmbedding<double>(7, 3, s_key), [2, 5], 7),
        ["BatchNorm without running statistics"] =
            new(static () => new BatchNorm<double>(3, trackRunningStatistics: false), [2, 3, 4, 2]),
        ["BatchNorm without running statistics and scale"] =
            new(static () => new BatchNorm<double>(3, affine: false, trackRunningStatistics: false), [2, 3, 4]),
        ["BatchNorm with a large epsilon"] = new(static () => new BatchNorm<double>(3, epsilon: 0.5), [2, 3]),
        ["LayerNorm with a large epsilon"] = new(static () => new LayerNorm<double>([4], epsilon: 0.5), [2, 3, 4]),
        ["GroupNorm with a large epsilon"] = new(static () => new GroupNorm<double>(2, 4, epsilon: 0.5), [2, 4, 3]),
        ["InstanceNorm with a large epsilon"] = new(static () => new InstanceNorm<double>(2, epsilon: 0.5), [2, 2, 3]),
        ["InstanceNorm of planes"] = new(static () => new InstanceNorm<double>(3, affine: true), [2, 3, 4, 2]),
        ["Rnn, two layers, bidirectional, ReLU"] =
            new(static () => new Rnn<double>(3, 4, s_key, 2, bidirectional: true, relu: true), [2, 5, 3]),
        ["Gru without bias"] = new(static () => new Gru<double>(3, 4, s_key, bias: false), [2, 5, 3]),
        ["Lstm without bias, bidirectional"] = new(static () => new Lstm<double>(3, 4, s_key, bidirectional: true, bias: false), [2, 5, 3]),
        ["MaxPool1d with all settings"] = new(static () => new MaxPool1d<double>(3, 2, 1), [2, 3, 8]),
        ["AvgPool1d with padding that counts"] = new(static () => new AvgPool1d<double>(3, 2, 1), [2, 3, 8]),
        ["AvgPool2d with padding that counts"] = new(static () => new AvgPool2d<double>((3, 2), 2, 1), [2, 3, 5, 4]),
        ["GlobalAvgPool of sequences"] = new(static () => new GlobalAvgPool<double>(), [2, 3, 7]),
        ["GlobalMaxPool of sequences"] = new(static () => new GlobalMaxPool<double>(), [2, 3, 7]),
        ["Flatten from axis 2"] = new(static () => new Flatten<double>(2), [2, 3, 4, 5]),
        ["Flatten that adds an axis"] = new(static () => new Flatten<double>(), [2]),
        ["Linear of four axes"] = new(static () => new Linear<double>(5, 3, s_key), [2, 3, 4, 5]),
        ["Softplus of β = 1"] = new(static () => new Softplus<double>(), [2, 5]),
        ["PRelu of channels of vectors"] = new(static () => new PRelu<double>(4, 0.1), [2, 4]),
        ["SpectralNorm of a convolution"] =
            new(static () => new SpectralNorm<double>(new Conv1d<double>(2, 3, 3, s_key), s_key), [2, 2, 7]),
        ["an empty Sequential"] = new(static () => new Sequential<double>(), [2, 3]),
        ["a Residual of nothing"] = new(static () => new Residual<double>(new Sequential<double>()), [2, 3]),
        ["a part of a model, with names that the whole has elsewhere"] = new(
            static () =>
            {
                Sequential<double> part = new(
                    new Sequential<double>(new Relu<double>(), new WeightNorm<double>(new Linear<double>(3, 3, s_key.Fold(0)))),
                    new Linear<double>(3, 3, s_key.Fold(1)));
                return new Sequential<double>(part)[0];
            },
            [2, 3]),
        ["images"] = new(
            static () => new Sequential<double>(
                new Conv2d<double>(1, 4, 3, s_key.Fold(0), padding: 1), new BatchNorm<double>(4), new Relu<double>(),
                new MaxPool2d<double>(2),
                new Residual<double>(
                    new Sequential<double>(
                        new Conv2d<double>(4, 6, 3, s_key.Fold(1), padding: 1), new GroupNorm<double>(3, 6), new Silu<double>()),
                    new Conv2d<double>(4, 6, 1, s_key.Fold(2))),
                new Flatten<double>(), new Dropout<double>(0.3, s_key.Fold(3)), new Linear<double>(6 * 16, 5, s_key.Fold(4))),
            [2, 1, 8, 8]),
        ["a text in a transformer"] = new(
            static () => new Sequential<double>(
                new Embedding<double>(11, 8, s_key.Fold(0)),
                new Residual<double>(
                    new Sequential<double>(
                        new LayerNorm<double>([8]), new MultiHeadAttention<double>(8, 2, s_key.Fold(1)) { Causal = true })),
                new Residual<double>(
                    new Sequential<double>(
                        new RmsNorm<double>([8]), new Linear<double>(8, 16, s_key.Fold(2)), new Gelu<double>(),
                        new Linear<double>(16, 8, s_key.Fold(3)))),
                new Linear<double>(8, 11, s_key.Fold(4))),
            [2, 6], 11),
        ["a text in recurrent layers"] = new(
            static () => new Sequential<double>(
                new Embedding<double>(11, 4, s_key.Fold(0)), new Gru<double>(4, 5, s_key.Fold(1), bidirectional: true),
                new Lstm<double>(10, 3, s_key.Fold(2)), new Flatten<double>(), new Linear<double>(18, 2, s_key.Fold(3)),
                new LogSigmoid<double>()),
            [2, 6], 11),
    };

    /// <summary>The rows of the table of layers that have no batch axis, or no operators, and what the refusal says.</summary>
    public static IReadOnlyDictionary<string, (Type Exception, string Message)> Refusals { get; } =
        new Dictionary<string, (Type Exception, string Message)>
        {
            ["Linear of a vector"] = (typeof(ArgumentException), "got the shape [2], with the batch as its first axis, for 'Linear'"),
            ["LayerNorm of all axes"] = (typeof(ArgumentException), "got the shape [2, 4], with the batch as its first axis, for 'Layer"),
            ["Lambda"] = (typeof(NotSupportedException), "got 'Lambda', a function that is known by its results alone"),
        };

    /// <summary>
    /// The model as training would leave it: no scale is 1, no shift 0, no running statistic its initial one.
    /// </summary>
    public Layer<double> Trained()
    {
        Layer<double> model = Create();
        int seed = 1;
        foreach (Parameter<double> parameter in model.Parameters)
        {
            parameter.SetValue(Tensor<double>.From(Samples.Uniform<double>(parameter.Shape.Length, seed++), parameter.Shape));
        }
        model.Training = true;
        for (int batch = 0; batch < 5; batch++)
        {
            model.Forward(Batch(4, seed++));
        }
        return model;
    }

    /// <summary>An input of some examples.</summary>
    public Tensor<double> Batch(int examples, int seed)
    {
        int[] extents = Input.ToArray();
        extents[0] = examples;
        Shape shape = new(extents);
        double[] elements = Samples.Uniform<double>(shape.Length, seed, -2, 2);
        return Tensor<double>.From(
            Indices == 0 ? elements : Array.ConvertAll(elements, element => Math.Floor((element + 2) / 4 * Indices)), shape);
    }
}
