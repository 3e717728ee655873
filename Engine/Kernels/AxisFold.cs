using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// Reductions along the middle axis of [outer, n, inner] whose terms are computed on the way: sums, products, the largest, the smallest.
/// </summary>
/// <remarks>
/// The order is that of <see cref="Reduction.SumAxis{T}"/>, with another operation in place of the addition: in a row (inner is 1), 64
/// running results in blocks of 4,096; in a column, element by element in blocks of 128; then blocks pairwise, neighbors first.
/// </remarks>
internal static unsafe class AxisFold
{
    /// <summary>y ← term(x₀, s) ∘ term(x₁, s) ∘ … at each place, with a number s that belongs to the place.</summary>
    /// <param name="term">The function of x and s.</param>
    /// <param name="x">[outer, n, inner].</param>
    /// <param name="s">[outer, inner]; empty if the term does not depend on it.</param>
    /// <param name="y">[outer, inner].</param>
    /// <param name="layout">The extents.</param>
    public static void Run<TFold, TTerm, T>(TTerm term, ReadOnlySpan<T> x, ReadOnlySpan<T> s, Span<T> y, in AxisLayout layout)
        where TFold : struct, IFold where TTerm : unmanaged, IPairFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, layout.Length);
        Guard.SameLength(y.Length, layout.Places, s.IsEmpty ? y.Length : s.Length);
        if (x.IsEmpty)
        {
            y.Fill(T.CreateTruncating(TFold.Identity));
            return;
        }
        fixed (T* px = x, ps = s, py = y)
        {
            if (layout.Inner == 1)
            {
                Rows<TFold, TTerm, T>(term, px, ps, py, layout.Outer, layout.N);
            }
            else
            {
                Columns.Run<ColumnBody<TFold, TTerm, T>, T>(new(term, px, ps, py, layout.N, layout.Inner), layout);
            }
        }
    }

    private static void Rows<TFold, TTerm, T>(TTerm term, T* x, T* s, T* y, int outer, int n)
        where TFold : struct, IFold where TTerm : unmanaged, IPairFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        int blocks = Reduction.BlockCount(n), chunk = Kernel.RowsPerChunk(outer * blocks, Math.Min(n, Reduction.BlockLength));
        if (blocks == 1)
        {
            Kernel.Run<BlockKernel<TFold, TTerm, T>, T>(new(term, x, s, y, n, blocks), outer, chunk);
            return;
        }
        T[] rented = System.Buffers.ArrayPool<T>.Shared.Rent(outer * blocks);
        fixed (T* partial = rented)
        {
            Kernel.Run<BlockKernel<TFold, TTerm, T>, T>(new(term, x, s, partial, n, blocks), outer * blocks, chunk);
            T* stack = stackalloc T[PairwiseAccumulator<Scalar<T>, T>.Capacity];
            for (int row = 0; row < outer; row++)
            {
                PairwiseAccumulator<Scalar<T>, T> results = new(stack);
                for (int block = 0; block < blocks; block++)
                {
                    results.Add<TFold>(new(partial[row * blocks + block]));
                }
                y[row] = results.Total<TFold>().Value;
            }
        }
        System.Buffers.ArrayPool<T>.Shared.Return(rented);
    }

    /// <summary>Reduces the blocks of all rows.</summary>
    internal readonly struct BlockKernel<TFold, TTerm, T>(TTerm term, T* x, T* s, T* y, int n, int blocks) : IKernel<T>
        where TFold : struct, IFold where TTerm : unmanaged, IPairFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int i = from; i < to; i++)
            {
                (int row, int block) = Math.DivRem(i, blocks);
                int start = block * Reduction.BlockLength;
                y[i] = Block<L>(x + (nint)row * n + start, s == null ? T.Zero : s[row], Math.Min(Reduction.BlockLength, n - start));
            }
        }

        /// <summary>Running result j takes the elements j, j + 64, j + 128, …; then halves are combined with halves.</summary>
        [SkipLocalsInit]
        private T Block<L>(T* values, T statistic, int length) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            const int running = Reduction.Accumulators;
            T* results = stackalloc T[running];
            new Span<T>(results, running).Fill(T.CreateTruncating(TFold.Identity));
            (int rows, int rest) = Math.DivRem(length, running);
            if (rows > 0)
            {
                ElementLoop.Run<RunningBody<TFold, TTerm, T>, L, T>(new(term, values, statistic, results, rows), 0, running);
            }
            if (rest > 0)
            {
                ElementLoop.Run<RunningBody<TFold, TTerm, T>, L, T>(new(term, values + rows * running, statistic, results, 1), 0, rest);
            }
            int width = running / 2;
            while (width >= length)
            {
                width /= 2; // the upper half has taken no element
            }
            for (; width >= L.Count; width /= 2)
            {
                for (int i = 0; i < width; i += L.Count)
                {
                    L.Store(TFold.Of(L.Load(results + i), L.Load(results + width + i)), results + i);
                }
            }
            for (; width > 0; width /= 2)
            {
                for (int i = 0; i < width; i++)
                {
                    results[i] = TFold.Of(new Scalar<T>(results[i]), new Scalar<T>(results[width + i])).Value;
                }
            }
            return results[0];
        }
    }

    /// <summary>Takes some elements, 64 apart, into a lane of running results.</summary>
    private readonly struct RunningBody<TFold, TTerm, T>(TTerm term, T* x, T s, T* results, int rows) : IElementKernel<T>
        where TFold : struct, IFold where TTerm : unmanaged, IPairFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L result = memory.Load(results + i), statistic = L.Broadcast(s);
            T* element = x + i;
            for (int rest = rows; rest > 0; rest--, element += Reduction.Accumulators)
            {
                result = TFold.Of(result, term.Of(memory.Load(element), statistic));
            }
            memory.Store(result, results + i);
        }
    }

    /// <summary>Reduces one lane of columns.</summary>
    internal readonly struct ColumnBody<TFold, TTerm, T>(TTerm term, T* x, T* s, T* y, int n, int inner) : IColumns<T>
        where TFold : struct, IFold where TTerm : unmanaged, IPairFunction where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint element, nint place, T* stack, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L statistic = s == null ? 0 : memory.Load(s + place);
            PairwiseAccumulator<L, T> results = new(stack);
            T* source = x + element;
            for (int row = 0; row < n; row += Reduction.RowBlock)
            {
                L result = TFold.Identity;
                for (int rest = Math.Min(Reduction.RowBlock, n - row); rest > 0; rest--, source += inner)
                {
                    result = TFold.Of(result, term.Of(memory.Load(source), statistic));
                }
                results.Add<TFold>(result);
            }
            memory.Store(results.Total<TFold>(), y + place);
        }
    }
}
