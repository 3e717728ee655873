using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Engine.Bench;

/// <summary>
/// Times one step of every elementwise rule against a fused C++ loop of the same rule (Peers/rules.cpp, compiled here by g++),
/// alternating, on one and two threads. The minimum of each side's times counts, since the machine is shared; the median of the pairs'
/// ratios stands beside it.
/// Arguments: names of rules; <c>--fast-math</c> lets the peer replace division and root by estimates; <c>--sizes=1000,16384</c>;
/// <c>--allocations=20</c> measures one thread on newly allocated arrays each time, and says which of the times was the worst.
/// </summary>
internal static unsafe class RulesComparison
{
    private const int Rounds = 21;

    /// <summary>A step of this many elements runs the same loops as the longest.</summary>
    private const int WarmUpLength = 1 << 17;

    public static int Run(string[] words)
    {
        bool fastMath = words.Contains("--fast-math");
        int allocations = words.FirstOrDefault(w => w.StartsWith("--allocations=", StringComparison.Ordinal)) is { } number
            ? int.Parse(number[14..], CultureInfo.InvariantCulture)
            : 1;
        int[] sizes = words.FirstOrDefault(w => w.StartsWith("--sizes=", StringComparison.Ordinal)) is { } list
            ? [.. list[8..].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))]
            : [16_384, 1_000_000, 25_000_000];
        RuleCatalogEntry[] rules = [.. RuleCatalog.Elementwise.SelectMany(family => family.Rules)];
        string[] names = [.. words.Where(w => !w.StartsWith("--", StringComparison.Ordinal))];
        nint library = CppPeer.Load("rules.cpp", fastMath);
        Console.WriteLine($"{"rule",-18} {"n",9} {"threads",7} {"ours µs",10} {"C++ µs",10} {"C++/ours",9}   median of pairs (10–90 %)");
        foreach (int size in sizes)
        {
            foreach (RuleCatalogEntry rule in rules.Where(r => names.Length == 0 || names.Contains(r.Name)))
            {
                nint peer = NativeLibrary.GetExport(library, rule.Name);
                if (allocations == 1)
                {
                    _ = Row(rule, size, 1, peer);
                    _ = Row(rule, size, 2, peer);
                    continue;
                }
                double[] ratios = [.. Enumerable.Range(0, allocations).Select(_ => Row(rule, size, 1, peer))];
                string worst = ratios.Min().ToString("0.00", CultureInfo.InvariantCulture);
                Console.WriteLine($"{rule.Name,-18} {size,9} worst of {allocations}: {worst}");
            }
        }
        return 0;
    }

    /// <summary>Measures a rule and prints the row; returns the peer's least time as a multiple of ours.</summary>
    private static double Row(RuleCatalogEntry rule, int n, int threads, nint function)
    {
        var peer = (delegate* unmanaged<float*, float*, float*, float*, float*, float*, float*, long, int, void>)function;
        Kernels.Workers.Count = threads;
        WarmUp(Step(rule, Math.Min(n, WarmUpLength))); // a long step runs too seldom for its loops to be compiled with optimization
        float*[] arrays = new float*[6];
        for (int i = 0; i < 6; i++)
        {
            arrays[i] = (float*)NativeMemory.AlignedAlloc((nuint)n * 4, 64);
            new Span<float>(arrays[i], n).Fill(0.01f);
        }
        float* scalars = stackalloc float[8] { 0.9f, 0.1f, 0.999f, 0.001f, 1.5f, 1e-3f, 1e-8f, 0.5f };
        Action ours = Step(rule, n);
        void Peer() => peer(arrays[0], arrays[1], arrays[2], arrays[3], arrays[4], arrays[5], scalars, n, threads);
        WarmUp(ours);
        WarmUp(Peer);
        int repeats = Math.Max(1, 200_000 / n);
        List<double> times = [], peers = [], ratios = [];
        for (int round = 0; round < Rounds; round++)
        {
            if (threads > 1)
            {
                Thread.Sleep(8); // the peer's threads spin on for some milliseconds and would take our core
            }
            _ = Microseconds(ours, repeats); // each side once untimed: after the other's turn its threads and caches are cold
            times.Add(Microseconds(ours, repeats));
            _ = Microseconds(Peer, repeats);
            peers.Add(Microseconds(Peer, repeats));
            ratios.Add(peers[^1] / times[^1]);
        }
        foreach (float* array in arrays)
        {
            NativeMemory.AlignedFree(array);
        }
        ratios.Sort();
        double ratio = peers.Min() / times.Min();
        string least = string.Create(CultureInfo.InvariantCulture,
            $"{rule.Name,-18} {n,9} {threads,7} {times.Min(),10:0.00} {peers.Min(),10:0.00} {ratio,9:0.00}");
        string spread = string.Create(CultureInfo.InvariantCulture,
            $"{ratios[Rounds / 2]:0.00} ({ratios[Rounds / 10]:0.00}–{ratios[Rounds - 1 - (Rounds / 10)]:0.00})");
        Console.WriteLine($"{least}   {spread}");
        return ratio;
    }

    /// <summary>A step of an optimizer with the rule, over a parameter of its own.</summary>
    private static Action Step(RuleCatalogEntry rule, int n)
    {
        Parameter<float> parameter = new("p", Tensor<float>.Full([n], 0.5f));
        Optimizer<float> optimizer = new() { KeepGradients = true };
        rule.AddTo(optimizer, [parameter]);
        parameter.SetGradient(Tensor<float>.Full([n], 0.01f));
        return () => optimizer.Step();
    }

    private static void WarmUp(Action action)
    {
        for (int pass = 0; pass < 5; pass++)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 60 || (i < 1000 && Stopwatch.GetElapsedTime(start).TotalMilliseconds < 30); i++)
            {
                action();
                if (Stopwatch.GetElapsedTime(start).TotalMilliseconds > 200)
                {
                    break;
                }
            }
            Thread.Sleep(100);
        }
    }

    private static double Microseconds(Action action, int repeats)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < repeats; i++)
        {
            action();
        }
        return Stopwatch.GetElapsedTime(start).TotalMicroseconds / repeats;
    }
}
