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
            "reciprocal" => 1 / x[0],
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
