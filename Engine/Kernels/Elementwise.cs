using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>A function of one number over whole vectors, forward and backward. Vectors may be the same memory.</summary>
internal static unsafe class Elementwise
{
    /// <summary>y ← f(x).</summary>
    public static void Map<TFunction, T>(TFunction function, ReadOnlySpan<T> x, Span<T> y)
        where TFunction : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length);
        fixed (T* px = x, py = y)
        {
            Kernel.Run<MapLoop<TFunction, T>, T>(new(function, px, py), x.Length);
        }
    }

    /// <summary>dx ← g·f′(x) by the <see cref="ChainRule"/>, with y = f(x).</summary>
    public static void MapBackward<TFunction, T>(TFunction function, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> g, Span<T> dx)
        where TFunction : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length, g.Length, dx.Length);
        fixed (T* px = x, py = y, pg = g, pd = dx)
        {
            Kernel.Run<MapBackwardLoop<TFunction, T>, T>(new(function, px, py, pg, pd), x.Length);
        }
    }

    internal readonly struct MapLoop<TFunction, T>(TFunction function, T* x, T* y) : IKernel<T>
        where TFunction : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            TFunction f = function; // a copy on the stack, whose fields the compiler keeps in registers
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store(f.Value(L.Load(x + i)), y + i);
            }
            if (i < to)
            {
                Tail<L>(i, to - i);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)] // what the compiler inlines into one method is limited, and belongs to the loop
        private void Tail<L>(int i, int rest) where L : unmanaged, ILane<L>, ILane<L, T> =>
            Kernel.StoreTail(function.Value(Kernel.LoadTail<L, T>(x + i, rest)), y + i, rest);
    }

    internal readonly struct MapBackwardLoop<TFunction, T>(TFunction function, T* x, T* y, T* g, T* dx) : IKernel<T>
        where TFunction : unmanaged, IUnaryFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            TFunction f = function;
            int i = from;
            for (; i <= to - L.Count; i += L.Count)
            {
                L.Store(ChainRule.Apply(L.Load(g + i), f.Derivative(L.Load(x + i), L.Load(y + i))), dx + i);
            }
            if (i < to)
            {
                Tail<L>(i, to - i);
            }
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        private void Tail<L>(int i, int rest) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L d = function.Derivative(Kernel.LoadTail<L, T>(x + i, rest), Kernel.LoadTail<L, T>(y + i, rest));
            Kernel.StoreTail(ChainRule.Apply(Kernel.LoadTail<L, T>(g + i, rest), d), dx + i, rest);
        }
    }
}
