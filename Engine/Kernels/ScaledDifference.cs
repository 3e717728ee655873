using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The difference of two vectors, scaled by a number.</summary>
internal static unsafe class ScaledDifference
{
    /// <summary>y ← factor·(a − b).</summary>
    public static void Run<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y, T factor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(a.Length, b.Length, y.Length);
        fixed (T* pa = a, pb = b, py = y)
        {
            ElementLoop.Run<Body<T>, T>(new(pa, pb, py, factor), a.Length);
        }
    }

    internal readonly struct Body<T>(T* a, T* b, T* y, T factor) : IElementKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store((memory.Load(a + i) - memory.Load(b + i)) * L.Broadcast(factor), y + i);
    }
}
