using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Engine.Bench;

/// <summary>
/// Times whole optimizer steps: single tensors, 200 small ones, and clip + step + zero. With <c>--torch=FILE</c>, the output of
/// Peers/torch_steps.py from the same machine and minute, beside PyTorch's fused optimizers. The minimum counts on both sides, since
/// PyTorch's threads spin and its mean says more about the neighbours.
/// </summary>
internal static class StepsComparison
{
    public static int Run(string[] words)
    {
        Dictionary<string, JsonElement> torch = words.FirstOrDefault(w => w.StartsWith("--torch=", StringComparison.Ordinal)) is { } file
            ? JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(file[8..]))!
            : [];
        Console.WriteLine(torch.TryGetValue("torch", out JsonElement version) ? $"Peer: PyTorch {version}, fused, two threads"
            : "No peer: give --torch=FILE with the output of Peers/torch_steps.py.");
        Console.WriteLine($"{"step",-26} {"ours µs",10} {"PyTorch µs",11} {"PyTorch/ours",13}");
        foreach (int n in (int[])[1_000, 16_384, 262_144, 1_000_000, 4_000_000, 25_000_000])
        {
            foreach (string name in (string[])[nameof(Momentum), nameof(Adam), nameof(AdamW), nameof(Adagrad)])
            {
                Row(torch, $"{name} {n}", Single(RuleCatalog.Rules.Single(rule => rule.Name == name), n));
            }
        }
        Parameter<float>[] many = [.. Enumerable.Range(0, 200).Select(i => Make($"p{i}", 1000))];
        Optimizer<float> optimizer = new() { KeepGradients = true };
        optimizer.AddGroup(new AdamW(), many);
        Row(torch, "AdamW 200x1000", () => optimizer.Step());
        Parameter<float> large = Make("large", 4_000_000);
        Optimizer<float> clipped = Optimizer.For(new AdamW(), [large]);
        clipped.Clip = GradientClip.ByNorm(1);
        Row(torch, "clip+AdamW+zero 4000000", () =>
        {
            large.MarkGradient(); // the step made it absent; its memory is as it was
            clipped.Step();
        });
        return 0;
    }

    private static Parameter<float> Make(string name, int n)
    {
        Parameter<float> parameter = new(name, Tensor<float>.Full([n], 0.5f));
        parameter.SetGradient(Tensor<float>.Full([n], 0.01f));
        return parameter;
    }

    private static Action Single(RuleCatalogEntry rule, int n)
    {
        Optimizer<float> optimizer = new() { KeepGradients = true };
        rule.AddTo(optimizer, [Make("p", n)]);
        return () => optimizer.Step();
    }

    private static void Row(Dictionary<string, JsonElement> torch, string name, Action step)
    {
        for (int pass = 0; pass < 4; pass++)
        {
            _ = Best(step, 150);
            Thread.Sleep(60);
        }
        double ours = Best(step, 700);
        string peer = torch.TryGetValue(name, out JsonElement time)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.GetDouble(),11:0.00} {time.GetDouble() / ours,13:0.00}") : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-26} {ours,10:0.00} {peer}"));
    }

    private static double Best(Action step, int milliseconds)
    {
        double best = double.PositiveInfinity;
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalMilliseconds < milliseconds)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 4; i++)
            {
                step();
            }
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / 4);
        }
        return best;
    }
}
