using System.Globalization;
using System.Numerics;
using System.Text.Json;

namespace Engine.Tests.Optimizers;

/// <summary>
/// Every rule follows the trajectories that PyTorch, optax and the rules' authors computed: fifteen steps on given gradients. A wrong
/// sign, constant, order or bias correction shows at once.
/// </summary>
public sealed class GoldenTrajectories
{
    private static IEnumerable<TestCaseData> Followed() =>
        from file in new[] { "optimizers.json", "optax.json", "modern.json" }
        from entry in Golden.Cases(file).Select((json, index) => (json, index))
        let rule = GoldenRules.Map(file, entry.json)
        where rule is not null
        select new TestCaseData(entry.json, rule).SetArgDisplayNames($"{file}[{entry.index.ToString(CultureInfo.InvariantCulture)}]",
            entry.json.GetProperty("optimizer").GetString()!, entry.json.GetProperty("hyper").GetRawText().Replace('"', '\''));

    [TestCaseSource(nameof(Followed))]
    public void DoubleFollows(JsonElement trajectory, GoldenRule rule) => Follow<double>(trajectory, rule, rule.Tolerance);

    [TestCaseSource(nameof(Followed))]
    public void FloatFollows(JsonElement trajectory, GoldenRule rule) =>
        Follow<float>(trajectory, rule, Math.Max(rule.Tolerance, rule.FloatTolerance));

    private static void Follow<T>(JsonElement trajectory, GoldenRule rule, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Parameter<T>[] parameters = [.. Tensors<T>(trajectory.GetProperty("initial")).Select((t, i) => new Parameter<T>($"p{i}", t))];
        Optimizer<T> optimizer = new() { Maximize = rule.Maximize };
        rule.Rule.AddTo(optimizer, parameters);
        int number = 0;
        foreach (JsonElement step in trajectory.GetProperty("steps").EnumerateArray())
        {
            foreach ((Parameter<T> parameter, Tensor<T> gradient) in parameters.Zip(Tensors<T>(step.GetProperty("grads"))))
            {
                parameter.SetGradient(gradient);
            }
            optimizer.Step();
            number++;
            foreach ((Parameter<T> parameter, Tensor<double> expected) in parameters.Zip(Tensors<double>(step.GetProperty("params"))))
            {
                Compare.Close(parameter.Value, expected, tolerance, $"{parameter.Name} after step {number}");
            }
        }
    }

    internal static IEnumerable<Tensor<T>> Tensors<T>(JsonElement list) where T : unmanaged, IFloatingPointIeee754<T> =>
        list.ValueKind == JsonValueKind.Array
        ? list.EnumerateArray().Select(e => e.ToTensor<T>())
        : list.EnumerateObject().Select(p => p.Value.ToTensor<T>());
}
