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
    /// <summary>How many elements ahead the loops prefetch: about the next row, whose first pass only reads.</summary>
    private const int Ahead = 1024;

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
                // exponentials in the place of y are in the caches already
                bool pastCaches = !TFormula.UsesExponentials && NonTemporalStores.PayOff<T>(y.Length);
                Kernel.Run<ForwardRowKernel<TFormula, T>, T>(new(px, py, n, pastCaches), outer, Kernel.RowsPerChunk(outer, n));
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
                bool pastCaches = NonTemporalStores.PayOff<T>(dx.Length);
                Kernel.Run<BackwardRowKernel<TFormula, T>, T>(new(py, pg, pd, n, pastCaches), outer, Kernel.RowsPerChunk(outer, n));
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
    internal readonly struct ForwardRowKernel<TFormula, T>(T* x, T* y, int n, bool pastCaches) : IKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                Row<L>(x + (nint)row * n, y + (nint)row * n);
            }
            NonTemporalStores.Fence(pastCaches);
        }

        private void Row<L>(T* source, T* result) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T max = Max<L, T>(source, n), sum = SumOfExponentials<L, T>(source, TFormula.UsesExponentials ? result : null, n, max);
            T total = TFormula.Total(new Scalar<T>(sum)).Value;
            ElementLoop.Run<OutputBody<TFormula, T>, L, T>(new(source, result, max, total), 0, n, pastCaches);
        }
    }

    /// <summary>Backward pass over rows (inner is 1).</summary>
    internal readonly struct BackwardRowKernel<TFormula, T>(T* y, T* g, T* dx, int n, bool pastCaches) : IKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                nint start = (nint)row * n;
                T sum = RowSums.Of<RowPairs<TFormula, T>, L, T>(new(g + start, y + start), n);
                ElementLoop.Run<DerivativeBody<TFormula, T>, L, T>(new(y + start, g + start, dx + start, sum), 0, n, pastCaches);
            }
            NonTemporalStores.Fence(pastCaches);
        }
    }

    /// <summary>
    /// The largest number among the elements; a zero is positive, whatever the order in which zeros were compared. NaN is ignored here: its
    /// exponential makes the sum NaN.
    /// </summary>
    [SkipLocalsInit]
    internal static T Max<L, T>(T* x, int n) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T largest = T.NegativeInfinity;
        int i = 0;
        if (n >= 4 * L.Count)
        {
            L a = double.NegativeInfinity, b = a, c = a, d = a;
            for (; i <= n - 4 * L.Count; i += 4 * L.Count)
            {
                a = L.Larger(L.Load(x + i), a);
                b = L.Larger(L.Load(x + i + L.Count), b);
                c = L.Larger(L.Load(x + i + 2 * L.Count), c);
                d = L.Larger(L.Load(x + i + 3 * L.Count), d);
            }
            T* lanes = stackalloc T[L.Count];
            L.Store(L.Larger(L.Larger(a, b), L.Larger(c, d)), lanes);
            for (int lane = 0; lane < L.Count; lane++)
            {
                largest = lanes[lane] > largest ? lanes[lane] : largest;
            }
        }
        for (; i < n; i++)
        {
            largest = x[i] > largest ? x[i] : largest;
        }
        return largest + T.Zero;
    }

    /// <summary>Σ e^(x − max) over a row, whose exponentials are also stored to <paramref name="y"/> unless that is null.</summary>
    /// <remarks>
    /// In double precision the exponentials and their sum take two passes: four of the longer series exceed what the compiler inlines into
    /// one loop. The order of summation is the same.
    /// </remarks>
    [SkipLocalsInit]
    internal static T SumOfExponentials<L, T>(T* x, T* y, int n, T max)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(float))
        {
            return RowSums.Of<Exponentials<T>, L, T>(new(x, y, max), n);
        }
        T* buffer = stackalloc T[Reduction.BlockLength];
        T* stack = stackalloc T[PairwiseAccumulator<Scalar<T>, T>.Capacity];
        PairwiseAccumulator<Scalar<T>, T> sums = new(stack);
        for (int from = 0; from < n; from += Reduction.BlockLength)
        {
            int count = Math.Min(Reduction.BlockLength, n - from);
            T* exponentials = y == null ? buffer : y + from;
            ElementLoop.Run<ExponentialBody<T>, L, T>(new(x + from, exponentials, max), 0, count);
            RowSums.Block<RowPairs<IdentityTerm, T>, L, T>(new(exponentials, exponentials), 0, count, out T sum, out _);
            sums.Add(new(sum));
        }
        return sums.Total().Value;
    }

    /// <summary>e^(x − max).</summary>
    private readonly struct ExponentialBody<T>(T* x, T* y, T max) : IElementKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(L.Exp(memory.Load(x + i) - L.Broadcast(max)), y + i);
    }

    /// <summary>e^(x − max), also stored to y unless that is null.</summary>
    private readonly struct Exponentials<T>(T* x, T* y, T max) : IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory, out L first, out L second)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            Prefetch.Line(x + i + Ahead);
            first = L.Exp(memory.Load(x + i) - L.Broadcast(max));
            second = default;
            if (y != null)
            {
                memory.Store(first, y + i);
            }
        }
    }

    /// <summary>y from x and, where the formula uses them, from the exponentials in y.</summary>
    private readonly struct OutputBody<TFormula, T>(T* x, T* y, T max, T total) : IElementKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L e = TFormula.UsesExponentials ? memory.Load(y + i) : default;
            memory.Store(TFormula.Output(memory.Load(x + i), e, L.Broadcast(max), L.Broadcast(total)), y + i);
        }
    }

    /// <summary>Computes dx from y, g and the sum of the terms.</summary>
    private readonly struct DerivativeBody<TFormula, T>(T* y, T* g, T* dx, T sum) : IElementKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            Prefetch.Line(y + i + Ahead);
            Prefetch.Line(g + i + Ahead);
            memory.Store(TFormula.Derivative(memory.Load(y + i), memory.Load(g + i), L.Broadcast(sum)), dx + i);
        }
    }

    /// <summary>Forward pass over columns, numbered 0 … outer·inner − 1.</summary>
    internal readonly struct ForwardColumnKernel<TFormula, T>(T* x, T* y, int n, int inner) : IKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T* stack = stackalloc T[PairwiseAccumulator<L, T>.Capacity];
            while (from < to)
            {
                (int outer, int column) = Math.DivRem(from, inner);
                int count = Math.Min(inner - column, to - from);
                nint start = (nint)outer * n * inner + column;
                ElementLoop.Run<ForwardColumnBody<TFormula, T>, L, T>(new(x + start, y + start, n, inner, stack), 0, count);
                from += count;
            }
        }
    }

    /// <summary>Forward pass over one lane of columns.</summary>
    private readonly struct ForwardColumnBody<TFormula, T>(T* x, T* y, int n, int inner, T* stack) : IElementKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            T* source = x + i, result = y + i;
            nint length = (nint)n * inner;
            L max = double.NegativeInfinity;
            for (nint row = 0; row < length; row += inner)
            {
                max = L.Larger(memory.Load(source + row), max);
            }
            PairwiseAccumulator<L, T> sums = new(stack);
            for (nint row = 0; row < length;)
            {
                L sum = 0;
                for (nint end = Math.Min(length, row + Reduction.RowBlock * (nint)inner); row < end; row += inner)
                {
                    L e = L.Exp(memory.Load(source + row) - max);
                    memory.Store(e, result + row);
                    sum += e;
                }
                sums.Add(sum);
            }
            L total = TFormula.Total(sums.Total());
            for (nint row = 0; row < length; row += inner)
            {
                memory.Store(TFormula.Output(memory.Load(source + row), memory.Load(result + row), max, total), result + row);
            }
        }
    }

    /// <summary>Backward pass over columns, numbered 0 … outer·inner − 1.</summary>
    internal readonly struct BackwardColumnKernel<TFormula, T>(T* y, T* g, T* dx, int n, int inner) : IKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T* stack = stackalloc T[PairwiseAccumulator<L, T>.Capacity];
            while (from < to)
            {
                (int outer, int column) = Math.DivRem(from, inner);
                int count = Math.Min(inner - column, to - from);
                nint start = (nint)outer * n * inner + column;
                BackwardColumnBody<TFormula, T> body = new(y + start, g + start, dx + start, n, inner, stack);
                ElementLoop.Run<BackwardColumnBody<TFormula, T>, L, T>(body, 0, count);
                from += count;
            }
        }
    }

    /// <summary>Backward pass over one lane of columns.</summary>
    private readonly struct BackwardColumnBody<TFormula, T>(T* y, T* g, T* dx, int n, int inner, T* stack) : IElementKernel<T>
        where TFormula : struct, ISoftmax where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            nint end = i + (nint)n * inner;
            PairwiseAccumulator<L, T> sums = new(stack);
            for (nint row = i; row < end;)
            {
                L sum = 0;
                for (nint last = Math.Min(end, row + Reduction.RowBlock * (nint)inner); row < last; row += inner)
                {
                    sum += TFormula.Of(memory.Load(g + row), memory.Load(y + row));
                }
                sums.Add(sum);
            }
            L total = sums.Total();
            for (nint row = i; row < end; row += inner)
            {
                memory.Store(TFormula.Derivative(memory.Load(y + row), memory.Load(g + row), total), dx + row);
            }
        }
    }
}
