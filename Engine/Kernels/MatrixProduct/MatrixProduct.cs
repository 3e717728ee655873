using System.Buffers;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

/// <summary>
/// The matrix product (GEMM) as in BLIS: five loops around a micro-kernel that keeps an mr×nr micro-tile of C in registers.
/// </summary>
/// <remarks>
/// <para>The threads divide C into a grid of blocks, one task each. Within a task, outermost loop first:</para>
/// <list type="table">
/// <item><term>5 (jc)</term><description>nc = 3072 columns of B and C</description></item>
/// <item><term>4 (pc)</term><description>kc = 256 of k: packs kc×nc of B into panels of nr columns</description></item>
/// <item><term>3 (ic)</term><description>mc = 3072 rows of A and C: packs mc×kc of A into panels of mr rows, then calls the
/// macro-kernel</description></item>
/// <item><term>–</term><description>sub-blocks of 512 columns and 240 rows (floats), so that what is packed is used from
/// L2</description></item>
/// <item><term>2 (jr)</term><description>nr columns: one panel of B, in L1</description></item>
/// <item><term>1 (ir)</term><description>mr rows: the micro-kernel, a rank-1 update of the micro-tile for each of kc</description></item>
/// </list>
/// <para>
/// mr×nr is 12 rows × 2 vectors where there are 32 registers (12×32 floats with AVX-512), 6 × 2 vectors where there are 16. Up to 3 rows
/// take skinny micro-kernels of 4 or 8 vectors. Small products read A and B in place, as BLIS's "sup" kernels do.
/// </para>
/// <para>
/// The order of summation is fixed, so the bits of C depend neither on the lane, the micro-tile and the number of threads nor on how A
/// and B are stored: k is cut into blocks of <see cref="Kc"/>; the sum of a block starts at zero and takes one fused multiply-add per k,
/// in ascending order; the block sums are added to C in ascending order (the first is stored, or added to C when accumulating). Beyond
/// <see cref="MaxSequentialK"/>, the products of two parts of k are added instead, so that the error does not grow with k.
/// </para>
/// <para>
/// Sources: K. Goto, R. A. van de Geijn: Anatomy of high-performance matrix multiplication, ACM TOMS 34 (2008); F. G. Van Zee, R. A. van
/// de Geijn: BLIS: a framework for rapidly instantiating BLAS functionality, ACM TOMS 41 (2015); T. M. Low, F. D. Igual, T. M. Smith, E.
/// S. Quintana-Ortí: Analytical modeling is enough for high-performance BLIS, ACM TOMS 43 (2016).
/// </para>
/// </remarks>
internal static unsafe partial class MatrixProduct
{
    /// <summary>The block length along k, which defines the order of summation: another value gives other bits.</summary>
    internal const int Kc = 256;

    /// <summary>How much of k is added block by block; it defines the order of summation too.</summary>
    internal const int MaxSequentialK = 64 * Kc;

    /// <summary>
    /// C = op(A)·op(B), or C += op(A)·op(B). All matrices are row-major and contiguous; a transposed operand is stored k×m, or n×k.
    /// </summary>
    /// <exception cref="ArgumentException">A span's length is not the product of its dimensions.</exception>
    public static void Multiply<T>(
        ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, int m, int n, int k, bool accumulate = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Vector512.IsHardwareAccelerated is false on processors that may throttle, but this kernel gains there too
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

    /// <summary>Computes the product in lane <typeparamref name="L"/>, on which its bits do not depend.</summary>
    internal static void Multiply<L, T>(
        ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, int m, int n, int k, bool accumulate = false)
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
            Operand<T> operandA = new(left, transposeA ? m : k, transposeA), operandB = new(right, transposeB ? k : n, !transposeB);
            MultiplyHalves<L, T>(operandA, operandB, result, m, n, k, accumulate);
        }
    }

    /// <summary>
    /// Divides a long k: the left part is the largest power of two times <see cref="MaxSequentialK"/> below k, and the product of the
    /// right part is added to its product.
    /// </summary>
    private static void MultiplyHalves<L, T>(Operand<T> a, Operand<T> b, T* c, int m, int n, int k, bool accumulate)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (k > MaxSequentialK)
        {
            int left = MaxSequentialK << BitOperations.Log2((uint)(k - 1) / MaxSequentialK), length = checked(m * n);
            MultiplyHalves<L, T>(a, b, c, m, n, left, accumulate);
            T[] rented = ArrayPool<T>.Shared.Rent(length);
            Span<T> right = rented.AsSpan(0, length), sum = new(c, length);
            fixed (T* product = right)
            {
                MultiplyHalves<L, T>(a.From(left), b.From(left), product, m, n, k - left, accumulate: false);
            }
            TensorPrimitives.Add(sum, right, sum);
            ArrayPool<T>.Shared.Return(rented);
        }
        else if (n == 1 && m > 1)
        {
            // a column of C is laid out like a row, and Cᵀ = Bᵀ·Aᵀ fills whole vectors along m where C would fill one element of each
            ChoosePacking<L, T>(b, a, c, 1, m, k, accumulate);
        }
        else
        {
            ChoosePacking<L, T>(a, b, c, m, n, k, accumulate);
        }
    }

    private static void Check(int length, int rows, int columns, string name)
    {
        if (rows < 0 || columns < 0 || (long)rows * columns != length)
        {
            throw new ArgumentException($"MatrixProduct: got {length} elements, expected {rows}×{columns}.", name);
        }
    }

    /// <summary>
    /// A, or Bᵀ: a matrix of m, or n, rows by k. Element (row, p) is at row + p·<see cref="LeadingDimension"/> if rows have unit stride,
    /// else at row·<see cref="LeadingDimension"/> + p.
    /// </summary>
    private readonly struct Operand<T>(T* start, int leadingDimension, bool unitRowStride) where T : unmanaged
    {
        public readonly T* Start = start;
        public readonly nint LeadingDimension = leadingDimension;
        public readonly bool UnitRowStride = unitRowStride;

        /// <summary>The same matrix from <paramref name="p"/> of k on.</summary>
        public Operand<T> From(int p) => new(At(0, p), (int)LeadingDimension, UnitRowStride);

        public T* At(int row, int p) => UnitRowStride ? Start + (p * LeadingDimension + row) : Start + (row * LeadingDimension + p);
    }
}
