using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

/// <summary>Asks for memory some iterations before a loop reads it.</summary>
/// <remarks>
/// It pays where much is computed for each element, or many arrays are read together: the hardware's own prefetching stops at page borders,
/// and follows only a few streams. Loops bound by memory alone become slower (measured: docs/performance.md).
/// </remarks>
internal static unsafe class Prefetch
{
    /// <summary>Asks for the cache line of an address. One past the end of an array is no fault: the request is dropped.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line<T>(T* address) where T : unmanaged
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(address);
        }
    }
}
