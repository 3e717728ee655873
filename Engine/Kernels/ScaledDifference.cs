using System.Numerics;

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
            Kernel.Run<DifferenceKernel<T>, T>(new(pa, pb, py, factor), a.Length);
        }
    }

    internal readonly struct DifferenceKernel<T>(T* a, T* b, T* y, T factor) : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
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
                Run<Scalar<T>>(i, to); // only − ×: the same bits in every lane
            }
        }
    }
}
