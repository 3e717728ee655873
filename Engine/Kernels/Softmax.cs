using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>A function of eˣ along an axis and of its sum; the term is what the backward pass adds up, of g and y.</summary>
internal interface ISoftmax : ITerm
{
    /// <summary>The function's name in messages.</summary>
    static abstract string Name { get; }

    /// <summary>What the outputs need of Σ e^(x − max).</summary>
    static abstract L Total<L>(L sum) where L : ILane<L>;

    /// <summary>y, with e = e^(x − max).</summary>
    static abstract L Output<L>(L x, L e, L max, L total) where L : ILane<L>;

    /// <summary>dx, with the sum of the terms.</summary>
    static abstract L Derivative<L>(L y, L g, L sum) where L : ILane<L>;
}

/// <summary>
/// Softmax and its logarithm along the middle axis of [outer, n, inner]. The largest element is taken off first, so that nothing overflows. Sums are in the order of
/// <see cref="Reduction"/>: that of a vector where inner is 1, else row by row in blocks of 128.
/// </summary>
internal static unsafe class Softmax
{
    private const int RowBlock = 128;

    /// <summary>y ← the function of x.</summary>
    public static void Forward<TFormula, T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner) where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length, outer * n * inner);
        if (x.IsEmpty)
        {
            return;
        }
        fixed (T* px = x, py = y)
        {
            if (inner == 1)
            {
                Blocks.Run<Rows<TFormula, T>, T>(new(px, py, n), outer, Blocks.LinesPerPart(outer, n));
            }
            else
            {
                Blocks.Run<Columns<TFormula, T>, T>(new(px, py, n, inner), outer * inner, ColumnsPerPart(outer * inner, n));
            }
        }
    }

    /// <summary>dx ← the gradient of x, from y and the gradient g of y.</summary>
    public static void Backward<TFormula, T>(ReadOnlySpan<T> y, ReadOnlySpan<T> g, Span<T> dx, int outer, int n, int inner) where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(y.Length, g.Length, dx.Length, outer * n * inner);
        if (y.IsEmpty)
        {
            return;
        }
        fixed (T* py = y, pg = g, pd = dx)
        {
            if (inner == 1)
            {
                Blocks.Run<RowsBack<TFormula, T>, T>(new(py, pg, pd, n), outer, Blocks.LinesPerPart(outer, n));
            }
            else
            {
                Blocks.Run<ColumnsBack<TFormula, T>, T>(new(py, pg, pd, n, inner), outer * inner, ColumnsPerPart(outer * inner, n));
            }
        }
    }

    /// <summary>Whole cache lines of columns, so that no two threads write to one.</summary>
    private static int ColumnsPerPart(int columns, int n) => (Blocks.LinesPerPart(columns, n) + 63) / 64 * 64;

    internal readonly struct Rows<TFormula, T>(T* x, T* y, int n) : ILoop<T> where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                Row<L>(x + (nint)row * n, y + (nint)row * n);
            }
        }

        private void Row<L>(T* source, T* result) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L max = L.Broadcast(Largest<L, T>(source, n));
            int i = 0;
            for (; i <= n - L.Count; i += L.Count)
            {
                L.Store(L.Exp(L.Load(source + i) - max), result + i);
            }
            int rest = n - i;
            if (rest > 0)
            {
                Blocks.StoreTail(L.Exp(Blocks.LoadTail<L, T>(source + i, rest) - max), result + i, rest);
            }
            ReadOnlySpan<T> exponentials = new(result, n);
            Scalar<T> sum = new(Reduction.Sum<Itself, L, T>(exponentials, exponentials));
            L total = L.Broadcast(TFormula.Total(sum).Value);
            for (i = 0; i <= n - L.Count; i += L.Count)
            {
                L.Store(TFormula.Output(L.Load(source + i), L.Load(result + i), max, total), result + i);
            }
            if (rest > 0)
            {
                L output = TFormula.Output(Blocks.LoadTail<L, T>(source + i, rest), Blocks.LoadTail<L, T>(result + i, rest), max, total);
                Blocks.StoreTail(output, result + i, rest);
            }
        }
    }

    internal readonly struct RowsBack<TFormula, T>(T* y, T* g, T* dx, int n) : ILoop<T> where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                nint start = (nint)row * n;
                L sum = L.Broadcast(Reduction.Sum<TFormula, L, T>(new ReadOnlySpan<T>(g + start, n), new ReadOnlySpan<T>(y + start, n)));
                nint i = start, end = start + n;
                for (; i <= end - L.Count; i += L.Count)
                {
                    L.Store(TFormula.Derivative(L.Load(y + i), L.Load(g + i), sum), dx + i);
                }
                int rest = (int)(end - i);
                if (rest > 0)
                {
                    Blocks.StoreTail(TFormula.Derivative(Blocks.LoadTail<L, T>(y + i, rest), Blocks.LoadTail<L, T>(g + i, rest), sum), dx + i, rest);
                }
            }
        }
    }

    /// <summary>The largest element, NaN if there is one.</summary>
    [SkipLocalsInit]
    internal static T Largest<L, T>(T* x, int n) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Scalar<T> largest = double.NegativeInfinity;
        int i = 0;
        if (n >= 4 * L.Count)
        {
            L a = double.NegativeInfinity, b = a, c = a, d = a;
            for (; i <= n - 4 * L.Count; i += 4 * L.Count)
            {
                a = L.Max(a, L.Load(x + i));
                b = L.Max(b, L.Load(x + i + L.Count));
                c = L.Max(c, L.Load(x + i + 2 * L.Count));
                d = L.Max(d, L.Load(x + i + 3 * L.Count));
            }
            T* lanes = stackalloc T[L.Count];
            L.Store(L.Max(L.Max(a, b), L.Max(c, d)), lanes);
            for (int lane = 0; lane < L.Count; lane++)
            {
                largest = Scalar<T>.Max(largest, new(lanes[lane]));
            }
        }
        for (; i < n; i++)
        {
            largest = Scalar<T>.Max(largest, new(x[i]));
        }
        return largest.Value;
    }

    /// <summary>Columns number 0 … outer·inner − 1.</summary>
    internal readonly struct Columns<TFormula, T>(T* x, T* y, int n, int inner) : ILoop<T> where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            while (from < to)
            {
                (int outer, int column) = Math.DivRem(from, inner);
                int count = Math.Min(inner - column, to - from);
                nint start = (nint)outer * n * inner + column;
                int i = 0;
                for (; i <= count - L.Count; i += L.Count)
                {
                    Column<L>(x + start + i, y + start + i);
                }
                for (; i < count; i++)
                {
                    Column<Scalar<T>>(x + start + i, y + start + i);
                }
                from += count;
            }
        }

        private void Column<L>(T* source, T* result) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            nint length = (nint)n * inner;
            L max = double.NegativeInfinity;
            for (nint i = 0; i < length; i += inner)
            {
                max = L.Max(max, L.Load(source + i));
            }
            L total = 0;
            for (nint i = 0; i < length;)
            {
                L sum = 0;
                for (nint end = Math.Min(length, i + RowBlock * (nint)inner); i < end; i += inner)
                {
                    L e = L.Exp(L.Load(source + i) - max);
                    L.Store(e, result + i);
                    sum += e;
                }
                total += sum;
            }
            total = TFormula.Total(total);
            for (nint i = 0; i < length; i += inner)
            {
                L.Store(TFormula.Output(L.Load(source + i), L.Load(result + i), max, total), result + i);
            }
        }
    }

    internal readonly struct ColumnsBack<TFormula, T>(T* y, T* g, T* dx, int n, int inner) : ILoop<T> where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            while (from < to)
            {
                (int outer, int column) = Math.DivRem(from, inner);
                int count = Math.Min(inner - column, to - from), i = 0;
                nint start = (nint)outer * n * inner + column;
                for (; i <= count - L.Count; i += L.Count)
                {
                    Column<L>(start + i);
                }
                for (; i < count; i++)
                {
                    Column<Scalar<T>>(start + i);
                }
                from += count;
            }
        }

        private void Column<L>(nint start) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            nint end = start + (nint)n * inner;
            L total = 0;
            for (nint i = start; i < end;)
            {
                L sum = 0;
                for (nint last = Math.Min(end, i + RowBlock * (nint)inner); i < last; i += inner)
                {
                    sum += TFormula.Of(L.Load(g + i), L.Load(y + i));
                }
                total += sum;
            }
            for (nint i = start; i < end; i += inner)
            {
                L.Store(TFormula.Derivative(L.Load(y + i), L.Load(g + i), total), dx + i);
            }
        }
    }
}
