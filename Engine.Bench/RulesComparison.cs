using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Engine.Bench;

/// <summary>
/// Times one step of every elementwise rule against a fused C++ loop of the same rule (Peers/rules.cpp, compiled here by g++), in turn, on
/// one and two threads. The least of each side's times counts, since the machine is shared; the median of the pairs' ratios stands beside
/// it. Words: parts of rule names to choose by; <c>--fast-math</c> lets the peer replace division and root by estimates;
/// <c>--sizes=1000,16384</c>.
/// </summary>
internal static unsafe class RulesComparison
{
    private const int Rounds = 21;

    public static int Run(string[] words)
    {
        bool fastMath = words.Contains("--fast-math");
        int[] sizes = words.FirstOrDefault(w => w.StartsWith("--sizes=", StringComparison.Ordinal)) is { } list
            ? [.. list[8..].Split(',').Select(n => int.Parse(n, CultureInfo.InvariantCulture))]
            : [16_384, 1_000_000, 25_000_000];
        string[] names = [.. words.Where(w => !w.StartsWith("--", StringComparison.Ordinal))];
        nint library = CppPeer.Load("rules.cpp", fastMath);
        Console.WriteLine($"{"rule",-18} {"n",9} {"threads",7} {"ours µs",10} {"C++ µs",10} {"C++/ours",9}   median of pairs (10–90 %)");
        foreach (int size in sizes)
        {
            foreach (
                RuleCatalogEntry rule in RuleCatalog.Elementwise.SelectMany(family =>
                    family.Rules).Where(r => names.Length == 0 || names.Contains(r.Name)))
            {
                foreach (int threads in (int[])[1, 2])
                {
                    Console.WriteLine(
                        Row(rule, size, threads,
                            (delegate* unmanaged<float*, float*, float*, float*, float*, float*, float*, long, int,
                            void>)NativeLibrary.GetExport(library, rule.Name)));
                }
            }
        }
        return 0;
    }

    private static string Row(RuleCatalogEntry rule, int n, int threads, delegate* unmanaged<float*, float*, float*, float*, float*,
        float*, float*, long, int, void> peer)
    {
        Kernels.Workers.Count = threads;
        Parameter<float> parameter = new("p", Tensor<float>.Full([n], 0.5f));
        Optimizer<float> optimizer = new() { KeepGradients = true };
        rule.AddTo(optimizer, [parameter]);
        parameter.SetGradient(Tensor<float>.Full([n], 0.01f));
        float*[] arrays = new float*[6];
        for (int i = 0; i < 6; i++)
        {
            arrays[i] = (float*)NativeMemory.AlignedAlloc((nuint)n * 4, 64);
            new Span<float>(arrays[i], n).Fill(0.01f);
        }
        float* scalars = stackalloc float[8] { 0.9f, 0.1f, 0.999f, 0.001f, 1.5f, 1e-3f, 1e-8f, 0.5f };
        void Ours() => optimizer.Step();
        void Peer() => peer(arrays[0], arrays[1], arrays[2], arrays[3], arrays[4], arrays[5], scalars, n, threads);
        WarmUp(Ours);
        WarmUp(Peer);
        int repeats = Math.Max(1, 200_000 / n);
        List<double> ours = [], peers = [], ratios = [];
        for (int round = 0; round < Rounds; round++)
        {
            if (threads > 1)
            {
                Thread.Sleep(8); // the peer's threads spin on for some milliseconds and would take our core
            }
            _ = Microseconds(Ours, repeats); // each side once untimed: after the other's turn its threads and caches are cold
            ours.Add(Microseconds(Ours, repeats));
            _ = Microseconds(Peer, repeats);
            peers.Add(Microseconds(Peer, repeats));
            ratios.Add(peers[^1] / ours[^1]);
        }
        foreach (float* array in arrays)
        {
            NativeMemory.AlignedFree(array);
        }
        ratios.Sort();
        return string.Create(CultureInfo.InvariantCulture,
            $"{rule.Name,-18} {n,9} {threads,7} {ours.Min(),10:0.00} {peers.Min(),10:0.00} {peers.Min() / ours.Min(),9:0.00}   "
            + $"{ratios[Rounds / 2]:0.00} ({ratios[Rounds / 10]:0.00}–{ratios[Rounds - 1 - (Rounds / 10)]:0.00})");
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
