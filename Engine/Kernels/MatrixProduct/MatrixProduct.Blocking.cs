using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>
    /// The rows of A and columns of B that are packed at once: they bound the packing buffers of a task to 2 · 3072 · 256 elements.
    /// </summary>
    private const int Mc = 3072, Nc = 3072;

    /// <summary>
    /// The size of a sub-block: rows of A and columns of B, times the size of an element. With kc = 256, 240 KB of A and 512 KB of B
    /// share the L2 cache.
    /// </summary>
    private const int L2RowBytes = 960, L2ColumnBytes = 2048;

    /// <summary>Below this many multiply-adds, the hand-off to a second thread costs more than it saves.</summary>
    private const long ParallelThreshold = 160_000;

    /// <summary>Up to this many multiply-adds, the operands stay in the cache and are read in place (BLIS's "sup" case).</summary>
    private const long MaxUnpackedProduct = 128 * 128 * 128;

    /// <summary>Up to this many rows, each element of B is used too seldom to pay for packing.</summary>
    private const int MaxUnpackedRows = 48;

    /// <summary>Up to this many rows, the skinny micro-kernels are used, and a transposed B is transposed in registers.</summary>
    private const int MaxSkinnyRows = 3;

    /// <summary>
    /// Up to this many rows, computing Cᵀ = Bᵀ·Aᵀ pays where B is stored transposed: the small A is packed instead of the large B.
    /// </summary>
    private const int MaxTransposedRows = 128;

    /// <summary>The largest part of Cᵀ that is computed at once: it bounds the buffer, which lives as long as the thread.</summary>
    private const int MaxTransposedBytes = 1 << 24;

    /// <summary>Chooses what is packed, and whether C or its transpose is computed; neither changes a bit of C.</summary>
    private static void ChoosePacking<L, T>(Operand<T> a, Operand<T> b, T* c, int m, int n, int k, bool accumulate)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool skinny = m <= MaxSkinnyRows, pack = m > MaxUnpackedRows && (long)m * n * k > MaxUnpackedProduct;
        if (!b.UnitRowStride && !skinny && m <= MaxTransposedRows && n >= 2 * m && n % 4 == 0 && (m % 4 == 0 || !accumulate))
        {
            int part = Math.Min(n, MaxTransposedBytes / (m * sizeof(T)) & ~3);
            T* transposed = Buffer<T>(ref t_transposed, (nint)m * part);
            for (int j = 0; j < n; j += part)
            {
                int columns = Math.Min(part, n - j);
                if (accumulate)
                {
                    Transpose(c + j, n, m, columns, transposed, m);
                }
                Operand<T> rows = new(b.At(j, 0), (int)b.LeadingDimension, b.UnitRowStride);
                MultiplyInTasks<L, T>(rows, a, transposed, columns, m, k, accumulate, packA: false, packB: !a.UnitRowStride);
                Transpose(transposed, m, columns, m, c + j, n);
            }
        }
        else
        {
            bool inRegisters = skinny && typeof(L) == typeof(Wide512<float>) && Avx512F.IsSupported;
            MultiplyInTasks<L, T>(a, b, c, m, n, k, accumulate, packA: pack, packB: pack || (!b.UnitRowStride && !inRegisters));
        }
    }

    private static void MultiplyInTasks<L, T>(
        Operand<T> a, Operand<T> b, T* c, int m, int n, int k, bool accumulate, bool packA, bool packB)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        int vectors = m <= MaxSkinnyRows && (packB || b.UnitRowStride) ? SkinnyVectors<L, T>() : 2;
        ParallelProduct<L, T> product = new()
        {
            A = a,
            B = b,
            C = c,
            M = m,
            N = n,
            K = k,
            Accumulate = accumulate,
            PackA = packA,
            PackB = packB,
            Mr = RegisterRows<L, T>(),
            Nr = vectors * L.Count,
        };
        int tasks = product.ChooseGrid((long)m * n * k < ParallelThreshold ? 1 : Workers.Count);
        nint packedLength = product.PackedLengthA + product.PackedLengthB;
        if (packedLength > 0)
        {
            product.Packed = Buffer<T>(ref t_packed, packedLength * tasks);
        }
        if (tasks == 1)
        {
            product.Run(0);
        }
        else
        {
            Workers.Run(ref product, tasks);
        }
    }

    /// <summary>The rows mr of the micro-kernel: with nr of two vectors, 12 rows take 24 of 32 registers, 6 rows 12 of 16.</summary>
    private static int RegisterRows<L, T>() where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(L) == typeof(Wide512<T>) || AdvSimd.IsSupported ? 12 : 6;

    /// <summary>The columns nr of the skinny micro-kernels, in vectors.</summary>
    private static int SkinnyVectors<L, T>() where T : unmanaged, IFloatingPointIeee754<T> => RegisterRows<L, T>() == 12 ? 8 : 4;

    /// <summary>
    /// The distance between consecutive k in a packed panel: mr or nr, rounded up to the four rows that are transposed at once.
    /// </summary>
    internal static int PackedStride(int width) => (width + 3) & ~3;

    private static int DivideRoundingUp(int a, int b) => (a + b - 1) / b;

    /// <summary>Where share number <paramref name="task"/> of <paramref name="count"/> begins.</summary>
    private static int Split(int task, int tasks, int count) => (int)((long)task * count / tasks);

    /// <summary>
    /// A grid of blocks of C, one per task, and within each the loops 5 to 3. Every task packs what it needs itself: waiting for another
    /// core to pack it, and fetching it from that core's cache, costs more.
    /// </summary>
    private struct ParallelProduct<L, T> : IParallelWork
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Operand<T> A, B;
        public T* C, Packed;
        public int M, N, K, Mr, Nr;
        public bool Accumulate, PackA, PackB;
        private int _gridRows, _gridColumns;

        /// <summary>Elements of a task's buffer for packed A.</summary>
        public readonly nint PackedLengthA =>
            !PackA ? 0 : DivideRoundingUp(Math.Min(Mc, RowsPerTask), Mr) * (nint)PackedStride(Mr) * Math.Min(K, Kc) + 16;

        /// <summary>Elements of a task's buffer for packed B, or for the last columns of an unpacked one.</summary>
        public readonly nint PackedLengthB => PackB
            ? DivideRoundingUp(Math.Min(Nc, ColumnsPerTask), Nr) * (nint)PackedStride(Nr) * Math.Min(K, Kc) + 16
            : N % (2 * L.Count) != 0 ? 2 * (nint)PackedStride(L.Count) * Math.Min(K, Kc) + 16 : 0;

        private readonly int RowsPerTask => DivideRoundingUp(DivideRoundingUp(M, Mr), _gridRows) * Mr;

        private readonly int ColumnsPerTask => DivideRoundingUp(DivideRoundingUp(N, Nr), _gridColumns) * Nr;

        /// <summary>
        /// Chooses the grid of at most <paramref name="tasks"/> blocks whose largest block costs least to multiply and pack; returns its
        /// size.
        /// </summary>
        public int ChooseGrid(int tasks)
        {
            _gridRows = _gridColumns = 1;
            long least = long.MaxValue;
            for (int rows = 1; tasks > 1 && rows <= Math.Min(tasks, DivideRoundingUp(M, Mr)); rows++)
            {
                int columns = Math.Min(tasks / rows, DivideRoundingUp(N, Nr));
                long height = DivideRoundingUp(DivideRoundingUp(M, Mr), rows) * Mr;
                long width = DivideRoundingUp(DivideRoundingUp(N, Nr), columns) * Nr;
                long cost = height * width + 16 * (height + width);
                if (cost < least)
                {
                    (least, _gridRows, _gridColumns) = (cost, rows, columns);
                }
            }
            return _gridRows * _gridColumns;
        }

        public readonly void Run(int task)
        {
            int row = task % _gridRows, column = task / _gridRows, panelsA = DivideRoundingUp(M, Mr), panelsB = DivideRoundingUp(N, Nr);
            int top = Split(row, _gridRows, panelsA) * Mr, bottom = Math.Min(M, Split(row + 1, _gridRows, panelsA) * Mr);
            int left = Split(column, _gridColumns, panelsB) * Nr, right = Math.Min(N, Split(column + 1, _gridColumns, panelsB) * Nr);
            T* packed = Packed + task * (PackedLengthA + PackedLengthB);
            MacroKernel<L, T> macroKernel = new()
            {
                A = A,
                B = B,
                C = C,
                N = N,
                Mr = Mr,
                Nr = Nr,
                PackedB = packed,
                PackedA = PackA ? packed + (PackedLengthB & ~15) : null,
                PackB = PackB,
            };
            for (int j = left; j < right; j += Nc)
            {
                macroKernel.ColumnStart = j;
                macroKernel.Columns = Math.Min(Nc, right - j);
                for (int p = 0; p < K; p += Kc)
                {
                    macroKernel.KStart = p;
                    macroKernel.KLength = Math.Min(Kc, K - p);
                    macroKernel.Accumulate = Accumulate || p > 0;
                    macroKernel.PackBlockOfB();
                    for (int i = top; i < bottom; i += Mc)
                    {
                        macroKernel.RowStart = i;
                        macroKernel.Rows = Math.Min(Mc, bottom - i);
                        macroKernel.PackBlockOfA();
                        macroKernel.Multiply();
                    }
                }
            }
        }
    }
}
