using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The terms that <see cref="ColumnSums"/> adds up down the columns of a matrix: one or two per element.</summary>
internal interface IColumnTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether there is a second term.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>The terms of a lane of elements of one row, starting at <paramref name="column"/>.</summary>
    void At<L, TAccess>(nint row, nint column, TAccess memory, out L first, out L second)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>;
}

/// <summary>Sums down columns, read row by row.</summary>
/// <remarks>
/// Within a block of rows the sums take four rows at a time, in order; the sums of the blocks are added pairwise. The rows in a block
/// depend on the number of columns alone.
/// </remarks>
internal static unsafe class ColumnSums
{
    /// <summary>
    /// The rows in a block: few enough that a block and its sums fit into the L2 cache, many enough that there are few sums to add.
    /// </summary>
    public static int BlockRows(int columns) => Math.Clamp(65536 / Math.Max(1, columns), 16, 1024);

    /// <summary>The number of blocks; no rows make one block, whose sums are 0.</summary>
    public static int BlockCount(int rows, int columns) => Math.Max(1, (int)(((long)rows + BlockRows(columns) - 1) / BlockRows(columns)));

    /// <summary>sums ← Σ of the terms over rows from..to: the sums of the first term, followed by those of the second.</summary>
    public static void SumBlock<TTerms, L, T>(in TTerms terms, int from, int to, int columns, T* sums)
        where TTerms : struct, IColumnTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        new Span<T>(sums, TTerms.HasSecond ? 2 * columns : columns).Clear();
        int row = from;
        for (; row <= to - 4; row += 4)
        {
            ElementLoop.Run<FourRows<TTerms, T>, L, T>(new(terms, row, sums, sums + columns), 0, columns);
        }
        for (; row < to; row++)
        {
            ElementLoop.Run<OneRow<TTerms, T>, L, T>(new(terms, row, sums, sums + columns), 0, columns);
        }
    }

    /// <summary>
    /// Adds <paramref name="count"/> rows of <paramref name="width"/> elements pairwise, neighbors first, into the first row.
    /// </summary>
    public static void AddPairwise<T>(T* rows, int count, int width) where T : unmanaged, IFloatingPointIeee754<T>
    {
        PairwiseRows<T> work = new(rows, count, width);
        int tasks = (width + PairwiseRows<T>.Width - 1) / PairwiseRows<T>.Width;
        if ((long)count * width >= Kernel.ParallelThreshold)
        {
            Workers.Run(ref work, tasks);
            return;
        }
        for (int task = 0; task < tasks; task++)
        {
            work.Run(task);
        }
    }

    private readonly struct FourRows<TTerms, T>(TTerms terms, int row, T* firsts, T* seconds) : IElementKernel<T>
        where TTerms : struct, IColumnTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            terms.At(row, i, memory, out L a0, out L b0);
            terms.At(row + 1, i, memory, out L a1, out L b1);
            terms.At(row + 2, i, memory, out L a2, out L b2);
            terms.At(row + 3, i, memory, out L a3, out L b3);
            memory.Store(memory.Load(firsts + i) + ((a0 + a1) + (a2 + a3)), firsts + i);
            if (TTerms.HasSecond)
            {
                memory.Store(memory.Load(seconds + i) + ((b0 + b1) + (b2 + b3)), seconds + i);
            }
        }
    }

    private readonly struct OneRow<TTerms, T>(TTerms terms, int row, T* firsts, T* seconds) : IElementKernel<T>
        where TTerms : struct, IColumnTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            terms.At(row, i, memory, out L a, out L b);
            memory.Store(memory.Load(firsts + i) + a, firsts + i);
            if (TTerms.HasSecond)
            {
                memory.Store(memory.Load(seconds + i) + b, seconds + i);
            }
        }
    }

    /// <summary>Adds the rows pairwise, 256 columns per task.</summary>
    private readonly struct PairwiseRows<T>(T* rows, int count, int width) : IParallelWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public const int Width = 256;

        public void Run(int task)
        {
            int from = task * Width, length = Math.Min(Width, width - from);
            T* values = rows + from;
            for (int left = count; left > 1; left = (left + 1) / 2)
            {
                for (int i = 0; i < left / 2; i++)
                {
                    TensorPrimitives.Add(Row(values, 2 * i, length), Row(values, 2 * i + 1, length), Row(values, i, length));
                }
                if ((left & 1) != 0)
                {
                    Row(values, left - 1, length).CopyTo(Row(values, left / 2, length));
                }
            }
        }

        private Span<T> Row(T* values, int row, int length) => new(values + (nint)row * width, length);
    }
}

/// <summary>x.</summary>
internal readonly unsafe struct ColumnValues<T>(T* x, int columns) : IColumnTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L, TAccess>(nint row, nint column, TAccess memory, out L first, out L second)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
    {
        first = memory.Load(x + row * columns + column);
        second = default;
    }
}

/// <summary>(x − mean)².</summary>
internal readonly unsafe struct ColumnSquaredDeviations<T>(T* x, T* means, int columns) : IColumnTerms<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L, TAccess>(nint row, nint column, TAccess memory, out L first, out L second)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
    {
        L deviation = memory.Load(x + row * columns + column) - memory.Load(means + column);
        first = deviation * deviation;
        second = default;
    }
}

/// <summary>g and g·x̂ with x̂ = (x − mean)·scale, mean and scale of the column.</summary>
internal readonly unsafe struct ColumnGradients<T>(T* x, T* g, T* means, T* scales, int columns) : IColumnTerms<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L, TAccess>(nint row, nint column, TAccess memory, out L first, out L second)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
    {
        nint i = row * columns + column;
        first = memory.Load(g + i);
        second = first * ((memory.Load(x + i) - memory.Load(means + column)) * memory.Load(scales + column));
    }
}
