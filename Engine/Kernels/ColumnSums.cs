using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>What is added up down the columns of a matrix: one or two terms, made of the elements at a place and of numbers that hold for a column.</summary>
internal interface IColumnTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether there is a second term.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>The terms of one row, in the columns from <paramref name="column"/> on.</summary>
    void At<L>(int row, int column, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>;
}

/// <summary>
/// Sums down columns, read row by row: a leaf of rows is summed in order, four rows at a time, and the leaves are folded as a binary tree. How many rows a leaf has
/// depends on the number of columns alone.
/// </summary>
internal static unsafe class ColumnSums
{
    /// <summary>Rows in a leaf: what fits into a second-level cache together with its result, but enough that the results are few.</summary>
    public static int LeafRows(int columns) => Math.Clamp(65536 / Math.Max(1, columns), 16, 1024);

    /// <summary>How many leaves the rows make; no rows make one, whose sums are 0.</summary>
    public static int Leaves(int rows, int columns) => Math.Max(1, (rows + LeafRows(columns) - 1) / LeafRows(columns));

    /// <summary>sums ← Σ of the terms over the rows from..to, the second term's sums behind the first's.</summary>
    public static void Leaf<TTerms, L, T>(in TTerms terms, int from, int to, int columns, T* sums)
        where TTerms : struct, IColumnTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        new Span<T>(sums, TTerms.HasSecond ? 2 * columns : columns).Clear();
        int row = from;
        for (; row <= to - 4; row += 4)
        {
            FourRows<TTerms, L, T>(terms, row, 0, columns, sums, sums + columns);
        }
        for (; row < to; row++)
        {
            OneRow<TTerms, L, T>(terms, row, 0, columns, sums, sums + columns);
        }
    }

    /// <summary>Folds <paramref name="count"/> rows of <paramref name="width"/> elements into the first: a tree over neighbours.</summary>
    public static void Fold<T>(T* rows, int count, int width) where T : unmanaged, IFloatingPointIeee754<T>
    {
        FoldParts<T> work = new(rows, count, width);
        int parts = (width + FoldParts<T>.Width - 1) / FoldParts<T>.Width;
        if ((long)count * width >= Blocks.Parallel)
        {
            Workers.Run(ref work, parts);
            return;
        }
        for (int part = 0; part < parts; part++)
        {
            work.Run(part);
        }
    }

    private static void FourRows<TTerms, L, T>(in TTerms given, int row, int column, int columns, T* firsts, T* seconds)
        where TTerms : struct, IColumnTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        TTerms terms = given;
        for (; column <= columns - L.Count; column += L.Count)
        {
            terms.At(row, column, out L a0, out L b0);
            terms.At(row + 1, column, out L a1, out L b1);
            terms.At(row + 2, column, out L a2, out L b2);
            terms.At(row + 3, column, out L a3, out L b3);
            L.Store(L.Load(firsts + column) + ((a0 + a1) + (a2 + a3)), firsts + column);
            if (TTerms.HasSecond)
            {
                L.Store(L.Load(seconds + column) + ((b0 + b1) + (b2 + b3)), seconds + column);
            }
        }
        if (typeof(L) != typeof(Scalar<T>) && column < columns)
        {
            FourRows<TTerms, Scalar<T>, T>(terms, row, column, columns, firsts, seconds); // arithmetic alone: the same bits in every lane
        }
    }

    private static void OneRow<TTerms, L, T>(in TTerms given, int row, int column, int columns, T* firsts, T* seconds)
        where TTerms : struct, IColumnTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        TTerms terms = given;
        for (; column <= columns - L.Count; column += L.Count)
        {
            terms.At(row, column, out L a, out L b);
            L.Store(L.Load(firsts + column) + a, firsts + column);
            if (TTerms.HasSecond)
            {
                L.Store(L.Load(seconds + column) + b, seconds + column);
            }
        }
        if (typeof(L) != typeof(Scalar<T>) && column < columns)
        {
            OneRow<TTerms, Scalar<T>, T>(terms, row, column, columns, firsts, seconds);
        }
    }

    private readonly struct FoldParts<T>(T* rows, int count, int width) : IParts where T : unmanaged, IFloatingPointIeee754<T>
    {
        public const int Width = 256;

        public void Run(int part)
        {
            int from = part * Width, length = Math.Min(Width, width - from);
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
    public void At<L>(int row, int column, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>
    {
        first = L.Load(x + (nint)row * columns + column);
        second = default;
    }
}

/// <summary>(x − mean)².</summary>
internal readonly unsafe struct ColumnSquaredDeviations<T>(T* x, T* means, int columns) : IColumnTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L>(int row, int column, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>
    {
        L deviation = L.Load(x + (nint)row * columns + column) - L.Load(means + column);
        first = deviation * deviation;
        second = default;
    }
}

/// <summary>g and g·x̂ with x̂ = (x − mean)·scale, mean and scale of the column.</summary>
internal readonly unsafe struct ColumnGradients<T>(T* x, T* g, T* means, T* scales, int columns) : IColumnTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L>(int row, int column, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>
    {
        nint i = (nint)row * columns + column;
        first = L.Load(g + i);
        second = first * ((L.Load(x + i) - L.Load(means + column)) * L.Load(scales + column));
    }
}
