using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>Softmax and its logarithm along the middle axis of [outer, n, inner].</summary>
/// <remarks>
/// The largest element is subtracted first, so that nothing overflows. The order of summation is that of
/// <see cref="Reduction.SumAxis{T}"/>.
/// </remarks>
internal static unsafe class Softmax
{
    /// <summary>y ← softmax(x), or its logarithm.</summary>
    public static void Forward<TFormula, T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner)
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
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
                Kernel.Run<ForwardRowKernel<TFormula, T>, T>(new(px, py, n), outer, Kernel.RowsPerChunk(outer, n));
            }
            else
            {
                Kernel.Run<ForwardColumnKernel<TFormula, T>, T>(new(px, py, n, inner), outer * inner, ColumnsPerChunk(outer * inner, n));
            }
        }
    }

    /// <summary>dx ← the gradient with respect to x, given y and the gradient g with respect to y.</summary>
    public static void Backward<TFormula, T>(ReadOnlySpan<T> y, ReadOnlySpan<T> g, Span<T> dx, int outer, int n, int inner)
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
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
                Kernel.Run<BackwardRowKernel<TFormula, T>, T>(new(py, pg, pd, n), outer, Kernel.RowsPerChunk(outer, n));
            }
            else
            {
                BackwardColumnKernel<TFormula, T> kernel = new(py, pg, pd, n, inner);
                Kernel.Run<BackwardColumnKernel<TFormula, T>, T>(kernel, outer * inner, ColumnsPerChunk(outer * inner, n));
            }
        }
    }

    /// <summary>A chunk of columns: whole cache lines, so that no two threads write to the same one.</summary>
    private static int ColumnsPerChunk(int columns, int n) => (Kernel.RowsPerChunk(columns, n) + 63) / 64 * 64;

    /// <summary>Forward pass over rows (inner is 1).</summary>
    internal readonly struct ForwardRowKernel<TFormula, T>(T* x, T* y, int n) : IKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
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
            L max = L.Broadcast(Max<L, T>(source, n));
            int i = 0;
            for (; i <= n - L.Count; i += L.Count)
            {
                L.Store(L.Exp(L.Load(source + i) - max), result + i);
            }
            int rest = n - i;
            if (rest > 0)
            {
                Kernel.StoreTail(L.Exp(Kernel.LoadTail<L, T>(source + i, rest) - max), result + i, rest);
            }
            ReadOnlySpan<T> exponentials = new(result, n);
            Scalar<T> sum = new(Reduction.Sum<IdentityTerm, L, T>(exponentials, exponentials));
            L total = L.Broadcast(TFormula.Total(sum).Value);
            for (i = 0; i <= n - L.Count; i += L.Count)
            {
                L.Store(TFormula.Output(L.Load(source + i), L.Load(result + i), max, total), result + i);
            }
            if (rest > 0)
            {
                L output = TFormula.Output(Kernel.LoadTail<L, T>(source + i, rest), Kernel.LoadTail<L, T>(result + i, rest), max, total);
                Kernel.StoreTail(output, result + i, rest);
            }
        }
    }

    /// <summary>Backward pass over rows (inner is 1).</summary>
    internal readonly struct BackwardRowKernel<TFormula, T>(T* y, T* g, T* dx, int n) : IKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
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
                    L derivative = TFormula.Derivative(Kernel.LoadTail<L, T>(y + i, rest), Kernel.LoadTail<L, T>(g + i, rest), sum);
                    Kernel.StoreTail(derivative, dx + i, rest);
                }
            }
        }
    }

    /// <summary>The largest element, or NaN if there is one.</summary>
    [SkipLocalsInit]
    internal static T Max<L, T>(T* x, int n) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
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

    /// <summary>Forward pass over columns, numbered 0 … outer·inner − 1.</summary>
    internal readonly struct ForwardColumnKernel<TFormula, T>(T* x, T* y, int n, int inner) : IKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
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
                for (nint end = Math.Min(length, i + Reduction.RowBlock * (nint)inner); i < end; i += inner)
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

    /// <summary>Backward pass over columns, numbered 0 … outer·inner − 1.</summary>
    internal readonly struct BackwardColumnKernel<TFormula, T>(T* y, T* g, T* dx, int n, int inner) : IKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
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
                for (nint last = Math.Min(end, i + Reduction.RowBlock * (nint)inner); i < last; i += inner)
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
