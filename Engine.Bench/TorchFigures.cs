using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Engine.Bench;

/// <summary>
/// PyTorch's times from a file that a program in Peers wrote on this machine, and a table of ours beside them. The least time counts on
/// both sides, since PyTorch's threads spin and its mean says more about the other load of the machine.
/// </summary>
internal sealed class TorchFigures
{
    private readonly Dictionary<string, JsonElement> _times;

    /// <summary>Reads the file that <c>--torch=FILE</c> names, if there is one, and prints the table's head.</summary>
    /// <param name="words">The program's arguments.</param>
    /// <param name="peer">The program whose output the file is.</param>
    public TorchFigures(string[] words, string peer)
    {
        _times = words.FirstOrDefault(w => w.StartsWith("--torch=", StringComparison.Ordinal)) is { } file
            ? JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(File.ReadAllText(file[8..]))!
            : [];
        Console.WriteLine(_times.TryGetValue("torch", out JsonElement version)
            ? $"Peer: PyTorch {version}, two threads; ours: {Kernels.Workers.Count}"
            : $"No peer: give --torch=FILE with the output of Peers/{peer}.");
        Console.WriteLine($"{"",-36} {"ours µs",10} {"PyTorch µs",11} {"PyTorch/ours",13}");
    }

    /// <summary>Times an action, warm, and prints its row.</summary>
    /// <param name="name">Its name, here and in the file.</param>
    /// <param name="action">What is timed.</param>
    /// <param name="divisor">How many of what the row counts one action does.</param>
    public void Row(string name, Action action, int divisor = 1)
    {
        for (int pass = 0; pass < 4; pass++)
        {
            _ = Best(action, 150);
            Thread.Sleep(60);
        }
        double ours = Best(action, 700) / divisor;
        string peer = _times.TryGetValue(name, out JsonElement time)
            ? string.Create(CultureInfo.InvariantCulture, $"{time.GetDouble(),11:0.00} {time.GetDouble() / ours,13:0.00}")
            : "";
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-36} {ours,10:0.000} {peer}"));
    }

    private static double Best(Action action, int milliseconds)
    {
        double best = double.PositiveInfinity;
        long begin = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(begin).TotalMilliseconds < milliseconds)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 4; i++)
            {
                action();
            }
            best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalMicroseconds / 4);
        }
        return best;
    }
}
