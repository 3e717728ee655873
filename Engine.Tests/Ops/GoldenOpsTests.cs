using System.Numerics;
using System.Text.Json;
using NUnit.Framework;

namespace Engine.Tests;

/// <summary>Values and gradients of the operations, as PyTorch computed them.</summary>
internal sealed class GoldenOpsTests
{
    private static readonly string[] s_expectedOps =
    [
        "add", "sub", "mul", "div", "neg", "exp", "log", "sqrt", "square", "abs", "tanh", "sigmoid", "relu", "reciprocal",
        "log1p", "expm1", "rsqrt", "sin", "cos", "erf", "leaky_relu", "elu", "selu", "softplus", "silu", "gelu", "gelu_tanh", "mish",
        "hardtanh", "relu6", "hardswish", "hardsigmoid", "softsign", "logsigmoid", "clamp", "where", "maximum", "minimum", "pow",
        "sum", "mean", "var_unbiased", "logsumexp", "max", "min", "prod", "cumsum", "norm1", "norm2",
        "reshape", "transpose", "permute", "softmax", "log_softmax", "matmul", "linear"
    ];

    public static IEnumerable<TestCaseData> Cases() => Golden.Cases("ops.json").Where(IsFollowed).Select(static (golden, number) =>
        new TestCaseData(golden).SetArgDisplayNames(
            $"{number} {golden.GetProperty("op").GetString()} {golden.GetProperty("attrs").GetRawText().Replace('.', ' ')}"));

    [Test]
    public void No_operation_is_missing_from_the_file() =>
        Assert.That(
            Golden.Cases("ops.json").Where(IsFollowed).Select(static golden => golden.GetProperty("op").GetString()).Distinct(),
            Is.EquivalentTo(s_expectedOps));

    private static bool IsFollowed(JsonElement golden) => s_expectedOps.Contains(golden.GetProperty("op").GetString());

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
            Tensor<T> output = Apply(golden, [.. inputs.Select(static input => input.Value)]);
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

    private static Tensor<T> Apply<T>(JsonElement golden, Tensor<T>[] x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        JsonElement attributes = golden.GetProperty("attrs");
        int[] axes = attributes.TryGetProperty("dims", out JsonElement dims) ? dims.ToInts() : [];
        bool keep = attributes.TryGetProperty("keepdim", out JsonElement keepdim) && keepdim.GetBoolean();
        return golden.GetProperty("op").GetString() switch
        {
            "add" => x[0] + x[1],
            "sub" => x[0] - x[1],
            "mul" => x[0] * x[1],
            "div" => x[0] / x[1],
            "neg" => -x[0],
            "exp" => x[0].Exp(),
            "log" => x[0].Log(),
            "sqrt" => x[0].Sqrt(),
            "square" => x[0].Square(),
            "abs" => x[0].Abs(),
            "tanh" => x[0].Tanh(),
            "sigmoid" => x[0].Sigmoid(),
            "relu" => x[0].Relu(),
            "reciprocal" => x[0].Reciprocal(),
            "log1p" => x[0].LogP1(),
            "expm1" => x[0].ExpM1(),
            "rsqrt" => x[0].ReciprocalSqrt(),
            "sin" => x[0].Sin(),
            "cos" => x[0].Cos(),
            "erf" => x[0].Erf(),
            "leaky_relu" => x[0].LeakyRelu(0.1),
            "elu" => x[0].Elu(),
            "selu" => x[0].Selu(),
            "softplus" => x[0].Softplus(),
            "silu" => x[0].Silu(),
            "gelu" => x[0].Gelu(),
            "gelu_tanh" => x[0].GeluTanh(),
            "mish" => x[0].Mish(),
            "hardtanh" => x[0].HardTanh(),
            "relu6" => x[0].Relu6(),
            "hardswish" => x[0].HardSwish(),
            "hardsigmoid" => x[0].HardSigmoid(),
            "softsign" => x[0].Softsign(),
            "logsigmoid" => x[0].LogSigmoid(),
            "clamp" => x[0].Clamp(attributes.GetProperty("min").GetDouble(), attributes.GetProperty("max").GetDouble()),
            "where" => Tensor<T>.Where(Mask<T>(attributes.GetProperty("mask")), x[0], x[1]),
            "maximum" => Tensor<T>.Maximum(x[0], x[1]),
            "minimum" => Tensor<T>.Minimum(x[0], x[1]),
            "pow" => Tensor<T>.Pow(x[0], x[1]),
            "sum" => axes.Length == 0 ? x[0].Sum() : axes.Length == 1 ? x[0].Sum(axes[0], keep) : x[0].Sum(axes, keep),
            "mean" => axes.Length == 0 ? x[0].Mean() : axes.Length == 1 ? x[0].Mean(axes[0], keep) : x[0].Mean(axes, keep),
            "var_unbiased" => axes.Length == 0 ? x[0].Variance()
                : axes.Length == 1 ? x[0].Variance(axes[0], keep)
                : x[0].Variance(axes, keep),
            "logsumexp" => axes.Length == 1 ? x[0].LogSumExp(axes[0], keep) : x[0].LogSumExp(axes, keep),
            "max" => x[0].Max(attributes.GetProperty("dim").GetInt32()),
            "min" => x[0].Min(attributes.GetProperty("dim").GetInt32()),
            "prod" => x[0].Product(attributes.GetProperty("dim").GetInt32()),
            "cumsum" => x[0].CumulativeSum(attributes.GetProperty("dim").GetInt32()),
            "norm1" => x[0].Norm(p: 1),
            "norm2" => x[0].Norm(),
            "reshape" => x[0].Reshape(attributes.GetProperty("shape").ToInts()) * 1, // a view of a parameter is no result of its own
            "transpose" => x[0].Transpose(),
            "permute" => x[0].Permute(axes),
            "softmax" => x[0].Softmax(attributes.GetProperty("dim").GetInt32()),
            "log_softmax" => x[0].LogSoftmax(attributes.GetProperty("dim").GetInt32()),
            "matmul" => x[0].MatMul(x[1]),
            "linear" => x[0].MatMul(x[1], transposeB: true) + x[2],
            string op => throw new ArgumentException($"No operation '{op}'."),
            null => throw new ArgumentException("A case without an operation."),
        };
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
