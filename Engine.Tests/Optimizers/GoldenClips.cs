using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Engine.Tests.Optimizers;

/// <summary>
/// Clipped gradients are those of PyTorch and optax. The engine does not have these of their transforms yet: clipping by a norm other than
/// the Euclidean (PyTorch's norm_type 1, 3, ∞), optax's clip_by_block_rms, adaptive_grad_clip and centralize.
/// </summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class GoldenClips<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static readonly string[] s_later =
    [
        "norm 1.0", "norm 1.0", "norm 3.0", "norm 3.0", "norm inf", "norm inf", "clip_by_block_rms", "adaptive_grad_clip", "centralize",
    ];

    private static IEnumerable<(string Name, JsonElement Case, GradientClip? Clip)> All()
    {
        foreach (JsonElement json in Golden.Cases("clip.json"))
        {
            string type = json.TryGetProperty("norm_type", out JsonElement norm) ? norm.ToString() : "";
            string name = $"{json.GetProperty("clip").GetString()} {type}".TrimEnd();
            yield return (name, json, name switch
            {
                "norm 2.0" => GradientClip.ByNorm(json.GetProperty("max_norm").GetDouble()),
                "value" => GradientClip.ByValue(json.GetProperty("clip_value").GetDouble()),
                _ => null,
            });
        }
        foreach (JsonElement json in Golden.Cases("optax_transforms.json"))
        {
            string name = json.GetProperty("transform").GetString()!;
            double[] arguments = json.GetProperty("args").ToDoubles();
            yield return (name, json, name switch
            {
                "clip_by_global_norm" => GradientClip.ByNorm(arguments[0], epsilon: 0),
                "clip" => GradientClip.ByValue(arguments[0]),
                _ => null,
            });
        }
    }

    private static IEnumerable<TestCaseData> Followed() =>
        from entry in All().Index()
        where entry.Item.Clip is not null
        select new TestCaseData(entry.Item.Case, entry.Item.Clip).SetArgDisplayNames(
            entry.Item.Name, entry.Index.ToString(CultureInfo.InvariantCulture));

    /// <summary>Catches: another ε than PyTorch's, an ε where optax has none, a norm over one parameter, a wrong bound.</summary>
    [TestCaseSource(nameof(Followed))]
    public void Gradients_are_clipped_as_there(JsonElement json, GradientClip clip)
    {
        Tensor<T>[] before = [.. GoldenTrajectories.Tensors<T>(json.GetProperty("before"))];
        Parameter<T>[] parameters = [.. before.Select((g, i) => new Parameter<T>($"p{i}", Tensor<T>.Zeros(g.Shape)))];
        Optimizer<T> optimizer = new() { Clip = clip, Maximize = true };
        optimizer.AddGroup(new Sgd { LearningRate = 1 }, parameters);
        foreach ((Parameter<T> parameter, Tensor<T> gradient) in parameters.Zip(before))
        {
            parameter.SetGradient(gradient);
        }
        StepReport report = optimizer.Step();
        foreach ((Parameter<T> parameter, Tensor<T> after) in parameters.Zip(GoldenTrajectories.Tensors<T>(json.GetProperty("after"))))
        {
            Closeness.Check(parameter.Value, after, parameter.Name);
        }
        if (clip.MaxNorm is not null && json.TryGetProperty("total_norm", out JsonElement norm))
        {
            Assert.That(report.GradientNorm, Is.EqualTo(norm.GetDouble()).Within(typeof(T) == typeof(float) ? 1e-5 : 1e-12).Percent);
        }
    }

    /// <summary>Catches: a case that nobody follows and nobody has put off.</summary>
    [Test]
    public void The_others_are_listed() =>
        Assert.That(All().Where(entry => entry.Clip is null).Select(entry => entry.Name), Is.EqualTo(s_later));
}
