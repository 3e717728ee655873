using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

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

    /// <summary>Σ aᵢ.</summary>
    public static T Sum<T>(ReadOnlySpan<T> a) where T : unmanaged, IFloatingPointIeee754<T> => Sum<IdentityTerm, T>(a, a);

    /// <summary>Σ aᵢbᵢ.</summary>
    public static T Dot<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where T : unmanaged, IFloatingPointIeee754<T> => Sum<ProductTerm, T>(a, b);

    /// <summary>Σ term(aᵢ, bᵢ).</summary>
    public static T Sum<TTerm, T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where TTerm : struct, ITerm where T : unmanaged, IFloatingPointIeee754<T> =>
        Vector512.IsHardwareAccelerated ? Sum<TTerm, Wide512<T>, T>(a, b)
        : Vector.IsHardwareAccelerated ? Sum<TTerm, Wide<T>, T>(a, b)
        : Sum<TTerm, Scalar<T>, T>(a, b);

    /// <summary>Σ term(aᵢ, bᵢ) in lane <typeparamref name="L"/>.</summary>
    public static T Sum<TTerm, L, T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b)
        where TTerm : struct, ITerm where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(a.Length, b.Length);
        int blocks = (a.Length + BlockLength - 1) / BlockLength;
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
                BlockSums<TTerm, L, T> work = new(pa, pb, a.Length, partial);
                RunBlocks(ref work, blocks);
                T sum = PairwiseSum(partial, blocks);
                if (rented is not null)
                {
                    System.Buffers.ArrayPool<T>.Shared.Return(rented);
                }
                return sum;
            }
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
        int blocks = (x.Length + BlockLength - 1) / BlockLength;
        double[]? rented = blocks > 512 ? System.Buffers.ArrayPool<double>.Shared.Rent(blocks) : null;
        Span<double> sums = rented is null ? stackalloc double[512] : rented;
        fixed (T* px = x)
        fixed (double* partial = sums)
        {
            SquareSums<T> work = new(px, x.Length, partial);
            RunBlocks(ref work, blocks);
            double sum = blocks == 0 ? 0 : PairwiseSum(partial, blocks);
            if (rented is not null)
            {
                System.Buffers.ArrayPool<double>.Shared.Return(rented);
            }
            return sum;
        }
    }

    /// <summary>Sums x of [outer, n, inner] over its middle axis into y of [outer, inner].</summary>
    /// <remarks>
    /// The order of summation is that of <see cref="Sum{T}"/> if inner is 1, else row by row within blocks of 128 rows, then block by
    /// block.
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

    /// <summary>Computes all blocks: a few on the calling thread, because they are not worth a hand-off.</summary>
    private static void RunBlocks<TWork>(ref TWork work, int blocks) where TWork : unmanaged, IParallelWork
    {
        if (blocks >= 8)
        {
            Workers.Run(ref work, blocks);
            return;
        }
        for (int block = 0; block < blocks; block++)
        {
            work.Run(block);
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

    /// <summary>Sums one block: running sum j takes the terms j, j + 64, j + 128, …; four registers of running sums at a time.</summary>
    [SkipLocalsInit]
    private static T BlockSum<TTerm, L, T>(T* a, T* b, int length)
        where TTerm : struct, ITerm where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* sums = stackalloc T[Accumulators];
        int whole = length / Accumulators * Accumulators;
        for (int lane = 0; lane < Accumulators; lane += 4 * L.Count)
        {
            L s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int i = lane; i < whole; i += Accumulators)
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
        for (int width = Accumulators / 2; width > 0; width /= 2)
        {
            for (int i = 0; i < width; i++)
            {
                sums[i] += sums[i + width];
            }
        }
        return sums[0];
    }

    /// <summary>Sums one block per task.</summary>
    private readonly struct BlockSums<TTerm, L, T>(T* a, T* b, int length, T* sums) : IParallelWork
        where TTerm : struct, ITerm where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run(int task) =>
            sums[task] = BlockSum<TTerm, L, T>(
                a + task * BlockLength, b + task * BlockLength, Math.Min(BlockLength, length - task * BlockLength));
    }

    /// <summary>Sums the squares of one block per task, in double precision.</summary>
    private readonly struct SquareSums<T>(T* x, int length, double* sums) : IParallelWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run(int task)
        {
            int count = Math.Min(BlockLength, length - task * BlockLength);
            Span<double> wide = stackalloc double[BlockLength];
            wide = wide[..count];
            TensorPrimitives.ConvertTruncating(new ReadOnlySpan<T>(x + task * BlockLength, count), wide);
            sums[task] = Sum<ProductTerm, double>(wide, wide);
        }
    }

    /// <summary>Sums rows.</summary>
    private readonly struct RowKernel<T>(T* x, T* y, int n) : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                ReadOnlySpan<T> values = new(x + (nint)row * n, n);
                y[row] = Sum<IdentityTerm, L, T>(values, values);
            }
        }
    }

    /// <summary>Sums columns 0 … outer·inner − 1.</summary>
    private readonly struct ColumnKernel<T>(T* x, T* y, int n, int inner) : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
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
                Sum<Scalar<T>>(source + i, sums + i, count - i); // only additions: the same bits in every lane
            }
        }
    }
}
