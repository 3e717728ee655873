using System.Numerics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>The rows and columns packed at once: bounds a part's memory to 2 · 3072 · 256 elements.</summary>
    private const int BlockRows = 3072, BlockColumns = 3072;

    /// <summary>Bytes of a packed row and column of 256 elements' depth that share a second cache: 240 KB of A and 512 KB of B.</summary>
    private const int CacheRows = 960, CacheColumns = 2048;

    /// <summary>Below this many multiply-adds a second thread costs more than it brings.</summary>
    private const long Worthwhile = 160_000;

    /// <summary>Up to this many multiply-adds the operands stay in the cache and are read where they lie.</summary>
    private const long Small = 128 * 128 * 128;

    /// <summary>Up to this many rows each element of B is used too seldom to pay for a copy.</summary>
    private const int FewRows = 48;

    /// <summary>Up to this many rows a B whose lines lie apart is transposed in registers.</summary>
    private const int FlatRowCount = 3;

    /// <summary>Up to this many rows it pays to compute Cᵀ = Bᵀ·Aᵀ, because then the small A is packed and not the large B.</summary>
    private const int TurnedRows = 128;

    private static void Drive<L, T>(Operand<T> a, Operand<T> b, T* c, int m, int n, int k, bool accumulate)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool flat = m <= FlatRowCount, large = m > FewRows && (long)m * n * k > Small;
        if (!b.Adjacent && !flat && m <= TurnedRows && n >= 2 * m && n % 4 == 0 && (m % 4 == 0 || !accumulate))
        {
            T* turned = Buffer<T>(ref t_turned, (nint)m * n);
            if (accumulate)
            {
                Transpose(c, n, m, n, turned, m);
            }
            Start<L, T>(b, a, turned, n, m, k, accumulate, packA: false, packB: !a.Adjacent);
            Transpose(turned, m, n, m, c, n);
        }
        else
        {
            bool inRegisters = flat && typeof(L) == typeof(Wide512<float>) && Avx512F.IsSupported;
            Start<L, T>(a, b, c, m, n, k, accumulate, packA: large, packB: large || (!b.Adjacent && !inRegisters));
        }
    }

    private static void Start<L, T>(Operand<T> a, Operand<T> b, T* c, int m, int n, int k, bool accumulate, bool packA, bool packB)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        int vectors = m <= FlatRowCount && (packB || b.Adjacent) ? FlatColumns<L, T>() : 2;
        Product<L, T> product = new()
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
            Tile = TileRows<L, T>(),
            Panel = vectors * L.Count,
        };
        int parts = product.Cut((long)m * n * k < Worthwhile ? 1 : Workers.Count);
        nint room = product.RoomA + product.RoomB;
        if (room > 0)
        {
            product.Packed = Buffer<T>(ref t_packed, room * parts);
        }
        if (parts == 1)
        {
            product.Run(0);
        }
        else
        {
            Workers.Run(ref product, parts);
        }
    }

    /// <summary>The height of a full tile: what 32 or 16 registers hold.</summary>
    private static int TileRows<L, T>() where T : unmanaged, IFloatingPointIeee754<T> => typeof(L) == typeof(Wide512<T>) || AdvSimd.IsSupported ? 12 : 6;

    /// <summary>The width, in vectors, of a tile of at most three rows.</summary>
    private static int FlatColumns<L, T>() where T : unmanaged, IFloatingPointIeee754<T> => TileRows<L, T>() == 12 ? 8 : 4;

    /// <summary>Panels are as wide as their tile, rounded up to the four lines that are transposed at once.</summary>
    private static int Step(int width) => (width + 3) & ~3;

    private static int Ceiling(int a, int b) => (a + b - 1) / b;

    private static int Share(int part, int parts, int count) => (int)((long)part * count / parts);

    /// <summary>A product cut into a grid of blocks of C. Each part packs for itself what it needs: waiting for another core's copy, and fetching it, costs more.</summary>
    private struct Product<L, T> : IParts where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Operand<T> A, B;
        public T* C, Packed;
        public int M, N, K, Tile, Panel;
        public bool Accumulate, PackA, PackB;
        private int _gridRows, _gridColumns;

        /// <summary>Elements of a part's memory for packed rows and columns.</summary>
        public readonly nint RoomA => !PackA ? 0 : Ceiling(Math.Min(BlockRows, RowsOfPart), Tile) * (nint)Step(Tile) * Math.Min(K, BlockDepth) + 16;

        public readonly nint RoomB => PackB
            ? Ceiling(Math.Min(BlockColumns, ColumnsOfPart), Panel) * (nint)Step(Panel) * Math.Min(K, BlockDepth) + 16
            : N % (2 * L.Count) != 0 ? 2 * (nint)Step(L.Count) * Math.Min(K, BlockDepth) + 16 : 0;

        private readonly int RowsOfPart => Ceiling(Ceiling(M, Tile), _gridRows) * Tile;

        private readonly int ColumnsOfPart => Ceiling(Ceiling(N, Panel), _gridColumns) * Panel;

        /// <summary>Chooses the grid of at most that many parts whose largest part multiplies and packs least.</summary>
        public int Cut(int parts)
        {
            _gridRows = _gridColumns = 1;
            long least = long.MaxValue;
            for (int rows = 1; parts > 1 && rows <= Math.Min(parts, Ceiling(M, Tile)); rows++)
            {
                int columns = Math.Min(parts / rows, Ceiling(N, Panel));
                long high = Ceiling(Ceiling(M, Tile), rows) * Tile, wide = Ceiling(Ceiling(N, Panel), columns) * Panel;
                long cost = high * wide + 16 * (high + wide);
                if (cost < least)
                {
                    (least, _gridRows, _gridColumns) = (cost, rows, columns);
                }
            }
            return _gridRows * _gridColumns;
        }

        public readonly void Run(int part)
        {
            int row = part % _gridRows, column = part / _gridRows, tiles = Ceiling(M, Tile), panels = Ceiling(N, Panel);
            int top = Share(row, _gridRows, tiles) * Tile, bottom = Math.Min(M, Share(row + 1, _gridRows, tiles) * Tile);
            int left = Share(column, _gridColumns, panels) * Panel, right = Math.Min(N, Share(column + 1, _gridColumns, panels) * Panel);
            T* packed = Packed + part * (RoomA + RoomB);
            Block<L, T> block = new()
            {
                A = A,
                B = B,
                C = C,
                N = N,
                Tile = Tile,
                Panel = Panel,
                PackedB = packed,
                PackedA = PackA ? packed + (RoomB & ~15) : null,
                PackB = PackB,
            };
            for (int j = left; j < right; j += BlockColumns)
            {
                block.Column = j;
                block.Columns = Math.Min(BlockColumns, right - j);
                for (int p = 0; p < K; p += BlockDepth)
                {
                    block.First = p;
                    block.Depth = Math.Min(BlockDepth, K - p);
                    block.Add = Accumulate || p > 0;
                    block.PackColumns();
                    for (int i = top; i < bottom; i += BlockRows)
                    {
                        block.Row = i;
                        block.Rows = Math.Min(BlockRows, bottom - i);
                        block.PackRows();
                        block.Multiply();
                    }
                }
            }
        }
    }
}
