using System.Numerics;
using System.Text.Json;

namespace Engine.Tests;

/// <summary>Layers against PyTorch's: output, gradients, running statistics.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class GoldenLayersTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly string[] s_followed =
    [
        "Linear", "BatchNorm1d", "BatchNorm2d", "LayerNorm",
        "GroupNorm", "InstanceNorm1d", "RMSNorm",
        "Embedding", "RNN", "GRU", "LSTM", "MultiheadAttention",
        "Conv1d", "Conv2d", "MaxPool2d", "AvgPool2d", "PReLU",
    ];

    private static IEnumerable<TestCaseData> Table() =>
        Golden.Cases("layers.json").Where(static c => s_followed.Contains(c.GetProperty("layer").GetString())).Select(
            static (c, i) => new TestCaseData(c).SetArgDisplayNames(
                $"{i} {c.GetProperty("layer")} {c.GetProperty("attrs")} {c.GetProperty("mode")}"));

    /// <summary>
    /// Whatever PyTorch does otherwise: biased against unbiased variance, cumulative momentum, names of the state, a term of the backward
    /// pass.
    /// </summary>
    [TestCaseSource(nameof(Table))]
    public void Layer_agrees_with_PyTorch(JsonElement golden)
    {
        Layer<T> layer = Create(golden);
        layer.Training = golden.GetProperty("mode").GetString() == "train";
        Restore(layer, golden.GetProperty("state_before"));
        Parameter<T> input = new("x", Input(golden.GetProperty("inputs")[0]));
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T>[] outputs = Outputs(layer, input.Value);
            Assert.That(outputs, Has.Length.EqualTo(golden.GetProperty("outputs").GetArrayLength()));
            Tensor<T> sum = Tensor<T>.Zeros(Shape.Scalar);
            for (int i = 0; i < outputs.Length; i++)
            {
                Closeness.Check(outputs[i], golden.GetProperty("outputs")[i].ToTensor<T>(), $"output {i}");
                sum += (outputs[i] * golden.GetProperty("seeds")[i].ToTensor<T>()).Sum();
            }
            tape.Backward(sum);
        }
        if (golden.GetProperty("input_grads")[0] is { ValueKind: not JsonValueKind.Null } gradient)
        {
            Closeness.Check(input.Gradient, gradient.ToTensor<T>(), "input's gradient");
        }
        JsonElement gradients = golden.GetProperty("param_grads");
        Assert.That(layer.Parameters.Select(static p => p.Name), Is.EquivalentTo(gradients.EnumerateObject().Select(static p => p.Name)));
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            Closeness.Check(parameter.Gradient, gradients.GetProperty(parameter.Name).ToTensor<T>(), parameter.Name);
        }
        JsonElement after = golden.GetProperty("state_after");
        Assert.That(Names(layer), Is.EquivalentTo(after.EnumerateObject().Select(static p => p.Name)));
        foreach (NamedTensor<T> buffer in layer.Buffers)
        {
            Closeness.Check(buffer.Value, after.GetProperty(buffer.Name).ToTensor<T>(), buffer.Name);
        }
        foreach (NamedCounter counter in layer.Counters)
        {
            Assert.That(
                (double)counter.Value, Is.EqualTo(after.GetProperty(counter.Name).GetProperty("data").ToDoubles()[0]), counter.Name);
        }
    }

    private static Tensor<T>[] Outputs(Layer<T> layer, Tensor<T> x) => layer switch
    {
        Rnn<T> rnn when rnn.Forward(x, default) is var (output, hidden, _) => [output, hidden],
        Gru<T> gru when gru.Forward(x, default) is var (output, hidden, _) => [output, hidden],
        Lstm<T> lstm when lstm.Forward(x, default, default) is var (output, hidden, cell) => [output, hidden, cell],
        _ => [layer.Forward(x)],
    };

    private static Tensor<T> Input(JsonElement input) => input.TryGetProperty("ints", out JsonElement indices)
        ? Tensor<T>.From(Array.ConvertAll(indices.ToInts(), T.CreateTruncating), new Shape(input.GetProperty("shape").ToInts()))
        : input.ToTensor<T>();

    private static IEnumerable<string> Names(Layer<T> layer) =>
        [
            .. layer.Parameters.Select(static p => p.Name), .. layer.Buffers.Select(static b => b.Name),
            .. layer.Counters.Select(static c => c.Name)];

    private static void Restore(Layer<T> layer, JsonElement state)
    {
        foreach (Parameter<T> parameter in layer.Parameters)
        {
            parameter.SetValue(state.GetProperty(parameter.Name).ToTensor<T>());
        }
        foreach (NamedTensor<T> buffer in layer.Buffers)
        {
            buffer.SetValue(state.GetProperty(buffer.Name).ToTensor<T>());
        }
        foreach (NamedCounter counter in layer.Counters)
        {
            counter.Value = (long)state.GetProperty(counter.Name).GetProperty("data").ToDoubles()[0];
        }
    }

    private static Layer<T> Create(JsonElement golden)
    {
        JsonElement attributes = golden.GetProperty("attrs");
        int[] shape = golden.GetProperty("inputs")[0].GetProperty("shape").ToInts();
        switch (golden.GetProperty("layer").GetString())
        {
            case "Linear":
                int outputs = golden.GetProperty("outputs")[0].GetProperty("shape").ToInts()[^1];
                return new Linear<T>(shape[^1], outputs, default, Flag("bias"));
            case "Embedding":
                return new Embedding<T>(attributes.GetProperty("num").GetInt32(), attributes.GetProperty("dim").GetInt32(), default);
            case "RNN":
                return new Rnn<T>(shape[^1], attributes.GetProperty("hidden").GetInt32(), default);
            case "GRU":
                return new Gru<T>(shape[^1], attributes.GetProperty("hidden").GetInt32(), default);
            case "LSTM":
                int layers = attributes.TryGetProperty("layers", out JsonElement l) ? l.GetInt32() : 1;
                bool isBidirectional = attributes.TryGetProperty("bidirectional", out JsonElement b) && b.GetBoolean();
                return new Lstm<T>(shape[^1], attributes.GetProperty("hidden").GetInt32(), default, layers, isBidirectional);
            case "MultiheadAttention":
                return new MultiHeadAttention<T>(attributes.GetProperty("embed").GetInt32(), attributes.GetProperty("heads").GetInt32(),
                    default);
            case "LayerNorm":
                return new LayerNorm<T>(
                    new Shape(attributes.GetProperty("normalized_shape").ToInts()), Number("eps", 1e-5), Flag("elementwise_affine"));
            case "RMSNorm":
                return new RmsNorm<T>(new Shape(attributes.GetProperty("normalized_shape").ToInts()), Number("eps", 1e-6));
            case "GroupNorm":
                return new GroupNorm<T>(attributes.GetProperty("num_groups").GetInt32(), shape[1], Number("eps", 1e-5), Flag("affine"));
            case "InstanceNorm1d":
                return new InstanceNorm<T>(shape[1], Number("eps", 1e-5), Flag("affine"));
            case "BatchNorm1d" or "BatchNorm2d":
                double? momentum = attributes.TryGetProperty("momentum", out JsonElement m) && m.ValueKind == JsonValueKind.Null
                    ? null
                    : Number("momentum", 0.1);
                return new BatchNorm<T>(shape[1], Number("eps", 1e-5), momentum, Flag("affine"), Flag("track_running_stats"));
            case "Conv1d":
                return new Conv1d<T>(
                    Whole("in"), Whole("out"), Whole("kernel"), default, Whole("stride", 1), Whole("padding", 0), Whole("dilation", 1),
                    Whole("groups", 1), Flag("bias"));
            case "Conv2d":
                return new Conv2d<T>(
                    Whole("in"), Whole("out"), Size("kernel", 1), default, Size("stride", 1), Size("padding", 0), Size("dilation", 1),
                    Whole("groups", 1), Flag("bias"));
            case "MaxPool2d":
                return new MaxPool2d<T>(Size("kernel", 1), Size("stride", Size("kernel", 1)), Size("padding", 0));
            case "AvgPool2d":
                return new AvgPool2d<T>(Size("kernel", 1), Size("stride", Size("kernel", 1)), Size("padding", 0));
            case "PReLU":
                return new PRelu<T>();
            case { } other:
                throw new InvalidDataException($"No layer for '{other}'.");
            case null:
                throw new InvalidDataException("A case without a layer.");
        }

        int Whole(string name, int otherwise = -1) => attributes.TryGetProperty(name, out JsonElement value) ? value.GetInt32() : otherwise;

        Size2d Size(string name, Size2d otherwise) => !attributes.TryGetProperty(name, out JsonElement value) ? otherwise
            : value.ValueKind == JsonValueKind.Array ? new Size2d(value[0].GetInt32(), value[1].GetInt32()) : value.GetInt32();

        bool Flag(string name) => !attributes.TryGetProperty(name, out JsonElement value) || value.GetBoolean();

        double Number(string name, double otherwise) =>
            attributes.TryGetProperty(name, out JsonElement value) ? value.ToDouble() : otherwise;
    }
}
