using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

/// <summary>
/// When the results of a loop are stored past the caches: if they fill half of the last one, so that nothing of them would be left there
/// when they are read.
/// </summary>
internal static unsafe class NonTemporalStores
{
    /// <summary>The bytes of a result from which on it is stored past the caches; none on processors that do not tell.</summary>
    public static long Threshold { get; set; } = LastLevelCache is > 0 and long bytes ? bytes / 2 : long.MaxValue;

    /// <summary>The bytes of the last cache before memory; 0 if the processor does not tell.</summary>
    public static long LastLevelCache => X86Base.IsSupported
        ? Math.Max(LargestCache(4), LargestCache(unchecked((int)0x8000001D))) // the leaves of Intel and of AMD; the other's has no caches
        : 0;

    /// <summary>Whether a result of <paramref name="length"/> elements is stored past the caches.</summary>
    public static bool PayFor<T>(long length) where T : unmanaged, IFloatingPointIeee754<T> => length * sizeof(T) >= Threshold;

    /// <summary>The largest cache in a leaf of the CPUID instruction, as both vendors' manuals describe it.</summary>
    private static long LargestCache(int leaf)
    {
        long largest = 0;
        for (int cache = 0; cache < 16; cache++)
        {
            (int a, int b, int c, _) = X86Base.CpuId(leaf, cache);
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
