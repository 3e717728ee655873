using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>One k-block of a block of C: its panels are packed, then its tiles computed.</summary>
    private struct Block<L, T> where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Operand<T> A, B;
        public T* C, PackedA, PackedB;
        public bool PackB, Add;
        public int N, Tile, Panel, First, Depth, Row, Rows, Column, Columns;

        /// <summary>The columns that fill whole vectors, or pairs of them: where B is read in place, only those beyond them are packed.</summary>
        private readonly int InPlace => PackB ? 0 : Columns - Columns % (B.Adjacent ? L.Count : 2 * L.Count);

        public readonly void PackRows()
        {
            if (PackedA != null)
            {
                Pack<L, T>(A, Row, Rows, First, Depth, Tile, PackedA);
            }
        }

        public readonly void PackColumns()
        {
            int inPlace = InPlace;
            if (inPlace < Columns)
            {
                Pack<L, T>(B, Column + inPlace, Columns - inPlace, First, Depth, PackB ? Panel : L.Count, PackedB);
            }
        }

        /// <summary>Walks C so that a stretch of B stays in the second cache while A passes by, and of it one panel in the first.</summary>
        [SkipLocalsInit]
        public readonly void Multiply()
        {
            T* scratch = stackalloc T[24 * L.Count];
            int wide = CacheColumns / sizeof(T), high = CacheRows / sizeof(T);
            for (int left = 0; left < Columns; left += wide)
            {
                int right = Math.Min(left + wide, Columns);
                for (int top = 0; top < Rows; top += high)
                {
                    MultiplyPanels(left, right, top, Math.Min(top + high, Rows), scratch);
                }
            }
        }

        private readonly void MultiplyPanels(int left, int right, int top, int bottom, T* scratch)
        {
            int inPlace = InPlace, packed = PackB ? Panel : L.Count, width;
            for (int column = left; column < right; column += width)
            {
                if (column >= inPlace)
                {
                    width = Math.Min(packed, right - column);
                    MultiplyPanel(PackedB + (nint)(column - inPlace) / packed * Step(packed) * Depth, Step(packed), column, width, top, bottom, scratch);
                    continue;
                }
                width = Math.Min(Panel, inPlace - column);
                T* b = B.At(Column + column, First);
                if (B.Adjacent)
                {
                    MultiplyPanel(b, B.Stride, column, width, top, bottom, scratch);
                }
                else
                {
                    Transposing((float*)b, column);
                }
            }
        }

        private readonly void MultiplyPanel(T* b, nint step, int column, int width, int top, int bottom, T* scratch)
        {
            for (int end = column + width; column < end; column += width, b += width)
            {
                width = end - column;
                if (Panel > 2 * L.Count && width >= 4 * L.Count)
                {
                    width = width >= 8 * L.Count ? 8 * L.Count : 4 * L.Count;
                    Flat(b, step, column, width);
                }
                else
                {
                    width = Math.Min(width, 2 * L.Count);
                    Tall(b, step, column, width, top, bottom, scratch);
                }
            }
        }

        private readonly void Transposing(float* b, int column)
        {
            float* a = (float*)A.At(Row, First), c = (float*)C + ((nint)Row * N + Column + column);
            nint stride = A.Adjacent ? 1 : A.Stride, step = A.Adjacent ? A.Stride : 1;
            if (Rows == 3)
            {
                TransposingTile<Three>(a, stride, step, b, B.Stride, c, N, Depth, Add);
            }
            else if (Rows == 2)
            {
                TransposingTile<Two>(a, stride, step, b, B.Stride, c, N, Depth, Add);
            }
            else
            {
                TransposingTile<One>(a, stride, step, b, B.Stride, c, N, Depth, Add);
            }
        }

        private readonly void Flat(T* b, nint step, int column, int width)
        {
            T* c = C + ((nint)Row * N + Column + column);
            T* a = A.At(Row, First);
            if (width > 4 * L.Count)
            {
                if (A.Adjacent)
                {
                    FlatRows<L, T, Eight, One>(a, A.Stride, b, step, c, N, Depth, Add, Rows);
                }
                else
                {
                    FlatRows<L, T, Eight, Two>(a, A.Stride, b, step, c, N, Depth, Add, Rows);
                }
            }
            else if (A.Adjacent)
            {
                FlatRows<L, T, Four, One>(a, A.Stride, b, step, c, N, Depth, Add, Rows);
            }
            else
            {
                FlatRows<L, T, Four, Two>(a, A.Stride, b, step, c, N, Depth, Add, Rows);
            }
        }

        private readonly void Tall(T* b, nint step, int column, int width, int top, int bottom, T* scratch)
        {
            int full = width > L.Count ? 2 * L.Count : L.Count, stepA = Step(Tile);
            for (int row = top; row < bottom; row += Tile)
            {
                int height = Math.Min(Tile, bottom - row);
                T* c = C + ((nint)(Row + row) * N + Column + column);
                bool whole = width == full, adjacent = A.Adjacent || PackedA != null;
                T* a = PackedA != null ? PackedA + (nint)row / Tile * stepA * Depth : A.At(Row + row, First);
                nint stride = PackedA != null ? stepA : A.Stride;
                T* target = whole ? c : scratch;
                nint targetStride = whole ? N : full;
                if (full > L.Count)
                {
                    if (adjacent)
                    {
                        TallRows<L, T, Two, One>(a, stride, b, step, target, targetStride, Depth, whole && Add, height);
                    }
                    else
                    {
                        TallRows<L, T, Two, Two>(a, stride, b, step, target, targetStride, Depth, whole && Add, height);
                    }
                }
                else if (adjacent)
                {
                    TallRows<L, T, One, One>(a, stride, b, step, target, targetStride, Depth, whole && Add, height);
                }
                else
                {
                    TallRows<L, T, One, Two>(a, stride, b, step, target, targetStride, Depth, whole && Add, height);
                }
                if (!whole)
                {
                    Merge(scratch, full, c, N, height, width, Add);
                }
            }
        }
    }
}
