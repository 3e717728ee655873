using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>Running sums and products along the middle axis of [outer, n, inner].</summary>
internal static unsafe class Scan
{
    /// <summary>yᵢ ← x₀ + … + xᵢ, or xᵢ + … + xₙ₋₁ in reverse.</summary>
    /// <remarks>
    /// In blocks of 128 elements, each with a sum of its own that is added to the sum of the blocks before it: the error grows with n/128.
    /// </remarks>
    public static void Sum<T>(ReadOnlySpan<T> x, Span<T> y, in AxisLayout layout, bool reverse)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length, layout.Length);
        if (x.IsEmpty)
        {
            return;
        }
        nint last = (nint)(layout.N - 1) * layout.Inner;
        fixed (T* px = x, py = y)
        {
            SumBody<T> body = reverse
                ? new(px + last, py + last, layout.N, -layout.Inner)
                : new(px, py, layout.N, layout.Inner);
            Columns.Run<SumBody<T>, T>(body, layout);
        }
    }

    /// <summary>dxᵢ ← g·Π xⱼ over all j ≠ i, without a division: g of [outer, inner].</summary>
    public static void ProductsOfOthers<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> g, Span<T> dx, in AxisLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, dx.Length, layout.Length);
        Guard.SameLength(g.Length, layout.Places);
        if (x.IsEmpty)
        {
            return;
        }
        fixed (T* px = x, pg = g, pd = dx)
        {
            Columns.Run<ProductBody<T>, T>(new(px, pg, pd, layout.N, layout.Inner), layout);
        }
    }

    /// <summary>Running sums of one lane of columns, from where x and y point, with a step from each element to the next.</summary>
    internal readonly struct SumBody<T>(T* x, T* y, int n, nint step) : IColumns<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint element, nint place, T* stack, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L before = 0;
            for (int row = 0; row < n;)
            {
                L sum = 0;
                for (int end = Math.Min(n, row + Reduction.RowBlock); row < end; row++, element += step)
                {
                    sum += memory.Load(x + element);
                    memory.Store(before + sum, y + element);
                }
                before += sum;
            }
        }
    }

    /// <summary>The product of the elements before, times that of the elements after, for one lane of columns.</summary>
    internal readonly struct ProductBody<T>(T* x, T* g, T* dx, int n, nint inner) : IColumns<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint element, nint place, T* stack, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            nint i = element, end = element + n * inner;
            for (L before = memory.Load(g + place); i < end; i += inner)
            {
                memory.Store(before, dx + i);
                before *= memory.Load(x + i);
            }
            L after = 1;
            while (i > element)
            {
                i -= inner;
                memory.Store(memory.Load(dx + i) * after, dx + i);
                after *= memory.Load(x + i);
            }
        }
    }
}
