using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>As <see cref="Tile{L,T,Rows,Columns,Adjacent}"/>, for up to 3 rows × 4 or 8 vectors: with so few rows only more columns give enough independent chains.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void FlatTile<L, T, Rows, Columns, Adjacent>(T* a, nint aStride, T* b, nint bStep, T* c, nint cStride, int depth, bool add)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
        where Rows : struct, IExtent where Columns : struct, IExtent where Adjacent : struct, IExtent
    {
        nint one = Adjacent.Value == 1 ? 1 : aStride, two = Adjacent.Value == 1 ? 2 : 2 * aStride, step = Adjacent.Value == 1 ? aStride : 1;
        L c00 = default, c01 = default, c02 = default, c03 = default, c04 = default, c05 = default, c06 = default, c07 = default;
        L c10 = default, c11 = default, c12 = default, c13 = default, c14 = default, c15 = default, c16 = default, c17 = default;
        L c20 = default, c21 = default, c22 = default, c23 = default, c24 = default, c25 = default, c26 = default, c27 = default;
        for (; depth > 0; depth--)
        {
            L x0 = L.Broadcast(*a), x1 = Rows.Value > 1 ? L.Broadcast(a[one]) : default, x2 = Rows.Value > 2 ? L.Broadcast(a[two]) : default;
            L y = L.Load(b);
            c00 = L.FusedMultiplyAdd(x0, y, c00);
            c10 = Rows.Value > 1 ? L.FusedMultiplyAdd(x1, y, c10) : c10;
            c20 = Rows.Value > 2 ? L.FusedMultiplyAdd(x2, y, c20) : c20;
            y = L.Load(b + L.Count);
            c01 = L.FusedMultiplyAdd(x0, y, c01);
            c11 = Rows.Value > 1 ? L.FusedMultiplyAdd(x1, y, c11) : c11;
            c21 = Rows.Value > 2 ? L.FusedMultiplyAdd(x2, y, c21) : c21;
            y = L.Load(b + 2 * L.Count);
            c02 = L.FusedMultiplyAdd(x0, y, c02);
            c12 = Rows.Value > 1 ? L.FusedMultiplyAdd(x1, y, c12) : c12;
            c22 = Rows.Value > 2 ? L.FusedMultiplyAdd(x2, y, c22) : c22;
            y = L.Load(b + 3 * L.Count);
            c03 = L.FusedMultiplyAdd(x0, y, c03);
            c13 = Rows.Value > 1 ? L.FusedMultiplyAdd(x1, y, c13) : c13;
            c23 = Rows.Value > 2 ? L.FusedMultiplyAdd(x2, y, c23) : c23;
            if (Columns.Value > 4)
            {
                y = L.Load(b + 4 * L.Count);
                c04 = L.FusedMultiplyAdd(x0, y, c04);
                c14 = Rows.Value > 1 ? L.FusedMultiplyAdd(x1, y, c14) : c14;
                c24 = Rows.Value > 2 ? L.FusedMultiplyAdd(x2, y, c24) : c24;
                y = L.Load(b + 5 * L.Count);
                c05 = L.FusedMultiplyAdd(x0, y, c05);
                c15 = Rows.Value > 1 ? L.FusedMultiplyAdd(x1, y, c15) : c15;
                c25 = Rows.Value > 2 ? L.FusedMultiplyAdd(x2, y, c25) : c25;
                y = L.Load(b + 6 * L.Count);
                c06 = L.FusedMultiplyAdd(x0, y, c06);
                c16 = Rows.Value > 1 ? L.FusedMultiplyAdd(x1, y, c16) : c16;
                c26 = Rows.Value > 2 ? L.FusedMultiplyAdd(x2, y, c26) : c26;
                y = L.Load(b + 7 * L.Count);
                c07 = L.FusedMultiplyAdd(x0, y, c07);
                c17 = Rows.Value > 1 ? L.FusedMultiplyAdd(x1, y, c17) : c17;
                c27 = Rows.Value > 2 ? L.FusedMultiplyAdd(x2, y, c27) : c27;
            }
            a += step;
            b += bStep;
        }

        Put<L, T, Two>(c, c00, c01, add);
        Put<L, T, Two>(c + 2 * L.Count, c02, c03, add);
        if (Columns.Value > 4)
        {
            Put<L, T, Two>(c + 4 * L.Count, c04, c05, add);
            Put<L, T, Two>(c + 6 * L.Count, c06, c07, add);
        }
        if (Rows.Value > 1)
        {
            c += cStride;
            Put<L, T, Two>(c, c10, c11, add);
            Put<L, T, Two>(c + 2 * L.Count, c12, c13, add);
            if (Columns.Value > 4)
            {
                Put<L, T, Two>(c + 4 * L.Count, c14, c15, add);
                Put<L, T, Two>(c + 6 * L.Count, c16, c17, add);
            }
        }
        if (Rows.Value > 2)
        {
            c += cStride;
            Put<L, T, Two>(c, c20, c21, add);
            Put<L, T, Two>(c + 2 * L.Count, c22, c23, add);
            if (Columns.Value > 4)
            {
                Put<L, T, Two>(c + 4 * L.Count, c24, c25, add);
                Put<L, T, Two>(c + 6 * L.Count, c26, c27, add);
            }
        }
    }
}
