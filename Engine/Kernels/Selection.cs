using System.Numerics;

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
            Blocks.Run<Loop<T>, T>(new(pm, pt, po, py), y.Length);
        }
    }

    private readonly struct Loop<T>(T* mask, T* then, T* otherwise, T* y) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store(L.WhereGreater(L.Load(mask + i), 0, L.Load(then + i), L.Load(otherwise + i)), y + i);
            }
            if (i < to)
            {
                int rest = to - i;
                L ifTrue = Blocks.LoadTail<L, T>(then + i, rest), ifFalse = Blocks.LoadTail<L, T>(otherwise + i, rest);
                Blocks.StoreTail(L.WhereGreater(Blocks.LoadTail<L, T>(mask + i, rest), 0, ifTrue, ifFalse), y + i, rest);
            }
        }
    }
}
