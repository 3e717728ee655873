using System.Numerics;
using System.Text.Json;

namespace Engine.Tests;

/// <summary>Losses against PyTorch's.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class GoldenLossesTests<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly string[] s_followed = ["mse", "cross_entropy"];

    private static IEnumerable<TestCaseData> Table() =>
        Golden.Cases("losses.json").Where(static c => s_followed.Contains(c.GetProperty("loss").GetString())).Select(
            static (c, i) => new TestCaseData(c).SetArgDisplayNames(
                $"{i} {c.GetProperty("loss")} {c.GetProperty("reduction")} {c.GetProperty("attrs")}"));

    /// <summary>A mean over the wrong number, weights or smoothing at the wrong place, a gradient without the upstream factor.</summary>
    [TestCaseSource(nameof(Table))]
    public void Loss_agrees_with_PyTorch(JsonElement golden)
    {
        Parameter<T> input = new("x", golden.GetProperty("inputs")[0].ToTensor<T>());
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> loss = Loss(golden, input.Value);
            Closeness.Check(loss, golden.GetProperty("output").ToTensor<T>(), "loss");
            tape.Backward(loss, golden.GetProperty("seed").ToTensor<T>());
        }
        Closeness.Check(input.Gradient, golden.GetProperty("grads")[0].ToTensor<T>(), "gradient");
        SameBits.Check(Loss(golden, input.Value.Clone()).Span, Loss(golden, input.Value).Span, "not recorded");
    }

    private static Tensor<T> Loss(JsonElement golden, Tensor<T> x)
    {
        LossReduction reduction = Enum.Parse<LossReduction>(golden.GetProperty("reduction").GetString()!, ignoreCase: true);
        JsonElement attributes = golden.GetProperty("attrs"), target = golden.GetProperty("target");
        if (golden.GetProperty("loss").GetString() == "mse")
        {
            return x.MeanSquaredError(target.ToTensor<T>(), reduction);
        }
        Tensor<T> weights = attributes.TryGetProperty("weight", out JsonElement w)
            ? Tensor<T>.From(Array.ConvertAll(w.ToDoubles(), T.CreateTruncating))
            : default;
        int? ignored = attributes.TryGetProperty("ignore_index", out JsonElement i) ? i.GetInt32() : null;
        double smoothing = attributes.TryGetProperty("label_smoothing", out JsonElement s) ? s.ToDouble() : 0;
        return x.CrossEntropy(target.ToInts(), reduction, weights, ignored, smoothing);
    }
}
