using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The loop over elements, lane by lane, and its tail.</summary>
/// <remarks>
/// Loop and tail are methods of their own, never inlined: what the compiler inlines into one method is limited, and has to go into the body
/// of the loop.
/// </remarks>
internal static class ElementLoop
{
    /// <summary>Computes the elements from <paramref name="from"/> up to, but not including, <paramref name="to"/>.</summary>
    /// <remarks>Who has elements stored past the caches ends with <see cref="NonTemporalStores.Fence"/>.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<TKernel, L, T>(in TKernel kernel, nint from, nint to, bool pastCaches = false)
        where TKernel : struct, IElementKernel<T>, allows ref struct where L : unmanaged, ILane<L>, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (pastCaches)
        {
            Run<TKernel, NonTemporalLane<L, T>, L, T>(kernel, from, to);
        }
        else
        {
            Run<TKernel, FullLane<L, T>, L, T>(kernel, from, to);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Run<TKernel, TAccess, L, T>(in TKernel given, nint from, nint to)
        where TKernel : struct, IElementKernel<T>, allows ref struct where TAccess : struct, ILaneAccess<L, T>
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        TKernel kernel = given; // a copy, whose fields the compiler keeps in registers: a store might change the original
        nint i = from;
        for (; i <= to - L.Count; i += L.Count)
        {
            kernel.At<L, TAccess>(i, default);
        }
        if (i < to)
        {
            Tail<TKernel, L, T>(given, i, (int)(to - i));
        }
    }

    /// <summary>The loop in the widest lane of this machine, divided among the threads where it is long.</summary>
    public static void Run<TKernel, T>(TKernel kernel, int length, bool inPlace = false)
        where TKernel : unmanaged, IElementKernel<T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Kernel.Run<Range<TKernel, T>, T>(new(kernel, !inPlace && NonTemporalStores.PayOff<T>(length)), length);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Tail<TKernel, L, T>(in TKernel kernel, nint i, int count)
        where TKernel : struct, IElementKernel<T>, allows ref struct where L : unmanaged, ILane<L>, ILane<L, T>
        where T : unmanaged, IFloatingPointIeee754<T> =>
        kernel.At<L, PartialLane<L, T>>(i, new(count));

    /// <summary>The loop over a range, as a kernel.</summary>
    internal readonly struct Range<TKernel, T>(TKernel kernel, bool pastCaches) : IKernel<T>
        where TKernel : unmanaged, IElementKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            ElementLoop.Run<TKernel, L, T>(kernel, from, to, pastCaches);
            NonTemporalStores.Fence(pastCaches);
        }
    }
}
