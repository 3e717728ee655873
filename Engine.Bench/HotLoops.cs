using System.Diagnostics;
using System.Numerics;
using System.Reflection;
using System.Runtime.Intrinsics;
using System.Text.RegularExpressions;
using Engine.Kernels;

namespace Engine.Bench;

/// <summary>
/// Reads what the JIT makes of the kernels: a call that is left in an innermost loop over vectors means that it ran out of its inlining
/// budget, and costs a factor of three to four. Nothing is timed, so this check does not depend on the machine's load.
/// </summary>
internal static partial class HotLoops
{
    /// <summary>The methods whose innermost loops run over elements; other loops, over rows and blocks, call these.</summary>
    private static readonly string[] s_methods =
    [
        "ElementLoop:Run[", "Sweep:Loop[", "RowSums:Block[", "RowSums:Rest[", "Softmax:Max[", "MicroKernel", "]:CopyTo[", "]:AddBack[",
    ];

    /// <summary>Powers take different paths for different elements and are computed one by one.</summary>
    private const string OneByOne = "PowFunction";

    /// <summary>A call for angles above a hundred thousand, which stands beside the loop's ordinary path.</summary>
    private const string Rare = "Trigonometry:FarWave";

    /// <summary>Fewer loops than this mean that the listing is not what it should be.</summary>
    private const int FewestLoops = 150;

    public static int Run(string[] words)
    {
        if (words is ["kernels"])
        {
            foreach (long threshold in (long[])[long.MaxValue, 0])
            {
                NonTemporalStores.Threshold = threshold;
                RunKernels<float>();
                RunKernels<double>();
            }
            RunRules<float>();
            RunRules<double>();
            return 0;
        }
        int code = Check([]);
        return Vector512.IsHardwareAccelerated ? code | Check(["DOTNET_EnableAVX512"]) : code;
    }

    /// <summary>Compiles the kernels in a process of its own, and reads the listing.</summary>
    /// <param name="disabled">Instruction sets that are turned off, so that the next narrower lane is compiled.</param>
    private static int Check(string[] disabled)
    {
        string listing = Path.GetTempFileName();
        ProcessStartInfo start = new(Environment.ProcessPath!, ["loops", "kernels"]);
        start.Environment["DOTNET_TieredCompilation"] = "0";
        start.Environment["DOTNET_JitDisasm"] = "Engine.Kernels.*:* Engine.Sweep:*";
        start.Environment["DOTNET_JitStdOutFile"] = listing;
        foreach (string variable in disabled)
        {
            start.Environment[variable] = "0";
        }
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        string[] lines = File.ReadAllLines(listing);
        File.Delete(listing);
        if (process.ExitCode != 0)
        {
            Console.Error.WriteLine($"The kernels ended with exit code {process.ExitCode}.");
            return 1;
        }
        Console.WriteLine(disabled.Length == 0 ? "All instruction sets of this machine:" : $"Without {string.Join(", ", disabled)}:");
        return Report(lines);
    }

    private static int Report(string[] lines)
    {
        int loops = 0, bad = 0, starts = 0;
        string method = "";
        for (int i = 0; i <= lines.Length; i++)
        {
            Match header = i < lines.Length ? Header().Match(lines[i]) : Match.Empty;
            if (i < lines.Length && !header.Success)
            {
                continue;
            }
            foreach (string[] loop in InnermostLoops(lines[starts..i]))
            {
                string[] calls =
                    [.. loop.Select(line => Call().Match(line)).Where(m => m.Success).Select(m => m.Groups[1].Value)
                        .Where(static callee => !callee.Contains(Rare)).Distinct()];
                if (!loop.Any(line => Vector().IsMatch(line)) || !s_methods.Any(method.Contains) || method.Contains(OneByOne))
                {
                    continue;
                }
                loops++;
                if (calls.Length > 0)
                {
                    bad++;
                    Console.WriteLine($"{method}\n    calls {string.Join("\n    calls ", calls)}");
                }
            }
            (method, starts) = (header.Groups[1].Value, i);
        }
        Console.WriteLine($"{loops} loops over vectors, {bad} with calls.");
        return bad > 0 || loops < FewestLoops ? 1 : 0;
    }

    /// <summary>The loops of a method that contain no other loop.</summary>
    private static IEnumerable<string[]> InnermostLoops(string[] body)
    {
        Dictionary<string, int> labels = [];
        List<(int From, int To)> loops = [];
        for (int i = 0; i < body.Length; i++)
        {
            if (Label().Match(body[i]) is { Success: true } label)
            {
                labels[label.Groups[1].Value] = i;
            }
            else if (Jump().Match(body[i]) is { Success: true } jump && labels.TryGetValue(jump.Groups[1].Value, out int target))
            {
                loops.Add((target, i));
            }
        }
        return loops.Where(a => !loops.Any(b => b != a && a.From <= b.From && b.To <= a.To)).Select(a => body[a.From..a.To]);
    }

    /// <summary>Runs every kernel of the operations once, so that it is compiled.</summary>
    private static void RunKernels<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        MethodInfo unary = typeof(HotLoops).GetMethod(nameof(RunUnary), BindingFlags.NonPublic | BindingFlags.Static)!;
        MethodInfo binary = typeof(HotLoops).GetMethod(nameof(RunBinary), BindingFlags.NonPublic | BindingFlags.Static)!;
        foreach (Type type in typeof(ExpOp).Assembly.GetTypes().Where(t => t is { IsValueType: true, IsGenericTypeDefinition: false }))
        {
            if (typeof(IUnaryFunction).IsAssignableFrom(type))
            {
                unary.MakeGenericMethod(type, typeof(T)).Invoke(null, null);
            }
            else if (typeof(IBinaryFunction).IsAssignableFrom(type))
            {
                binary.MakeGenericMethod(type, typeof(T)).Invoke(null, null);
            }
        }
        Parameter<T> x = Sample<T>("x", 37, 101), weight = Sample<T>("w", 9, 101), scale = Sample<T>("s", 101),
            kernel = Sample<T>("k", 2, 1, 3, 3);
        BatchNorm<T> rows = new(101), planes = new(37);
        Dropout<T> dropout = new(0.5, RandomKey.FromSeed(1));
        int[] classes = new int[37];
        Tape<T> tape = new();
        using (tape.Record())
        {
            Tensor<T> v = x.Value;
            Tensor<T> loss = v.Softmax().Sum() + v.Softmax(0).Sum() + v.LogSoftmax().Sum() + v.LogSoftmax(0).Sum() + v.Sum(0).Sum()
                + v.LayerNorm(scale.Value, scale.Value).Sum() + rows.Forward(v).Sum() + planes.Forward(v.Reshape(1, 37, 101)).Sum()
                + v.Linear(weight.Value).Sum() + dropout.Forward(v).Sum() + (v / (1 + v * v)).Sum() + v.MeanSquaredError(v * 2)
                + v.CrossEntropy(classes, labelSmoothing: 0.1) + v.Reshape(1, 1, 37, 101).Conv2d(kernel.Value, padding: 1).Sum()
                + Tensor<T>.WhereGreater(v, v + 1, v, v * 3).Sum()
                + Tensor<T>.Where(v.LessOrEqual(0.5), v, v.GreaterOrEqual(v * v) * v).Sum();
            tape.Backward(loss + Reductions(v, 0) + Reductions(v, 1) + v.RmsNorm(scale.Value).Sum()
                + v.Reshape(1, 37, 101).InstanceNorm(v.Sum(1), v.Sum(1)).Sum() + Losses(v, v * 0.5) + Cells(v));
        }
    }

    private static void RunRules<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (RuleCatalogEntry rule in RuleCatalog.Elementwise.SelectMany(family => family.Rules))
        {
            foreach (int n in (int[])[1003, 1 << 17])
            {
                RunRule<T>(rule, n, GradientClip.None);
            }
            RunRule<T>(rule, 1003, GradientClip.ByNorm(1));
            RunRule<T>(rule, 1003, GradientClip.ByValue(0.001));
        }
    }

    private static Tensor<T> Losses<T>(Tensor<T> x, Tensor<T> target) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> signs = Tensor<T>.Ones(x.Shape);
        return x.BinaryCrossEntropy(target) + x.BinaryCrossEntropyWithLogits(target) + x.KullbackLeibler(target) + x.SoftMargin(signs)
            + x.Hinge(signs) + x.HingeEmbedding(signs) + x.GaussianNegativeLogLikelihood(target, target) + x.Huber(target);
    }

    private static Tensor<T> Cells<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T> =>
        x.Slice(.., ..100).LstmCell(x.Slice(.., 1..), x.Slice(.., ..25)).Sum()
            + x.Slice(.., ..99).GruCell(x.Slice(.., 1..100), x.Slice(.., ..33)).Sum();

    private static Tensor<T> Reductions<T>(Tensor<T> x, int axis) where T : unmanaged, IFloatingPointIeee754<T> =>
        x.Variance(axis).Sum() + x.StandardDeviation(axis).Sum() + x.LogSumExp(axis).Sum() + x.Max(axis).Sum() + x.Min(axis).Sum()
            + x.Product(axis).Sum() + x.CumulativeSum(axis).Sum() + x.Norm(axis).Sum() + x.Norm(axis, p: 1).Sum()
            + x.Norm(axis, p: double.PositiveInfinity).Sum();

    private static void RunRule<T>(RuleCatalogEntry rule, int n, GradientClip clip) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Parameter<T> parameter = Sample<T>("p", n);
        parameter.SetGradient(parameter.Value);
        Optimizer<T> optimizer = new() { Clip = clip };
        rule.AddTo(optimizer, [parameter]);
        optimizer.Step();
    }

    private static void RunUnary<TFunction, T>()
        where TFunction : unmanaged, IUnaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Parameter<T> x = Sample<T>("x", 1003);
        Tape<T> tape = new();
        using (tape.Record())
        {
            tape.Backward(x.Value.Apply(new TFunction()).Sum());
        }
    }

    private static void RunBinary<TFunction, T>()
        where TFunction : unmanaged, IBinaryFunction, IEquatable<TFunction> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Parameter<T> a = Sample<T>("a", 37, 101), b = Sample<T>("b", 101);
        Tape<T> tape = new();
        using (tape.Record())
        {
            tape.Backward(Tensor<T>.Apply(default(TFunction), a.Value, b.Value).Sum());
        }
    }

    private static Parameter<T> Sample<T>(string name, params int[] shape) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] values = new T[shape.Aggregate(1, static (product, extent) => product * extent)];
        RandomKey.FromSeed(1).Fold(name).FillUniform(values.AsSpan(), 0.1, 1);
        return new(name, Tensor<T>.From(values, new Shape(shape)));
    }

    [GeneratedRegex(@"^; Assembly listing for method (.*) \(.*\)$")]
    private static partial Regex Header();

    [GeneratedRegex(@"^(G_M\w+_IG\d+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"^\s+[jb]\S*\s+(?:.*\s)?(G_M\w+_IG\d+)")]
    private static partial Regex Jump();

    [GeneratedRegex(@"^\s+(?:call|blr?)\s+(.*)")]
    private static partial Regex Call();

    [GeneratedRegex(@"\b[xyz]mm\d|\bv\d+\.")]
    private static partial Regex Vector();
}
