using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

/// <summary>
/// Decides which results are stored past the caches: those that fill half of the last-level cache or more, little of which would still be
/// there when they are read.
/// </summary>
internal static unsafe class NonTemporalStores
{
    /// <summary>From this many bytes on, a result is stored past the caches; never where the size of the caches is unknown.</summary>
    public static long Threshold { get; set; } = LastLevelCache is > 0 and long bytes ? bytes / 2 : long.MaxValue;

    /// <summary>The bytes of the last-level cache; 0 if unknown.</summary>
    public static long LastLevelCache => Math.Max(LargestCache(0, 4), LargestCache(0x80000000, 0x8000001D)); // Intel's leaf, and AMD's

    /// <summary>Whether a result of <paramref name="length"/> elements is stored past the caches.</summary>
    public static bool PayOff<T>(long length) where T : unmanaged, IFloatingPointIeee754<T> => length * sizeof(T) >= Threshold;

    /// <summary>
    /// Makes the stores of this thread past the caches, if it had any, visible before any later one: each kernel that may have such stores
    /// ends its range with it.
    /// </summary>
    public static void Fence(bool pastCaches)
    {
        if (pastCaches && Sse.IsSupported)
        {
            Sse.StoreFence();
        }
    }

    /// <summary>
    /// The largest cache in a leaf of the CPUID instruction, as both vendors' manuals describe it; the first leaf says which is the last.
    /// </summary>
    private static long LargestCache(uint first, uint leaf)
    {
        long largest = 0;
        if (!X86Base.IsSupported || (uint)X86Base.CpuId((int)first, 0).Eax < leaf)
        {
            return largest;
        }
        for (int cache = 0; cache < 16; cache++)
        {
            (int a, int b, int c, _) = X86Base.CpuId((int)leaf, cache);
            if ((a & 31) == 0)
            {
                break; // no more caches
            }
            long ways = ((b >>> 22) & 1023) + 1, partitions = ((b >>> 12) & 1023) + 1, line = (b & 4095) + 1, sets = (uint)c + 1L;
            largest = Math.Max(largest, ways * partitions * line * sets);
        }
        return largest;
    }
}
