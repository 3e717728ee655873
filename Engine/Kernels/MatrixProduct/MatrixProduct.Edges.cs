using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>Brings the valid columns of a tile that hangs over the edge into C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
