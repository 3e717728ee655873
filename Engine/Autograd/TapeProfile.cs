using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Engine;

/// <summary>
/// Where the time and memory of a training step go, by operation: set it as a tape's profile, train for some steps, and print it.
/// </summary>
/// <remarks>
/// The forward time of an operation is counted from the end of the one before it, so that it includes what the program does in between;
/// compilation is included too, so let the steps run warm and <see cref="Clear"/> the profile before the ones that count.
/// </remarks>
public sealed class TapeProfile
{
    private readonly Dictionary<string, TapeProfileEntry> _entries = [];
    private long _mark;

    /// <summary>What was measured, the longest time first.</summary>
    public IReadOnlyList<TapeProfileEntry> Entries => [.. _entries.Values.OrderByDescending(static e => e.Forward + e.Backward)];

    /// <summary>Forgets what was measured.</summary>
    public void Clear() => _entries.Clear();

    /// <summary>A table: operation, calls, forward and backward time, and the bytes of the results.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        int width = Math.Max("operation".Length, _entries.Keys.Select(static name => name.Length).DefaultIfEmpty().Max());
        text.AppendLine($"{"operation".PadRight(width)}  calls   forward ms  backward ms           bytes");
        foreach (TapeProfileEntry e in Entries)
        {
            text.AppendLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{e.Operation.PadRight(width)} {e.Calls,6} {e.Forward.TotalMilliseconds,12:F3} {e.Backward.TotalMilliseconds,12:F3} "
                        + $"{e.Bytes,15:N0}"));
        }
        return text.ToString();
    }

    /// <summary>Begins the time of the next operation.</summary>
    internal void Mark() => _mark = Stopwatch.GetTimestamp();

    /// <summary>Ends the time of an operation's forward pass.</summary>
    internal void AddForward(string operation, long bytes)
    {
        TapeProfileEntry entry = EntryOf(operation);
        entry.Calls++;
        entry.Bytes += bytes;
        entry.Forward += Stopwatch.GetElapsedTime(_mark);
        Mark();
    }

    /// <summary>Ends the time of an operation's backward pass.</summary>
    internal void AddBackward(string operation) => EntryOf(operation).Backward += Stopwatch.GetElapsedTime(_mark);

    private TapeProfileEntry EntryOf(string operation)
    {
        if (!_entries.TryGetValue(operation, out TapeProfileEntry? entry))
        {
            entry = new TapeProfileEntry(operation);
            _entries.Add(operation, entry);
        }
        return entry;
    }
}
