using System.Numerics;

namespace Engine.Kernels;

/// <summary>A formula of one number over whole vectors, forward and backward. Vectors may be the same memory.</summary>
internal static unsafe class Elementwise
{
    /// <summary>y ← f(x).</summary>
    public static void Map<TFormula, T>(ReadOnlySpan<T> x, Span<T> y) where TFormula : struct, IUnary where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length);
        fixed (T* px = x, py = y)
        {
            Kernel.Run<MapLoop<TFormula, T>, T>(new(px, py), x.Length);
        }
    }

    /// <summary>dx ← g · f′(x), with y = f(x).</summary>
    public static void MapBack<TFormula, T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> g, Span<T> dx) where TFormula : struct, IUnary where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length, g.Length, dx.Length);
        fixed (T* px = x, py = y, pg = g, pd = dx)
        {
            Kernel.Run<MapBackLoop<TFormula, T>, T>(new(px, py, pg, pd), x.Length);
        }
    }

    internal readonly struct MapLoop<TFormula, T>(T* x, T* y) : IKernel<T> where TFormula : struct, IUnary where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store(TFormula.F(L.Load(x + i)), y + i);
            }
            if (i < to)
            {
                Kernel.StoreTail(TFormula.F(Kernel.LoadTail<L, T>(x + i, to - i)), y + i, to - i);
            }
        }
    }

    internal readonly struct MapBackLoop<TFormula, T>(T* x, T* y, T* g, T* dx) : IKernel<T> where TFormula : struct, IUnary where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store(L.Load(g + i) * TFormula.Derivative(L.Load(x + i), L.Load(y + i)), dx + i);
            }
            if (i < to)
            {
                int rest = to - i;
                L d = TFormula.Derivative(Kernel.LoadTail<L, T>(x + i, rest), Kernel.LoadTail<L, T>(y + i, rest));
                Kernel.StoreTail(Kernel.LoadTail<L, T>(g + i, rest) * d, dx + i, rest);
            }
        }
    }
}
