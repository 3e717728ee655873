using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace Engine.Bench;

/// <summary>Runs the comparison that the first argument names, or hands all arguments to BenchmarkDotNet.</summary>
internal static class Program
{
    private static readonly (string Name, string Description, Func<string[], int> Run)[] Comparisons =
    [
        ("steps", "whole optimizer steps, beside PyTorch with --torch=FILE", StepsComparison.Run),
        ("layers", "forward + backward pass of layers, activations and losses, beside PyTorch with --torch=FILE", LayersComparison.Run),
        ("train", "whole training steps and the tape, beside PyTorch with --torch=FILE", TrainComparison.Run),
        ("rules", "one step of every elementwise rule against fused C++ loops", RulesComparison.Run),
        ("kill", "kills a process that writes checkpoints, 300 times, and looks at what is left", KilledWriter.Run),
        ("disk", "saves checkpoints on a disk that is filled at random, and looks at what is left", FullDisk.Run),
        ("loops", "no call may be left in a compiled loop: fails if there is one", HotLoops.Run),
        ("files", "a model saved and loaded, beside a plain copy of the file", FilesComparison.Run),
        ("matmul", "matrix product against OpenBLAS, one and two threads", MatrixProductComparison.Run),
    ];

    private static int Main(string[] args)
    {
        foreach (var (name, _, run) in Comparisons)
        {
            if (args.Length > 0 && args[0] == name)
            {
                return run(args[1..]);
            }
        }
        Console.WriteLine("Comparisons with other libraries, each by its name:");
        foreach (var (name, description, _) in Comparisons)
        {
            Console.WriteLine($"  {name,-8} {description}");
        }
        Console.WriteLine("All other arguments are BenchmarkDotNet's:");
        // the default folder for results would be inside the repository
        IConfig config = DefaultConfig.Instance.WithArtifactsPath(Path.Combine(Path.GetTempPath(), "engine-bench"));
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return summaries.Any(summary => summary.HasCriticalValidationErrors || summary.Reports.Any(report => !report.Success)) ? 1 : 0;
    }
}
