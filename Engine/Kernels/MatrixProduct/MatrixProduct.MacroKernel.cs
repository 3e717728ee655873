using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>
    /// The macro-kernel, loops 2 and 1: a packed block of A (mc×kc) times a packed block of B (kc×nc), added to a block of C (mc×nc).
    /// </summary>
    private struct MacroKernel<L, T> where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Operand<T> A, B;
        public T* C, PackedA, PackedB;
        public bool PackB, Accumulate;
        public int N, Mr, Nr;

        /// <summary>The block: Rows×KLength of A, KLength×Columns of B.</summary>
        public int KStart, KLength, RowStart, Rows, ColumnStart, Columns;

        /// <summary>
        /// How many columns of an unpacked B are read in place: those that fill whole vectors, or pairs of vectors; the rest is packed.
        /// </summary>
        private readonly int UnpackedColumns => PackB ? 0 : Columns - Columns % (B.UnitRowStride ? L.Count : 2 * L.Count);

        /// <summary>Packs the block of A, if A is to be packed.</summary>
        public readonly void PackBlockOfA()
        {
            if (PackedA != null)
            {
                Pack<L, T>(A, RowStart, Rows, KStart, KLength, Mr, PackedA);
            }
        }

        /// <summary>Packs the block of B, or of an unpacked B the last columns.</summary>
        public readonly void PackBlockOfB()
        {
            int unpacked = UnpackedColumns;
            if (unpacked < Columns)
            {
                Pack<L, T>(B, ColumnStart + unpacked, Columns - unpacked, KStart, KLength, PackB ? Nr : L.Count, PackedB);
            }
        }

        /// <summary>
        /// Multiplies the blocks in sub-blocks: a kc×512 part of B (floats) stays in L2 while 240 rows of A at a time are multiplied with
        /// it.
        /// </summary>
        [SkipLocalsInit]
        public readonly void Multiply()
        {
            T* edge = stackalloc T[24 * L.Count];
            int columnStep = L2ColumnBytes / sizeof(T), rowStep = L2RowBytes / sizeof(T);
            for (int left = 0; left < Columns; left += columnStep)
            {
                int right = Math.Min(left + columnStep, Columns);
                for (int top = 0; top < Rows; top += rowStep)
                {
                    MultiplySubBlock(left, right, top, Math.Min(top + rowStep, Rows), edge);
                }
            }
        }

        /// <summary>Loop 2 (jr): panels of nr columns of B, each of which stays in L1.</summary>
        private readonly void MultiplySubBlock(int left, int right, int top, int bottom, T* edge)
        {
            int unpacked = UnpackedColumns, packedWidth = PackB ? Nr : L.Count, width;
            for (int column = left; column < right; column += width)
            {
                if (column >= unpacked)
                {
                    width = Math.Min(packedWidth, right - column);
                    T* panel = PackedB + (nint)(column - unpacked) / packedWidth * PackedStride(packedWidth) * KLength;
                    MultiplyPanel(panel, PackedStride(packedWidth), column, width, top, bottom, edge);
                    continue;
                }
                width = Math.Min(Nr, unpacked - column);
                T* b = B.At(ColumnStart + column, KStart);
                if (B.UnitRowStride)
                {
                    MultiplyPanel(b, B.LeadingDimension, column, width, top, bottom, edge);
                }
                else
                {
                    MultiplyTransposing((float*)b, column);
                }
            }
        }

        /// <summary>One panel of B, by the micro-kernels that fit its width.</summary>
        private readonly void MultiplyPanel(T* b, nint ldb, int column, int width, int top, int bottom, T* edge)
        {
            for (int end = column + width; column < end; column += width, b += width)
            {
                width = end - column;
                if (Nr > 2 * L.Count && width >= 4 * L.Count)
                {
                    width = width >= 8 * L.Count ? 8 * L.Count : 4 * L.Count;
                    MultiplySkinny(b, ldb, column, width);
                }
                else
                {
                    width = Math.Min(width, 2 * L.Count);
                    MultiplyTiles(b, ldb, column, width, top, bottom, edge);
                }
            }
        }

        /// <summary>Up to 3 rows by 32 columns of an unpacked, transposed B.</summary>
        private readonly void MultiplyTransposing(float* b, int column)
        {
            float* a = (float*)A.At(RowStart, KStart), c = (float*)C + ((nint)RowStart * N + ColumnStart + column);
            nint rsA = A.UnitRowStride ? 1 : A.LeadingDimension, csA = A.UnitRowStride ? A.LeadingDimension : 1;
            if (Rows == 3)
            {
                TransposingMicroKernel<Three>(a, rsA, csA, b, B.LeadingDimension, c, N, KLength, Accumulate);
            }
            else if (Rows == 2)
            {
                TransposingMicroKernel<Two>(a, rsA, csA, b, B.LeadingDimension, c, N, KLength, Accumulate);
            }
            else
            {
                TransposingMicroKernel<One>(a, rsA, csA, b, B.LeadingDimension, c, N, KLength, Accumulate);
            }
        }

        /// <summary>Up to 3 rows by 4 or 8 vectors.</summary>
        private readonly void MultiplySkinny(T* b, nint ldb, int column, int width)
        {
            T* c = C + ((nint)RowStart * N + ColumnStart + column);
            T* a = A.At(RowStart, KStart);
            if (width > 4 * L.Count)
            {
                if (A.UnitRowStride)
                {
                    RunSkinnyMicroKernel<L, T, Eight, One>(a, A.LeadingDimension, b, ldb, c, N, KLength, Accumulate, Rows);
                }
                else
                {
                    RunSkinnyMicroKernel<L, T, Eight, Any>(a, A.LeadingDimension, b, ldb, c, N, KLength, Accumulate, Rows);
                }
            }
            else if (A.UnitRowStride)
            {
                RunSkinnyMicroKernel<L, T, Four, One>(a, A.LeadingDimension, b, ldb, c, N, KLength, Accumulate, Rows);
            }
            else
            {
                RunSkinnyMicroKernel<L, T, Four, Any>(a, A.LeadingDimension, b, ldb, c, N, KLength, Accumulate, Rows);
            }
        }

        /// <summary>
        /// Loop 1 (ir): micro-tiles of mr rows down one panel; those at the right edge of C are computed in full into
        /// <paramref name="edge"/>.
        /// </summary>
        private readonly void MultiplyTiles(T* b, nint ldb, int column, int width, int top, int bottom, T* edge)
        {
            int fullWidth = width > L.Count ? 2 * L.Count : L.Count, packedStrideA = PackedStride(Mr);
            for (int row = top; row < bottom; row += Mr)
            {
                int height = Math.Min(Mr, bottom - row);
                T* c = C + ((nint)(RowStart + row) * N + ColumnStart + column);
                bool whole = width == fullWidth, unitStride = A.UnitRowStride || PackedA != null;
                T* a = PackedA != null ? PackedA + (nint)row / Mr * packedStrideA * KLength : A.At(RowStart + row, KStart);
                nint lda = PackedA != null ? packedStrideA : A.LeadingDimension;
                T* tile = whole ? c : edge;
                nint ldTile = whole ? N : fullWidth;
                if (fullWidth > L.Count)
                {
                    if (unitStride)
                    {
                        RunMicroKernel<L, T, Two, One>(a, lda, b, ldb, tile, ldTile, KLength, whole && Accumulate, height);
                    }
                    else
                    {
                        RunMicroKernel<L, T, Two, Any>(a, lda, b, ldb, tile, ldTile, KLength, whole && Accumulate, height);
                    }
                }
                else if (unitStride)
                {
                    RunMicroKernel<L, T, One, One>(a, lda, b, ldb, tile, ldTile, KLength, whole && Accumulate, height);
                }
                else
                {
                    RunMicroKernel<L, T, One, Any>(a, lda, b, ldb, tile, ldTile, KLength, whole && Accumulate, height);
                }
                if (!whole)
                {
                    StoreEdge(edge, fullWidth, c, N, height, width, Accumulate);
                }
            }
        }
    }
}
