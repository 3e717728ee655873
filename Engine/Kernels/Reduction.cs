using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>Sums in one order of summation, whatever the machine and the number of threads: pairwise over blocks.</summary>
/// <remarks>
/// A vector is divided into blocks of 4,096 elements. In a block, 64 running sums take every 64th term each and are added pairwise,
/// halves onto halves; the sums of the blocks are added pairwise, neighbors first. The error grows with the logarithm of the length (N.
/// J. Higham: The accuracy of floating point summation, SIAM J. Sci. Comput. 14, 1993).
/// </remarks>
internal static unsafe class Reduction
{
    /// <summary>The elements in a block, and the running sums in a block: they define the order of summation.</summary>
    public const int BlockLength = 4096, Accumulators = 64;

    /// <summary>The rows in a block of a sum down columns.</summary>
    public const int RowBlock = 128;

    /// <summary>The number of blocks of a vector.</summary>
    public static int BlockCount(int length) => (int)(((uint)length + BlockLength - 1) / BlockLength);

    /// <summary>Σ aᵢ.</summary>
    public static T Sum<T>(ReadOnlySpan<T> a) where T : unmanaged, IFloatingPointIeee754<T> => Sum<IdentityTerm, T>(a, a);

    /// <summary>Σ aᵢbᵢ.</summary>
    public static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IFloatingPointIeee754<T> => Sum<ProductTerm, T>(a, b);

    /// <summary>Σ term(aᵢ, bᵢ).</summary>
    public static T Sum<TTerm, T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where TTerm : struct, ITerm where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(a.Length, b.Length);
        fixed (T* pa = a, pb = b)
        {
            return Sum<RowPairs<TTerm, T>, T>(new(pa, pb), a.Length);
        }
    }

    /// <summary>Σ of the terms, with the blocks divided among the threads.</summary>
    internal static T Sum<TTerms, T>(TTerms terms, int length)
        where TTerms : unmanaged, IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        int blocks = BlockCount(length);
        if (blocks == 0)
        {
            return T.Zero;
        }
        T[]? rented = blocks > 512 ? System.Buffers.ArrayPool<T>.Shared.Rent(blocks) : null;
        Span<T> sums = rented is null ? stackalloc T[512] : rented;
        fixed (T* partial = sums)
        {
            Kernel.Run<BlockKernel<TTerms, T>, T>(new(terms, length, partial), blocks, blocks < 8 ? blocks : 1);
            T sum = PairwiseSum(partial, blocks);
            if (rented is not null)
            {
                System.Buffers.ArrayPool<T>.Shared.Return(rented);
            }
            return sum;
        }
    }

    /// <summary>
    /// Σ xᵢ² in double precision whatever <typeparamref name="T"/> is, so that squares of floats neither overflow nor underflow.
    /// </summary>
    public static double SumOfSquares<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (typeof(T) == typeof(double))
        {
            ReadOnlySpan<double> wide = System.Runtime.InteropServices.MemoryMarshal.Cast<T, double>(x);
            return Sum<ProductTerm, double>(wide, wide);
        }
        fixed (T* px = x)
        {
            return Sum<RowSquaresOfSingles, double>(new((float*)px), x.Length);
        }
    }

    /// <summary>Sums x of [outer, n, inner] over its middle axis into y of [outer, inner].</summary>
    /// <remarks>
    /// The order of summation is that of <see cref="Sum{T}"/> if inner is 1, else row by row within blocks of 128 rows, whose sums
    /// are added pairwise, neighbors first.
    /// </remarks>
    public static void SumAxis<T>(ReadOnlySpan<T> x, Span<T> y, int outer, int n, int inner) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, outer * n * inner);
        Guard.SameLength(y.Length, outer * inner);
        if (y.IsEmpty)
        {
            return;
        }
        fixed (T* px = x, py = y)
        {
            if (inner > 1)
            {
                // chunks of whole cache lines, so that no two threads write to the same one
                int chunk = (Kernel.RowsPerChunk(outer * inner, Math.Max(1, n)) + 63) / 64 * 64;
                Kernel.Run<ColumnKernel<T>, T>(new(px, py, n, inner), outer * inner, chunk);
            }
            else if (n < 8 * BlockLength)
            {
                Kernel.Run<RowKernel<T>, T>(new(px, py, n), outer, Kernel.RowsPerChunk(outer, Math.Max(1, n)));
            }
            else
            {
                for (int row = 0; row < outer; row++)
                {
                    y[row] = Sum(x.Slice(row * n, n)); // long rows: the threads share each one
                }
            }
        }
    }

    /// <summary>Adds values pairwise, neighbors first, in place.</summary>
    internal static T PairwiseSum<T>(T* values, int count) where T : unmanaged, IFloatingPointIeee754<T>
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

    /// <summary>Sums blocks.</summary>
    private readonly struct BlockKernel<TTerms, T>(TTerms terms, int length, T* sums) : IKernel<T>
        where TTerms : unmanaged, IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int block = from; block < to; block++)
            {
                int start = block * BlockLength;
                RowSums.Block<TTerms, L, T>(terms, start, Math.Min(BlockLength, length - start), out sums[block], out _);
            }
        }
    }

    /// <summary>Sums rows.</summary>
    private readonly struct RowKernel<T>(T* x, T* y, int n) : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                T* values = x + (nint)row * n;
                y[row] = RowSums.Of<RowPairs<IdentityTerm, T>, L, T>(new(values, values), n);
            }
        }
    }

    /// <summary>Sums columns 0 … outer·inner − 1.</summary>
    private readonly struct ColumnKernel<T>(T* x, T* y, int n, int inner) : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T* stack = stackalloc T[PairwiseAccumulator<L, T>.Capacity];
            while (from < to)
            {
                (int outer, int column) = Math.DivRem(from, inner);
                int count = Math.Min(inner - column, to - from);
                ElementLoop.Run<ColumnBody<T>, L, T>(new(x + (nint)outer * n * inner + column, y + from, n, inner, stack), 0, count);
                from += count;
            }
        }
    }

    /// <summary>Sums one lane of columns.</summary>
    private readonly struct ColumnBody<T>(T* x, T* y, int n, int inner, T* stack) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            PairwiseAccumulator<L, T> total = new(stack);
            T* element = x + i;
            for (int row = 0; row == 0 || row < n; row += RowBlock)
            {
                L sum = 0;
                for (int rest = Math.Min(RowBlock, n - row); rest > 0; rest--, element += inner)
                {
                    sum += memory.Load(element);
                }
                total.Add(sum);
            }
            memory.Store(total.Total(), y + i);
        }
    }
}
