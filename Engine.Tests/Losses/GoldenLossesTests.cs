using System.Numerics;
using System.Text.Json;

namespace Engine.Tests;

/// <summary>Losses against PyTorch's.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class GoldenLossesTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static IEnumerable<TestCaseData> Table() => Golden.Cases("losses.json").Select(
        static (c, i) => new TestCaseData(c).SetArgDisplayNames(
            $"{i} {c.GetProperty("loss")} {c.GetProperty("reduction")} {c.GetProperty("attrs")}"));

    /// <summary>
    /// A mean over the wrong number, weights or smoothing at the wrong place, a gradient without the upstream factor, a loss that nobody
    /// follows.
    /// </summary>
    [TestCaseSource(nameof(Table))]
    public void Loss_agrees_with_PyTorch(JsonElement golden)
    {
        Parameter<T>[] inputs =
            [.. golden.GetProperty("inputs").EnumerateArray().Select(static (x, i) => new Parameter<T>($"x{i}", x.ToTensor<T>()))];
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> loss = Loss(golden, [.. inputs.Select(static p => p.Value)]);
            Closeness.Check(loss, golden.GetProperty("output").ToTensor<T>(), "loss");
            tape.Backward(loss, golden.GetProperty("seed").ToTensor<T>());
        }
        for (int i = 0; i < inputs.Length; i++)
        {
            Closeness.Check(inputs[i].Gradient, golden.GetProperty("grads")[i].ToTensor<T>(), $"gradient {i}");
        }
        SameBits.Check(
            Loss(golden, [.. inputs.Select(static p => p.Value.Clone())]).Span, Loss(golden, [.. inputs.Select(static p => p.Value)]).Span,
            "not recorded");
    }

    private static Tensor<T> Loss(JsonElement golden, Tensor<T>[] inputs)
    {
        string loss = golden.GetProperty("loss").GetString()!;
        LossReduction reduction = Enum.Parse<LossReduction>(golden.GetProperty("reduction").GetString()!, ignoreCase: true);
        JsonElement attributes = golden.GetProperty("attrs"), target = golden.GetProperty("target");
        Tensor<T> x = inputs[0];
        if (loss is "cross_entropy" or "nll")
        {
            int? ignored = attributes.TryGetProperty("ignore_index", out JsonElement i) ? i.GetInt32() : null;
            return loss == "nll"
                ? x.LogSoftmax().NegativeLogLikelihood(target.ToInts(), reduction, Weights(attributes, "weight"), ignored)
                : x.CrossEntropy(
                    target.ToInts(), reduction, Weights(attributes, "weight"), ignored, Number(attributes, "label_smoothing", 0));
        }
        Tensor<T> t = target.ToTensor<T>();
        return loss switch
        {
            "mse" => x.MeanSquaredError(t, reduction),
            "l1" => x.MeanAbsoluteError(t, reduction),
            "smooth_l1" => x.SmoothL1(t, reduction, Number(attributes, "beta", 1)),
            "huber" => x.Huber(t, reduction, Number(attributes, "delta", 1)),
            "cross_entropy_soft" => x.CrossEntropy(t, reduction),
            "bce" => x.Sigmoid().BinaryCrossEntropy(t, reduction),
            "bce_with_logits" => x.BinaryCrossEntropyWithLogits(t, reduction, Weights(attributes, "pos_weight")),
            "kl_div" => x.LogSoftmax().KullbackLeibler(t, reduction),
            "gaussian_nll" => x.GaussianNegativeLogLikelihood(t, inputs[1], reduction),
            "poisson_nll" => x.PoissonNegativeLogLikelihood(t, reduction),
            "hinge_embedding" => x.HingeEmbedding(t, reduction),
            "soft_margin" => x.SoftMargin(t, reduction),
            _ => throw new NotSupportedException($"The loss '{loss}' is followed nowhere."),
        };
    }

    private static Tensor<T> Weights(JsonElement attributes, string name) => attributes.TryGetProperty(name, out JsonElement weights)
        ? Tensor<T>.From(Array.ConvertAll(weights.ToDoubles(), T.CreateTruncating))
        : default;

    private static double Number(JsonElement attributes, string name, double otherwise) =>
        attributes.TryGetProperty(name, out JsonElement number) ? number.ToDouble() : otherwise;
}
