using System.Numerics;

namespace Engine.Kernels;

/// <summary>(a − b)².</summary>
internal readonly struct SquaredDifference : ITerm
{
    public static L Of<L>(L a, L b) where L : ILane<L>
    {
        L difference = a - b;
        return difference * difference;
    }
}

/// <summary>Passes over the difference of two vectors.</summary>
internal static unsafe class Differences
{
    /// <summary>y ← factor·(a − b).</summary>
    public static void Scaled<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y, T factor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(a.Length, b.Length, y.Length);
        fixed (T* pa = a, pb = b, py = y)
        {
            Blocks.Run<ScaledLoop<T>, T>(new(pa, pb, py, factor), a.Length);
        }
    }

    internal readonly struct ScaledLoop<T>(T* a, T* b, T* y, T factor) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L f = L.Broadcast(factor);
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store((L.Load(a + i) - L.Load(b + i)) * f, y + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < to)
            {
                Run<Scalar<T>>(i, to); // arithmetic alone: the same bits in every lane
            }
        }
    }
}
