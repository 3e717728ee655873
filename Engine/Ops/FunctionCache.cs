using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engine;

/// <summary>
/// The operations that carry a function with its parameters: one for each of the last <see cref="Capacity"/> different parameter values,
/// so that a training step which uses the same few values allocates nothing. Older ones are replaced in turn; the recordings that use them
/// keep them.
/// </summary>
/// <remarks>
/// Threads may read and add at the same time: an entry never changes, and one that another thread overwrites is only created again.
/// </remarks>
internal static class FunctionCache<TFunction, TOp> where TFunction : unmanaged, IEquatable<TFunction> where TOp : class
{
    /// <summary>How many parameter values are kept.</summary>
    public const int Capacity = 16;

    private static readonly Entry?[] Entries = new Entry?[Capacity];
    private static int s_added = -1;

    /// <summary>The operation for this function, created if it is not kept.</summary>
    public static TOp Get(TFunction function, Func<TFunction, TOp> create)
    {
        foreach (Entry? entry in Entries)
        {
            if (entry is null)
            {
                break;
            }
            if (AreSame(entry.Function, function))
            {
                return entry.Op;
            }
        }
        Entry added = new(function, create(function));
        Entries[(uint)Interlocked.Increment(ref s_added) % Capacity] = added;
        return added.Op;
    }

    /// <summary>
    /// Equal, and bit by bit: 0 and −0 are equal, but 1/0 and 1/−0 are not. A single byte is no number, and in a struct without fields it
    /// is undefined.
    /// </summary>
    private static bool AreSame(TFunction a, TFunction b) => a.Equals(b) && (Unsafe.SizeOf<TFunction>() == 1
        || MemoryMarshal.AsBytes(new ReadOnlySpan<TFunction>(in a)).SequenceEqual(
            MemoryMarshal.AsBytes(new ReadOnlySpan<TFunction>(in b))));

    private sealed record Entry(TFunction Function, TOp Op);
}
