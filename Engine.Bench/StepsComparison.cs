namespace Engine.Bench;

/// <summary>
/// Times whole optimizer steps: single tensors, 200 small ones, and clip + step + zero. With <c>--torch=FILE</c>, the output of
/// Peers/torch_steps.py from the same machine and minute, beside PyTorch's fused optimizers.
/// </summary>
internal static class StepsComparison
{
    public static int Run(string[] words)
    {
        TorchFigures torch = new(words, "torch_steps.py");
        foreach (int n in (int[])[1_000, 16_384, 262_144, 1_000_000, 4_000_000, 25_000_000])
        {
            foreach (string name in (string[])[nameof(Momentum), nameof(Adam), nameof(AdamW), nameof(Adagrad)])
            {
                torch.Row($"{name} {n}", Single(RuleCatalog.Rules.Single(rule => rule.Name == name), n));
            }
        }
        Parameter<float>[] many = [.. Enumerable.Range(0, 200).Select(i => Make($"p{i}", 1000))];
        Optimizer<float> optimizer = new() { KeepGradients = true };
        optimizer.AddGroup(new AdamW(), many);
        torch.Row("AdamW 200x1000", () => optimizer.Step());
        Parameter<float> large = Make("large", 4_000_000);
        Optimizer<float> clipped = Optimizer.For(new AdamW(), [large]);
        clipped.Clip = GradientClip.ByNorm(1);
        torch.Row("clip+AdamW+zero 4000000", () =>
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
}
