using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Engine.Tests.Optimizers;

/// <summary>Clipped and centralized gradients are those of PyTorch and optax.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
internal sealed class GoldenClips<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private static IEnumerable<TestCaseData> PyTorch() => Golden.Cases("clip.json").Select((json, index) =>
    {
        string kind = json.GetProperty("clip").GetString()!;
        string order = json.TryGetProperty("norm_type", out JsonElement norm) ? norm.ToString() : "";
        GradientClip clip = kind switch
        {
            "norm" => GradientClip.ByNorm(
                json.GetProperty("max_norm").GetDouble(),
                p: order == "inf" ? double.PositiveInfinity : double.Parse(order, CultureInfo.InvariantCulture)),
            "value" => GradientClip.ByValue(json.GetProperty("clip_value").GetDouble()),
            _ => throw new InvalidDataException($"Got the clip {kind}, expected norm or value."),
        };
        return new TestCaseData(json, clip).SetArgDisplayNames(kind, order, index.ToString(CultureInfo.InvariantCulture));
    });

    private static IEnumerable<TestCaseData> Optax() => Golden.Cases("optax_transforms.json").Select((json, index) =>
    {
        string name = json.GetProperty("transform").GetString()!;
        double[] arguments = json.GetProperty("args").ToDoubles();
        GradientClip clip = name switch
        {
            "clip_by_global_norm" => GradientClip.ByNorm(arguments[0], epsilon: 0),
            "clip" => GradientClip.ByValue(arguments[0]),
            "clip_by_block_rms" => GradientClip.ByBlockRms(arguments[0]),
            "adaptive_grad_clip" => GradientClip.Adaptive(arguments[0]),
            "centralize" => GradientClip.None,
            _ => throw new InvalidDataException($"Got the transform {name}, expected one that the engine has."),
        };
        return new TestCaseData(json, clip).SetArgDisplayNames(name, index.ToString(CultureInfo.InvariantCulture));
    });

    /// <summary>Catches: another ε than PyTorch's, a norm of another order or over one parameter, a wrong bound.</summary>
    [TestCaseSource(nameof(PyTorch))]
    public void Gradients_are_clipped_as_in_PyTorch(JsonElement json, GradientClip clip)
    {
        Tensor<T>[] before = [.. GoldenTrajectories.Tensors<T>(json.GetProperty("before"))];
        StepReport report = Check(
            before, [.. GoldenTrajectories.Tensors<T>(json.GetProperty("after"))], [.. before.Select(g => Tensor<T>.Zeros(g.Shape))],
            new Optimizer<T> { Clip = clip });
        if (json.TryGetProperty("total_norm", out JsonElement norm))
        {
            Assert.That(report.GradientNorm, Is.EqualTo(norm.GetDouble()).Within(typeof(T) == typeof(float) ? 1e-5 : 1e-12).Percent);
        }
    }

    /// <summary>
    /// Catches: an ε where optax has none, a root mean square over all parameters, a unit along the wrong axis, a vector or a mean that is
    /// taken apart.
    /// </summary>
    [TestCaseSource(nameof(Optax))]
    public void Gradients_are_changed_as_in_optax(JsonElement json, GradientClip clip)
    {
        string name = json.GetProperty("transform").GetString()!;
        Func<Tensor<T>, Tensor<T>> layout = clip.Kind == GradientClipKind.Adaptive ? OutputsFirst : t => t;
        Optimizer<T> optimizer = new() { Clip = clip, Transforms = name == "centralize" ? [new GradientCentralization()] : [] };
        Check(Read("before"), Read("after"), Read("params"), optimizer);

        Tensor<T>[] Read(string key) => [.. GoldenTrajectories.Tensors<T>(json.GetProperty(key)).Select(layout)];
    }

    /// <summary>
    /// Momentum's buffer after the first step is the gradient that has reached the rule. It is compared relative to its largest element.
    /// </summary>
    private static StepReport Check(Tensor<T>[] before, Tensor<T>[] after, Tensor<T>[] values, Optimizer<T> optimizer)
    {
        Parameter<T>[] parameters = [.. values.Select((value, i) => new Parameter<T>($"p{i}", value))];
        optimizer.AddGroup(new Momentum(), parameters);
        foreach ((Parameter<T> parameter, Tensor<T> gradient) in parameters.Zip(before))
        {
            parameter.SetGradient(gradient);
        }
        StepReport report = optimizer.Step();
        OptimizerState<T> state = optimizer.SaveState();
        foreach ((Parameter<T> parameter, Tensor<T> expected) in parameters.Zip(after))
        {
            Closeness.Check(state.Parameters[parameter.Name].Arrays["momentum_buffer"], expected, parameter.Name);
        }
        return report;
    }

    /// <summary>
    /// optax's weights are [inputs, outputs], or [inputs, heads, outputs], with norms taken over the inputs; ours are [outputs, inputs].
    /// </summary>
    private static Tensor<T> OutputsFirst(Tensor<T> tensor) =>
        tensor.Shape.Rank < 2 ? tensor : tensor.Reshape(tensor.Shape[0], tensor.Length / tensor.Shape[0]).Transpose();
}
