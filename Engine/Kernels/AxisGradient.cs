using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The backward pass of a reduction along the middle axis of [outer, n, inner], element by element.</summary>
internal static unsafe class AxisGradient
{
    /// <summary>dx ← f(x, a, b) with x and dx of [outer, n, inner] and a and b of [outer, inner].</summary>
    public static void Run<TFormula, T>(
        TFormula formula, ReadOnlySpan<T> x, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> dx, in AxisLayout layout)
        where TFormula : unmanaged, IAxisGradient where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, dx.Length, layout.Length);
        Guard.SameLength(a.Length, b.Length, layout.Places);
        fixed (T* px = x, pa = a, pb = b, pd = dx)
        {
            Kernel.Run<GradientKernel<TFormula, T>, T>(new(formula, px, pa, pb, pd, layout.N, layout.Inner), x.Length);
        }
    }

    /// <summary>Computes elements of dx: pieces of rows if inner is 1, else of what has the same index on the middle axis.</summary>
    internal readonly struct GradientKernel<TFormula, T>(TFormula formula, T* x, T* a, T* b, T* dx, int n, int inner) : IKernel<T>
        where TFormula : unmanaged, IAxisGradient where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            while (from < to)
            {
                (int row, int i) = Math.DivRem(from, inner == 1 ? n : inner);
                int count = Math.Min((inner == 1 ? n : inner) - i, to - from);
                if (inner == 1)
                {
                    ElementLoop.Run<RowBody<TFormula, T>, L, T>(new(formula, x + from, a[row], b[row], dx + from), 0, count);
                }
                else
                {
                    nint place = (nint)(row / n) * inner + i;
                    ElementLoop.Run<PlaceBody<TFormula, T>, L, T>(new(formula, x + from, a + place, b + place, dx + from), 0, count);
                }
                from += count;
            }
        }
    }

    /// <summary>Elements of one place.</summary>
    private readonly struct RowBody<TFormula, T>(TFormula formula, T* x, T a, T b, T* dx) : IElementKernel<T>
        where TFormula : unmanaged, IAxisGradient where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(formula.Of(memory.Load(x + i), L.Broadcast(a), L.Broadcast(b)), dx + i);
    }

    /// <summary>One element of each of neighboring places.</summary>
    private readonly struct PlaceBody<TFormula, T>(TFormula formula, T* x, T* a, T* b, T* dx) : IElementKernel<T>
        where TFormula : unmanaged, IAxisGradient where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(formula.Of(memory.Load(x + i), memory.Load(a + i), memory.Load(b + i)), dx + i);
    }
}
