using System.Numerics;
using System.Text.Json;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Values and gradients of the operations, as PyTorch computed them.</summary>
internal sealed class GoldenOpsTests
{
    public static IEnumerable<TestCaseData> Cases() => Golden.Cases("ops.json").Select(static (golden, number) =>
        new TestCaseData(golden).SetArgDisplayNames(
            $"{number} {golden.GetProperty("op").GetString()} {golden.GetProperty("attrs").GetRawText().Replace('.', ' ')}"));

    /// <summary>An operation that is no longer in the file, or that nobody follows.</summary>
    [Test]
    public void Every_operation_of_the_file_is_followed_and_no_other() =>
        Assert.That(
            Golden.Cases("ops.json").Select(static golden => golden.GetProperty("op").GetString()).Distinct(),
            Is.EquivalentTo(Operations<double>().Keys));

    [TestCaseSource(nameof(Cases))]
    public void Double(JsonElement golden) => Check<double>(golden, 1e-12);

    [TestCaseSource(nameof(Cases))]
    public void Float(JsonElement golden) => Check<float>(golden, 1e-5);

    private static void Check<T>(JsonElement golden, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Parameter<T>[] inputs = [
            .. golden.GetProperty("inputs").EnumerateArray().Select(
                static (input, i) => new Parameter<T>($"input {i}", input.ToTensor<T>()))];
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> output = Operations<T>()[golden.GetProperty("op").GetString()!](
                [.. inputs.Select(static input => input.Value)], new(golden.GetProperty("attrs")));
            Close(output, golden.GetProperty("output").ToTensor<double>(), tolerance, "output");
            tape.Backward(output, golden.GetProperty("seed").ToTensor<T>());
        }
        // PyTorch's derivative of this one is 1/6 in single precision, also where the tensors are in double precision
        tolerance = golden.GetProperty("op").GetString() == "hardsigmoid" ? Math.Max(tolerance, 3e-8) : tolerance;
        foreach ((Parameter<T> input, JsonElement gradient) in inputs.Zip(golden.GetProperty("grads").EnumerateArray()))
        {
            Close(input.Gradient, gradient.ToTensor<double>(), tolerance, input.Name);
        }
    }

    private static Dictionary<string, Func<Tensor<T>[], Attributes, Tensor<T>>> Operations<T>()
        where T : unmanaged, IFloatingPointIeee754<T> => new()
        {
            ["add"] = static (x, _) => x[0] + x[1],
            ["sub"] = static (x, _) => x[0] - x[1],
            ["mul"] = static (x, _) => x[0] * x[1],
            ["div"] = static (x, _) => x[0] / x[1],
            ["neg"] = static (x, _) => -x[0],
            ["exp"] = static (x, _) => x[0].Exp(),
            ["log"] = static (x, _) => x[0].Log(),
            ["sqrt"] = static (x, _) => x[0].Sqrt(),
            ["square"] = static (x, _) => x[0].Square(),
            ["abs"] = static (x, _) => x[0].Abs(),
            ["tanh"] = static (x, _) => x[0].Tanh(),
            ["sigmoid"] = static (x, _) => x[0].Sigmoid(),
            ["relu"] = static (x, _) => x[0].Relu(),
            ["reciprocal"] = static (x, _) => x[0].Reciprocal(),
            ["log1p"] = static (x, _) => x[0].LogP1(),
            ["expm1"] = static (x, _) => x[0].ExpM1(),
            ["rsqrt"] = static (x, _) => x[0].ReciprocalSqrt(),
            ["sin"] = static (x, _) => x[0].Sin(),
            ["cos"] = static (x, _) => x[0].Cos(),
            ["erf"] = static (x, _) => x[0].Erf(),
            ["leaky_relu"] = static (x, _) => x[0].LeakyRelu(0.1),
            ["elu"] = static (x, _) => x[0].Elu(),
            ["selu"] = static (x, _) => x[0].Selu(),
            ["softplus"] = static (x, _) => x[0].Softplus(),
            ["silu"] = static (x, _) => x[0].Silu(),
            ["gelu"] = static (x, _) => x[0].Gelu(),
            ["gelu_tanh"] = static (x, _) => x[0].GeluTanh(),
            ["mish"] = static (x, _) => x[0].Mish(),
            ["hardtanh"] = static (x, _) => x[0].HardTanh(),
            ["relu6"] = static (x, _) => x[0].Relu6(),
            ["hardswish"] = static (x, _) => x[0].HardSwish(),
            ["hardsigmoid"] = static (x, _) => x[0].HardSigmoid(),
            ["softsign"] = static (x, _) => x[0].Softsign(),
            ["logsigmoid"] = static (x, _) => x[0].LogSigmoid(),
            ["clamp"] = static (x, at) => x[0].Clamp(at.All.GetProperty("min").GetDouble(), at.All.GetProperty("max").GetDouble()),
            ["where"] = static (x, at) => Tensor<T>.Where(Mask<T>(at.All.GetProperty("mask")), x[0], x[1]),
            ["maximum"] = static (x, _) => Tensor<T>.Maximum(x[0], x[1]),
            ["minimum"] = static (x, _) => Tensor<T>.Minimum(x[0], x[1]),
            ["pow"] = static (x, _) => Tensor<T>.Pow(x[0], x[1]),
            ["sum"] = static (x, at) =>
                at.Axes is [] ? x[0].Sum() : at.Axes is [int axis] ? x[0].Sum(axis, at.Keep) : x[0].Sum(at.Axes, at.Keep),
            ["mean"] = static (x, at) =>
                at.Axes is [] ? x[0].Mean() : at.Axes is [int axis] ? x[0].Mean(axis, at.Keep) : x[0].Mean(at.Axes, at.Keep),
            ["var_unbiased"] = static (x, at) =>
                at.Axes is [] ? x[0].Variance() : at.Axes is [int axis] ? x[0].Variance(axis, at.Keep) : x[0].Variance(at.Axes, at.Keep),
            ["logsumexp"] = static (x, at) =>
                at.Axes is [] ? x[0].LogSumExp() : at.Axes is [int axis] ? x[0].LogSumExp(axis, at.Keep) : x[0].LogSumExp(at.Axes, at.Keep),
            ["max"] = static (x, at) => x[0].Max(at.Axis),
            ["min"] = static (x, at) => x[0].Min(at.Axis),
            ["prod"] = static (x, at) => x[0].Product(at.Axis),
            ["cumsum"] = static (x, at) => x[0].CumulativeSum(at.Axis),
            ["norm1"] = static (x, _) => x[0].Norm(p: 1),
            ["norm2"] = static (x, _) => x[0].Norm(),
            // a view of a parameter is no result of its own
            ["reshape"] = static (x, at) => x[0].Reshape(at.All.GetProperty("shape").ToInts()) * 1,
            ["transpose"] = static (x, _) => x[0].Transpose(),
            ["permute"] = static (x, at) => x[0].Permute(at.Axes),
            ["softmax"] = static (x, at) => x[0].Softmax(at.Axis),
            ["log_softmax"] = static (x, at) => x[0].LogSoftmax(at.Axis),
            ["matmul"] = static (x, _) => x[0].MatMul(x[1]),
            ["linear"] = static (x, _) => x[0].Linear(x[1], x[2]),
            ["concat"] = static (x, at) => Tensor<T>.Concat(x, at.Axis),
            ["stack"] = static (x, at) => Tensor<T>.Stack(x, at.Axis),
            ["slice"] = static (x, at) => x[0].Slice(
                [
                    .. at.All.GetProperty("ranges").EnumerateArray().Select(static range => range.ToInts()).Select(
                        static range => new AxisRange(range[0]..range[1], range[2])),
                ]),
            ["broadcast_to"] = static (x, at) => x[0].Expand(new Shape(at.All.GetProperty("shape").ToInts())),
            ["pad"] = static (x, at) => at.All.GetProperty("last_dim").ToInts() is [int before, int after]
                ? x[0].Pad([(before, after)])
                : throw new InvalidDataException("Expected two numbers."),
            ["index_select"] = static (x, at) => x[0].IndexSelect(at.Axis, at.All.GetProperty("index").ToInts()),
            ["gather"] = static (x, at) => x[0].Gather(
                at.Axis, [.. at.All.GetProperty("index").EnumerateArray().SelectMany(static row => row.ToInts())]),
            // found from its values and gradients: the file does not say what it is
            ["composite"] = static (x, _) =>
                x[0].MatMul(x[1]) is var z ? (z.Tanh() * z.Sigmoid()).LogSumExp(1) + x[0].Mean(1).Square() : default,
        };

    /// <summary>The settings of a case.</summary>
    private readonly record struct Attributes(JsonElement All)
    {
        public int Axis => All.GetProperty("dim").GetInt32();

        public int[] Axes => All.TryGetProperty("dims", out JsonElement dims) ? dims.ToInts() : [];

        public bool Keep => All.TryGetProperty("keepdim", out JsonElement keep) && keep.GetBoolean();
    }

    private static Tensor<T> Mask<T>(JsonElement rows) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] elements =
            [.. rows.EnumerateArray().SelectMany(static row => row.EnumerateArray()).Select(static e => e.GetBoolean() ? T.One : T.Zero)];
        return Tensor<T>.From(elements, [rows.GetArrayLength(), elements.Length / rows.GetArrayLength()]);
    }

    private static void Close<T>(Tensor<T> actual, Tensor<double> expected, double tolerance, string what)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.That(actual.Shape, Is.EqualTo(expected.Shape), what);
        for (int i = 0; i < expected.Length; i++)
        {
            double value = expected.Span[i];
            Assert.That(
                double.CreateTruncating(actual.Span[i]), Is.EqualTo(value).Within(tolerance * Math.Max(1, Math.Abs(value))),
                $"{what}, element {i}");
        }
    }
}
