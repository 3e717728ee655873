using System.Numerics;
using System.Runtime.Intrinsics.Arm;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>The largest block of C packed at once: bounds the packed memory to 2 · 3072 · 256 elements.</summary>
    private const int MostRows = 3072, MostColumns = 3072;

    /// <summary>The largest block of C given to a thread: its part of A (240 KB in float) and of B (512 KB) stay in the core's second cache.</summary>
    private const int PartRows = 240, PartColumns = 512;

    /// <summary>Below this many multiply-adds a second thread costs more than it brings.</summary>
    private const long Worthwhile = 160_000;

    /// <summary>Up to this many rows B is read where it lies: each element is used too seldom to pay for a copy.</summary>
    private const int FewRows = 48;

    private static void Drive<L, T>(Operand<T> a, Operand<T> b, T* c, int m, int n, int k, bool accumulate)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        long work = (long)m * n * k;
        bool small = work <= 128 * 128 * 128;
        bool packB = !b.Adjacent || (m > FewRows && !small);
        bool packA = packB && m > FewRows && !small;
        int tile = TileRows<L, T>(), panel = m <= 3 ? FlatColumns<L, T>() * L.Count : 2 * L.Count, panelStep = (panel + 3) & ~3;
        int threads = work < Worthwhile ? 1 : Workers.Count;

        int mostDepth = Math.Min(k, BlockDepth), columns = Math.Min(n, MostColumns), rows = Math.Min(m, MostRows);
        int tailStep = (L.Count + 3) & ~3;
        nint roomB = packB ? (nint)Ceiling(columns, panel) * panelStep * mostDepth : n % L.Count != 0 ? (nint)tailStep * mostDepth : 0;
        nint roomA = packA ? (nint)Ceiling(rows, tile) * StepA(tile) * mostDepth : 0;
        T* packed = roomA + roomB > 0 ? Buffer<T>(roomA + roomB + 64) : null;

        Block<L, T> block = new()
        {
            A = a,
            B = b,
            PackedB = packB || n % L.Count != 0 ? packed : null,
            PackedA = packA ? packed + ((roomB + 15) & ~15) : null,
            PackB = packB,
            C = c,
            N = n,
            Tile = tile,
            Panel = panel,
            PanelStep = packB ? panelStep : tailStep,
        };
        for (int j = 0; j < n; j += MostColumns)
        {
            block.FirstColumn = j;
            block.Columns = Math.Min(n - j, MostColumns);
            for (int p = 0; p < k; p += BlockDepth)
            {
                block.First = p;
                block.Depth = Math.Min(k - p, BlockDepth);
                block.Add = accumulate || p > 0;
                for (int i = 0; i < m; i += MostRows)
                {
                    block.FirstRow = i;
                    block.Rows = Math.Min(m - i, MostRows);
                    block.Run(threads, packColumns: i == 0);
                }
            }
        }
    }

    /// <summary>The height of a full tile: what 32 or 16 registers hold.</summary>
    private static int TileRows<L, T>() where T : unmanaged, IFloatingPointIeee754<T> => typeof(L) == typeof(Wide512<T>) || AdvSimd.IsSupported ? 12 : 6;

    /// <summary>The width, in vectors, of a tile of at most three rows.</summary>
    private static int FlatColumns<L, T>() where T : unmanaged, IFloatingPointIeee754<T> => TileRows<L, T>() == 12 ? 8 : 4;

    /// <summary>Panels of A are as wide as their tile, rounded up to what is transposed at once.</summary>
    private static int StepA(int tile) => (tile + 3) & ~3;

    private static int Ceiling(int a, int b) => (a + b - 1) / b;
}
