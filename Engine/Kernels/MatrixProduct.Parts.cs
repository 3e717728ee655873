using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>One k-block of a block of C: first its panels are packed, then its tiles computed, each phase cut into parts for the threads.</summary>
    private struct Block<L, T> : IParts where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Operand<T> A, B;
        public T* C, PackedA, PackedB;
        public bool PackB, Add;
        public int N, Tile, Panel, PanelStep, First, Depth, FirstRow, Rows, FirstColumn, Columns;
        private bool _packing, _packColumns;
        private int _parts, _rowChunks;

        public void Run(int threads, bool packColumns)
        {
            int panels = PanelsToPack(packColumns);
            if (panels > 0)
            {
                _packing = true;
                _packColumns = packColumns;
                Start(threads, threads == 1 ? 1 : Math.Min(panels, 4 * threads));
            }
            _packing = false;
            Start(threads, Cut(threads));
        }

        public readonly void Run(int part)
        {
            if (_packing)
            {
                int panels = PanelsToPack(_packColumns);
                for (int i = Share(part, _parts, panels); i < Share(part + 1, _parts, panels); i++)
                {
                    PackPanel(i);
                }
                return;
            }
            int columnChunks = _parts / _rowChunks, row = part % _rowChunks, column = part / _rowChunks;
            int tiles = Ceiling(Rows, Tile), panelCount = PanelCount;
            Compute(Share(row, _rowChunks, tiles), Share(row + 1, _rowChunks, tiles), Share(column, columnChunks, panelCount), Share(column + 1, columnChunks, panelCount));
        }

        /// <summary>The columns that fill whole vectors; where B is not packed, those beyond them are.</summary>
        private readonly int Whole => PackB ? Columns : Columns - Columns % L.Count;

        private readonly int PanelCount => Ceiling(Whole, Panel) + (Whole < Columns ? 1 : 0);

        private readonly int PanelsToPack(bool packColumns) => (PackedA == null ? 0 : Ceiling(Rows, Tile)) + (!packColumns ? 0 : PackB ? PanelCount : PanelCount - Ceiling(Whole, Panel));

        private static int Share(int part, int parts, int count) => (int)((long)part * count / parts);

        private void Start(int threads, int parts)
        {
            _parts = parts;
            if (threads > 1 && parts > 1)
            {
                Workers.Run(ref this, parts);
                return;
            }
            for (int part = 0; part < parts; part++)
            {
                Run(part);
            }
        }

        /// <summary>Cuts the block into a grid of parts, which fit the cache and are at least two for each thread as far as there are tiles.</summary>
        private int Cut(int threads)
        {
            int tiles = Ceiling(Rows, Tile), panels = PanelCount, rows = Ceiling(Rows, PartRows), columns = Ceiling(Columns, PartColumns);
            while (threads > 1 && rows * columns < 2 * threads && (rows < tiles || columns < panels))
            {
                if (columns < panels && (rows == tiles || Columns / columns >= Rows / rows))
                {
                    columns++;
                }
                else
                {
                    rows++;
                }
            }
            _rowChunks = rows;
            return rows * columns;
        }

        private readonly void PackPanel(int panel)
        {
            int tiles = PackedA == null ? 0 : Ceiling(Rows, Tile);
            if (panel < tiles)
            {
                int row = panel * Tile, stepA = StepA(Tile);
                Pack<L, T>(A, FirstRow + row, Math.Min(Tile, Rows - row), First, Depth, PackedA + (nint)row / Tile * stepA * Depth, stepA);
                return;
            }
            panel -= tiles;
            int column = PackB ? panel * Panel : Whole, width = Math.Min(Panel, Columns - column);
            T* target = PackedB + (nint)panel * PanelStep * Depth;
            if (width < Panel)
            {
                Unsafe.InitBlockUnaligned(target, 0, (uint)(PanelStep * Depth * sizeof(T)));
            }
            Pack<L, T>(B, FirstColumn + column, width, First, Depth, target, PanelStep);
        }

        [SkipLocalsInit]
        private readonly void Compute(int tile, int lastTile, int panel, int lastPanel)
        {
            T* scratch = stackalloc T[24 * L.Count];
            int row = tile * Tile, rows = Math.Min(lastTile * Tile, Rows) - row;
            for (; panel < lastPanel; panel++)
            {
                int whole = Whole, column = panel * Panel;
                bool packed = PackB || column >= whole;
                T* b = !packed ? B.At(FirstColumn + column, First) : PackedB + (PackB ? (nint)panel * PanelStep * Depth : 0);
                nint step = packed ? PanelStep : B.Stride;
                column = Math.Min(column, packed && !PackB ? whole : column);
                int end = packed ? Math.Min(column + Panel, Columns) : Math.Min(column + Panel, whole);
                while (column < end)
                {
                    int width = Math.Min(end - column, Math.Min(Panel, 8 * L.Count));
                    if (Panel > 2 * L.Count && width >= 4 * L.Count)
                    {
                        width = width >= 8 * L.Count ? 8 * L.Count : 4 * L.Count;
                        Flat(b, step, column, width, row, rows);
                    }
                    else
                    {
                        width = Math.Min(width, 2 * L.Count);
                        Tall(b, step, column, width, row, rows, scratch);
                    }
                    column += width;
                    b += width;
                }
            }
        }

        private readonly void Flat(T* b, nint step, int column, int width, int row, int rows)
        {
            T* c = C + ((nint)(FirstRow + row) * N + FirstColumn + column);
            T* a = A.At(FirstRow + row, First);
            if (width > 4 * L.Count)
            {
                if (A.Adjacent)
                {
                    FlatRows<L, T, Eight, One>(a, A.Stride, b, step, c, N, Depth, Add, rows);
                }
                else
                {
                    FlatRows<L, T, Eight, Two>(a, A.Stride, b, step, c, N, Depth, Add, rows);
                }
            }
            else if (A.Adjacent)
            {
                FlatRows<L, T, Four, One>(a, A.Stride, b, step, c, N, Depth, Add, rows);
            }
            else
            {
                FlatRows<L, T, Four, Two>(a, A.Stride, b, step, c, N, Depth, Add, rows);
            }
        }

        private readonly void Tall(T* b, nint step, int column, int width, int row, int rows, T* scratch)
        {
            int full = width > L.Count ? 2 * L.Count : L.Count, stepA = StepA(Tile);
            for (int last = row + rows; row < last; row += Tile)
            {
                int height = Math.Min(Tile, last - row);
                T* c = C + ((nint)(FirstRow + row) * N + FirstColumn + column);
                bool whole = width == full, adjacent = A.Adjacent || PackedA != null;
                T* a = PackedA != null ? PackedA + (nint)row / Tile * stepA * Depth : A.At(FirstRow + row, First);
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

    /// <summary>Brings the valid columns of a tile that hangs over the edge into C.</summary>
    private static void Merge<T>(T* tile, nint tileStride, T* c, nint cStride, int rows, int width, bool add) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; rows > 0; rows--, tile += tileStride, c += cStride)
        {
            int j = 0;
            for (; j + Vector128<T>.Count <= width; j += Vector128<T>.Count)
            {
                Vector128<T> sum = Vector128.Load(tile + j);
                Vector128.Store(add ? Vector128.Load(c + j) + sum : sum, c + j);
            }
            for (; j < width; j++)
            {
                c[j] = add ? c[j] + tile[j] : tile[j];
            }
        }
    }

    /// <summary>Any number of rows up to twelve, from tiles of the heights that exist.</summary>
    private static void TallRows<L, T, Columns, Adjacent>(T* a, nint aStride, T* b, nint bStep, T* c, nint cStride, int depth, bool add, int rows)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> where Columns : struct, IExtent where Adjacent : struct, IExtent
    {
        nint row = Adjacent.Value == 1 ? 1 : aStride;
        while (true)
        {
            int done;
            switch (rows)
            {
                case 12:
                    Tile<L, T, Twelve, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
                    return;
                case 8:
                    Tile<L, T, Eight, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
                    return;
                case 11 or 10 or 6:
                    Tile<L, T, Six, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
                    done = 6;
                    break;
                case 9 or 5:
                    Tile<L, T, Five, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
                    done = 5;
                    break;
                case 7 or 4:
                    Tile<L, T, Four, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
                    done = 4;
                    break;
                case 3:
                    Tile<L, T, Three, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
                    return;
                case 2:
                    Tile<L, T, Two, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
                    return;
                case 1:
                    Tile<L, T, One, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
                    return;
                default:
                    return;
            }
            rows -= done;
            a += done * row;
            c += done * cStride;
        }
    }

    private static void FlatRows<L, T, Columns, Adjacent>(T* a, nint aStride, T* b, nint bStep, T* c, nint cStride, int depth, bool add, int rows)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> where Columns : struct, IExtent where Adjacent : struct, IExtent
    {
        if (rows == 3)
        {
            FlatTile<L, T, Three, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
        }
        else if (rows == 2)
        {
            FlatTile<L, T, Two, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
        }
        else
        {
            FlatTile<L, T, One, Columns, Adjacent>(a, aStride, b, bStep, c, cStride, depth, add);
        }
    }
}
