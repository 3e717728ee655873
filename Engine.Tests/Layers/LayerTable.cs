namespace Engine.Tests;

/// <summary>Every layer, with the shape of its input. <see cref="OpCoverageTests"/> fails for one without a row.</summary>
internal static class LayerTable
{
    private static readonly RandomKey s_key = RandomKey.FromSeed(8);

    public static IReadOnlyDictionary<string, (Func<Layer<double>> Create, Shape Input)> All { get; } =
        new Dictionary<string, (Func<Layer<double>> Create, Shape Input)>
        {
            ["Linear"] = (static () => new Linear<double>(5, 3, s_key), [4, 5]),
            ["Linear without bias, three axes"] = (static () => new Linear<double>(5, 3, s_key, bias: false), [2, 3, 5]),
            ["Linear of a vector"] = (static () => new Linear<double>(5, 3, s_key), [5]),
            ["LayerNorm"] = (static () => new LayerNorm<double>([7]), [5, 7]),
            ["LayerNorm of two axes"] = (static () => new LayerNorm<double>([3, 4]), [2, 3, 4]),
            ["LayerNorm of all axes"] = (static () => new LayerNorm<double>([3, 4]), [3, 4]),
            ["LayerNorm without scale"] = (static () => new LayerNorm<double>([70], affine: false), [3, 70]),
            ["RmsNorm"] = (static () => new RmsNorm<double>([7]), [5, 7]),
            ["RmsNorm of two axes"] = (static () => new RmsNorm<double>([3, 4], epsilon: 0.01), [2, 3, 4]),
            ["RmsNorm without scale"] = (static () => new RmsNorm<double>([70], affine: false), [3, 70]),
            ["GroupNorm"] = (static () => new GroupNorm<double>(2, 6), [3, 6, 4]),
            ["GroupNorm of vectors"] = (static () => new GroupNorm<double>(2, 6), [5, 6]),
            ["GroupNorm of planes without scale"] = (static () => new GroupNorm<double>(2, 4, affine: false), [2, 4, 3, 2]),
            ["InstanceNorm"] = (static () => new InstanceNorm<double>(3, affine: true), [2, 3, 7]),
            ["InstanceNorm of planes without scale"] = (static () => new InstanceNorm<double>(3), [2, 3, 4, 2]),
            ["BatchNorm"] = (static () => new BatchNorm<double>(3), [6, 3]),
            ["BatchNorm of planes"] = (static () => new BatchNorm<double>(3), [2, 3, 4, 2]),
            ["BatchNorm without scale"] = (static () => new BatchNorm<double>(3, affine: false), [5, 3]),
            ["BatchNorm of planes without scale"] = (static () => new BatchNorm<double>(2, affine: false), [2, 2, 3]),
            ["BatchNorm in evaluation"] = (static () => new BatchNorm<double>(3) { Training = false }, [5, 3]),
            ["BatchNorm of planes in evaluation"] = (static () => new BatchNorm<double>(2) { Training = false }, [2, 2, 3]),
            ["Dropout"] = (static () => new Dropout<double>(0.4, s_key), [6, 5]),
            ["Rnn"] = (static () => new Rnn<double>(4, 3, s_key), [2, 5, 4]),
            ["Rnn with ReLU, without bias"] = (static () => new Rnn<double>(4, 3, s_key, relu: true, bias: false), [2, 3, 4]),
            ["Gru"] = (static () => new Gru<double>(4, 3, s_key), [2, 5, 4]),
            ["Gru, two layers, bidirectional"] = (static () => new Gru<double>(2, 3, s_key, 2, bidirectional: true), [2, 3, 2]),
            ["Lstm"] = (static () => new Lstm<double>(4, 3, s_key), [2, 5, 4]),
            ["Lstm, two layers, bidirectional"] = (static () => new Lstm<double>(2, 3, s_key, 2, bidirectional: true), [2, 3, 2]),
            ["MultiHeadAttention"] = (static () => new MultiHeadAttention<double>(6, 2, s_key), [2, 4, 6]),
            ["MultiHeadAttention, causal"] = (
                static () => new MultiHeadAttention<double>(6, 3, s_key, bias: false) { Causal = true }, [2, 4, 6]),
            ["Conv1d"] = (static () => new Conv1d<double>(3, 4, 3, s_key, padding: 1), [2, 3, 7]),
            ["Conv1d with all settings, without bias"] =
                (static () => new Conv1d<double>(4, 6, 3, s_key, 2, 1, 2, groups: 2, bias: false), [2, 4, 8]),
            ["Conv2d"] = (static () => new Conv2d<double>(2, 3, 3, s_key, padding: 1), [2, 2, 4, 5]),
            ["Conv2d with all settings, without bias"] =
                (static () => new Conv2d<double>(4, 6, (3, 2), s_key, (2, 1), 1, (1, 2), groups: 2, bias: false), [2, 4, 5, 4]),
            ["MaxPool1d"] = (static () => new MaxPool1d<double>(2), [2, 3, 7]),
            ["MaxPool2d"] = (static () => new MaxPool2d<double>(3, 2, 1), [2, 3, 5, 4]),
            ["AvgPool1d"] = (static () => new AvgPool1d<double>(2), [2, 3, 7]),
            ["AvgPool2d"] = (static () => new AvgPool2d<double>((3, 2), 2, 1, countIncludesPadding: false), [2, 3, 5, 4]),
            ["GlobalAvgPool"] = (static () => new GlobalAvgPool<double>(), [2, 3, 4, 2]),
            ["GlobalMaxPool"] = (static () => new GlobalMaxPool<double>(), [2, 3, 4, 2]),
            ["Flatten"] = (static () => new Flatten<double>(), [2, 3, 4]),
            ["Residual"] = (static () => new Residual<double>(new Linear<double>(4, 4, s_key)), [3, 4]),
            ["Residual with projection"] = (
                static () => new Residual<double>(new Linear<double>(4, 2, s_key.Fold(0)), new Linear<double>(4, 2, s_key.Fold(1))),
                [3, 4]),
            ["Lambda"] = (static () => new Lambda<double>(static x => x.Square() + x), [3, 4]),
            ["PRelu"] = (static () => new PRelu<double>(), [6, 5]),
            ["PRelu of channels"] = (static () => new PRelu<double>(3, 0.1), [2, 3, 4]),
            ["WeightNorm"] = (static () => new WeightNorm<double>(new Linear<double>(5, 3, s_key)), [4, 5]),
            ["WeightNorm of a convolution"] =
                (static () => new WeightNorm<double>(new Conv2d<double>(2, 3, (2, 3), s_key, bias: false)), [2, 2, 3, 4]),
            ["SpectralNorm in evaluation"] =
                (static () => new SpectralNorm<double>(new Linear<double>(5, 3, s_key), s_key) { Training = false }, [4, 5]),
            ["Relu"] = (static () => new Relu<double>(), [6, 5]),
            ["Tanh"] = (static () => new Tanh<double>(), [6, 5]),
            ["Sigmoid"] = (static () => new Sigmoid<double>(), [6, 5]),
            ["Selu"] = (static () => new Selu<double>(), [6, 5]),
            ["Silu"] = (static () => new Silu<double>(), [6, 5]),
            ["Gelu"] = (static () => new Gelu<double>(), [6, 5]),
            ["GeluTanh"] = (static () => new GeluTanh<double>(), [6, 5]),
            ["Mish"] = (static () => new Mish<double>(), [6, 5]),
            ["Relu6"] = (static () => new Relu6<double>(), [6, 5]),
            ["HardSwish"] = (static () => new HardSwish<double>(), [6, 5]),
            ["HardSigmoid"] = (static () => new HardSigmoid<double>(), [6, 5]),
            ["Softsign"] = (static () => new Softsign<double>(), [6, 5]),
            ["LogSigmoid"] = (static () => new LogSigmoid<double>(), [6, 5]),
            ["Tanhshrink"] = (static () => new Tanhshrink<double>(), [6, 5]),
            ["LeakyRelu"] = (static () => new LeakyRelu<double>(0.1), [6, 5]),
            ["Elu"] = (static () => new Elu<double>(0.7), [6, 5]),
            ["Celu"] = (static () => new Celu<double>(0.7), [6, 5]),
            ["Softplus"] = (static () => new Softplus<double>(2.5), [6, 5]),
            ["HardTanh"] = (static () => new HardTanh<double>(-0.5, 0.8), [6, 5]),
            ["Activation by a user's function"] = (static () => new Activation<Swish, double>(new Swish(1.5)), [6, 5]),
            ["Sequential"] = (
                static () => new Sequential<double>(
                    new Linear<double>(4, 6, s_key.Fold(0)), new BatchNorm<double>(6), new Tanh<double>(), new LayerNorm<double>([6]),
                    new Sigmoid<double>(), new Linear<double>(6, 2, s_key.Fold(1))),
                [5, 4]),
        };
}
