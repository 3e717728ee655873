using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engine.Kernels;

/// <summary>The elements themselves.</summary>
internal readonly struct Itself : ITerm
{
    public static L Of<L>(L a, L b) where L : ILane<L> => a;
}

/// <summary>Absolute values.</summary>
internal readonly struct Magnitude : ITerm
{
    public static L Of<L>(L a, L b) where L : ILane<L> => L.Abs(a);
}

/// <summary>Products of two vectors' elements: with one vector twice, squares.</summary>
internal readonly struct Product : ITerm
{
    public static L Of<L>(L a, L b) where L : ILane<L> => a * b;
}

/// <summary>
/// Sums in one order for every machine: blocks of 4,096 elements, in a block 64 running sums that are folded as a binary tree,
/// and the blocks' sums again folded as a binary tree. The error grows with the logarithm of the length.
/// </summary>
internal static unsafe class Reduction
{
    private const int Block = 4096, Lanes = 64, RowBlock = 128;

    /// <summary>Σ aᵢ.</summary>
    public static T Sum<T>(ReadOnlySpan<T> a) where T : unmanaged, IFloatingPointIeee754<T> => Sum<Itself, T>(a, a);

    /// <summary>Σ aᵢbᵢ.</summary>
    public static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) where T : unmanaged, IFloatingPointIeee754<T> => Sum<Product, T>(a, b);

    /// <summary>Σ term(aᵢ, bᵢ).</summary>
    public static T Sum<TTerm, T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) where TTerm : struct, ITerm where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector512.IsHardwareAccelerated ? Sum<TTerm, Wide512<T>, T>(a, b)
        : Vector.IsHardwareAccelerated ? Sum<TTerm, Wide<T>, T>(a, b)
        : Sum<TTerm, Scalar<T>, T>(a, b);

    /// <summary>Σ term(aᵢ, bᵢ) in lane <typeparamref name="L"/>.</summary>
    public static T Sum<TTerm, L, T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where TTerm : struct, ITerm where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(a.Length, b.Length);
        int blocks = (a.Length + Block - 1) / Block;
        fixed (T* pa = a, pb = b)
        {
            if (blocks <= 1)
            {
                return BlockSum<TTerm, L, T>(pa, pb, a.Length);
            }
            T[]? rented = blocks > 512 ? System.Buffers.ArrayPool<T>.Shared.Rent(blocks) : null;
            Span<T> sums = rented is null ? stackalloc T[512] : rented;
            fixed (T* partial = sums)
            {
                BlockSums<TTerm, L, T> parts = new(pa, pb, a.Length, partial);
                RunBlocks(ref parts, blocks);
                T sum = Fold(partial, blocks);
                if (rented is not null)
                {
                    System.Buffers.ArrayPool<T>.Shared.Return(rented);
                }
                return sum;
            }
        }
    }

    /// <summary>Σ xᵢ² in double precision, whatever <typeparamref name="T"/> is: squares of floats neither overflow nor vanish.</summary>
    public static double SumOfSquares<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            ReadOnlySpan<double> wide = System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(x);
            return Sum<Product, double>(wide, wide);
        }
        int blocks = (x.Length + Block - 1) / Block;
        double[]? rented = blocks > 512 ? System.Buffers.ArrayPool<double>.Shared.Rent(blocks) : null;
        Span<double> sums = rented is null ? stackalloc double[512] : rented;
        fixed (T* px = x)
        fixed (double* partial = sums)
        {
            SquareSums<T> parts = new(px, x.Length, partial);
            RunBlocks(ref parts, blocks);
            double sum = blocks == 0 ? 0 : Fold(partial, blocks);
            if (rented is not null)
            {
                System.Buffers.ArrayPool<double>.Shared.Return(rented);
            }
            return sum;
        }
    }

    /// <summary>
    /// Sums the middle axis of x, taken as [outer, n, inner], into y of [outer, inner]. Where inner is 1 in the order of <see cref="Sum{T}"/>, else row by row in
    /// blocks of 128 rows.
    /// </summary>
    public static void SumAxis<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, outer * n * inner);
        Guard.SameLength(y.Length, outer * inner);
        fixed (T* px = x, py = y)
        {
            if (inner > 1)
            {
                // whole cache lines of columns, so that no two threads write to one
                Blocks.Run<Columns<T>, T>(new(px, py, n, inner), outer * inner, (Blocks.LinesPerPart(outer * inner, Math.Max(1, n)) + 63) / 64 * 64);
            }
            else if (n < 8 * Block)
            {
                Blocks.Run<Rows<T>, T>(new(px, py, n), outer, Blocks.LinesPerPart(outer, Math.Max(1, n)));
            }
            else
            {
                for (int row = 0; row < outer; row++)
                {
                    y[row] = Sum(x.Slice(row * n, n)); // the threads share each row
                }
            }
        }
    }

    /// <summary>The sums of all blocks; few blocks are not worth a hand-over.</summary>
    private static void RunBlocks<TParts>(ref TParts parts, int blocks) where TParts : unmanaged, IParts
    {
        if (blocks >= 8)
        {
            Workers.Run(ref parts, blocks);
            return;
        }
        for (int block = 0; block < blocks; block++)
        {
            parts.Run(block);
        }
    }

    /// <summary>Folds values as a binary tree over neighbours: the first of each pair keeps the sum.</summary>
    internal static T Fold<T>(T* values, int count) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; count > 1; count = (count + 1) / 2)
        {
            for (int i = 0; i < count / 2; i++)
            {
                values[i] = values[2 * i] + values[2 * i + 1];
            }
            if ((count & 1) != 0)
            {
                values[count / 2] = values[count - 1];
            }
        }
        return values[0];
    }

    /// <summary>One block: running sum j takes the terms j, j + 64, j + 128, …; four registers of running sums at a time.</summary>
    [SkipLocalsInit]
    private static T BlockSum<TTerm, L, T>(T* a, T* b, int length) where TTerm : struct, ITerm where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* sums = stackalloc T[Lanes];
        int whole = length / Lanes * Lanes;
        for (int lane = 0; lane < Lanes; lane += 4 * L.Count)
        {
            L s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int i = lane; i < whole; i += Lanes)
            {
                s0 += TTerm.Of(L.Load(a + i), L.Load(b + i));
                s1 += TTerm.Of(L.Load(a + i + L.Count), L.Load(b + i + L.Count));
                s2 += TTerm.Of(L.Load(a + i + 2 * L.Count), L.Load(b + i + 2 * L.Count));
                s3 += TTerm.Of(L.Load(a + i + 3 * L.Count), L.Load(b + i + 3 * L.Count));
            }
            L.Store(s0, sums + lane);
            L.Store(s1, sums + lane + L.Count);
            L.Store(s2, sums + lane + 2 * L.Count);
            L.Store(s3, sums + lane + 3 * L.Count);
        }
        for (int i = whole; i < length; i++)
        {
            sums[i - whole] += TTerm.Of(new Scalar<T>(a[i]), new Scalar<T>(b[i])).Value;
        }
        for (int width = Lanes / 2; width > 0; width /= 2)
        {
            for (int i = 0; i < width; i++)
            {
                sums[i] += sums[i + width];
            }
        }
        return sums[0];
    }

    private readonly struct BlockSums<TTerm, L, T>(T* a, T* b, int length, T* sums) : IParts
        where TTerm : struct, ITerm where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int part) => sums[part] = BlockSum<TTerm, L, T>(a + part * Block, b + part * Block, Math.Min(Block, length - part * Block));
    }

    private readonly struct SquareSums<T>(T* x, int length, double* sums) : IParts where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run(int part)
        {
            int count = Math.Min(Block, length - part * Block);
            Span<double> wide = stackalloc double[Block];
            wide = wide[..count];
            TensorPrimitives.ConvertTruncating(new ReadOnlySpan<T>(x + part * Block, count), wide);
            sums[part] = Sum<Product, double>(wide, wide);
        }
    }

    private readonly struct Rows<T>(T* x, T* y, int n) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                ReadOnlySpan<T> values = new(x + (nint)row * n, n);
                y[row] = Sum<Itself, L, T>(values, values);
            }
        }
    }

    /// <summary>Columns number 0 … outer·inner − 1.</summary>
    private readonly struct Columns<T>(T* x, T* y, int n, int inner) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            while (from < to)
            {
                (int outer, int column) = Math.DivRem(from, inner);
                int count = Math.Min(inner - column, to - from);
                Sum<L>(x + (nint)outer * n * inner + column, y + from, count);
                from += count;
            }
        }

        private void Sum<L>(T* source, T* sums, int count) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int i = 0;
            for (; i <= count - L.Count; i += L.Count)
            {
                L total = 0;
                T* element = source + i;
                for (int row = 0; row < n; row += RowBlock)
                {
                    L sum = 0;
                    for (int end = Math.Min(RowBlock, n - row); end > 0; end--, element += inner)
                    {
                        sum += L.Load(element);
                    }
                    total += sum;
                }
                L.Store(total, sums + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Sum<Scalar<T>>(source + i, sums + i, count - i); // additions alone: the same bits in every lane
            }
        }
    }
}
