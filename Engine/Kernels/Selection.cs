using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>y ← then where mask &gt; 0, else otherwise: four vectors of one length.</summary>
internal static unsafe class Selection
{
    public static void Run<T>(ReadOnlySpan<T> mask, ReadOnlySpan<T> then, ReadOnlySpan<T> otherwise, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(y.Length, mask.Length, then.Length, otherwise.Length);
        fixed (T* pm = mask, pt = then, po = otherwise, py = y)
        {
            ElementLoop.Run<Body<T>, T>(new(pm, pt, po, py), y.Length);
        }
    }

    private readonly struct Body<T>(T* mask, T* then, T* otherwise, T* y) : IElementKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(L.WhereGreater(memory.Load(mask + i), 0, memory.Load(then + i), memory.Load(otherwise + i)), y + i);
    }
}
