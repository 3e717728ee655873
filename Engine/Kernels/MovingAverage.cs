using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>A vector that moves part of the way to another.</summary>
internal static unsafe class MovingAverage
{
    /// <summary>m ← m + share·(x − m); a share of 1 copies x.</summary>
    public static void Run<T>(Span<T> m, double share, ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, m.Length);
        if (share == 1)
        {
            x.CopyTo(m); // m + (x − m) is not x where m is much larger
            return;
        }
        fixed (T* pm = m, px = x)
        {
            ElementLoop.Run<Body<T>, T>(new(pm, T.CreateTruncating(share), px), m.Length, inPlace: true);
        }
    }

    internal readonly struct Body<T>(T* m, T share, T* x) : IElementKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L average = memory.Load(m + i);
            memory.Store(average + L.Broadcast(share) * (memory.Load(x + i) - average), m + i);
        }
    }
}
