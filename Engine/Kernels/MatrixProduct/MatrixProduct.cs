using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

/// <summary>
/// The matrix product. Every element of C is one chain, whatever the lane, the tile, the thread count and the storage of A and B:
/// k is cut into blocks of <see cref="BlockDepth"/>; a block's sum starts at zero and takes a fused multiply-add per k in rising order;
/// the sums of the blocks are added to C in rising order (the first is stored, or added to C when accumulating).
/// </summary>
internal static unsafe partial class MatrixProduct
{
    /// <summary>Part of the result's definition: another value gives other bits.</summary>
    internal const int BlockDepth = 256;

    /// <summary>C = op(A)·op(B), or C += op(A)·op(B). All matrices are row-major and contiguous; a transposed operand is stored k×m, or n×k.</summary>
    /// <exception cref="ArgumentException">A span's length is not the product of its dimensions.</exception>
    public static void Multiply<T>(ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, int m, int n, int k, bool accumulate = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // not Vector512.IsHardwareAccelerated alone: it is false on processors that may throttle, where this kernel still gains
        if (Vector512.IsHardwareAccelerated || Avx512F.IsSupported)
        {
            Multiply<Wide512<T>, T>(a, transposeA, b, transposeB, c, m, n, k, accumulate);
        }
        else if (Vector.IsHardwareAccelerated)
        {
            Multiply<Wide<T>, T>(a, transposeA, b, transposeB, c, m, n, k, accumulate);
        }
        else
        {
            Multiply<Scalar<T>, T>(a, transposeA, b, transposeB, c, m, n, k, accumulate);
        }
    }

    /// <summary>The same through the lane <typeparamref name="L"/>; the bits do not depend on it.</summary>
    internal static void Multiply<L, T>(ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, int m, int n, int k, bool accumulate = false)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(a.Length, m, k, nameof(a));
        Check(b.Length, k, n, nameof(b));
        Check(c.Length, m, n, nameof(c));
        if (c.IsEmpty)
        {
            return;
        }
        if (k == 0)
        {
            if (!accumulate)
            {
                c.Clear();
            }
            return;
        }
        fixed (T* left = a, right = b, result = c)
        {
            Operand<T> rows = new(left, transposeA ? m : k, transposeA), columns = new(right, transposeB ? k : n, !transposeB);
            if (n == 1 && m > 1)
            {
                // a column lies in memory like a row: the vectors then run along m instead of being empty but for one element
                Drive<L, T>(columns, rows, result, 1, m, k, accumulate);
            }
            else
            {
                Drive<L, T>(rows, columns, result, m, n, k, accumulate);
            }
        }
    }

    private static void Check(int length, int rows, int columns, string name)
    {
        if (rows < 0 || columns < 0 || (long)rows * columns != length)
        {
            throw new ArgumentException($"Expected {rows}×{columns} elements, but there are {length}.", name);
        }
    }

    /// <summary>
    /// A row of C runs through A, a column through B; both are matrices of lines × k. Element (line, p) stands at line + p·stride
    /// where the lines are adjacent, else at line·stride + p.
    /// </summary>
    private readonly struct Operand<T>(T* start, int stride, bool adjacent) where T : unmanaged
    {
        public readonly T* Start = start;
        public readonly nint Stride = stride;
        public readonly bool Adjacent = adjacent;

        public T* At(int line, int p) => Adjacent ? Start + (p * Stride + line) : Start + (line * Stride + p);
    }
}
