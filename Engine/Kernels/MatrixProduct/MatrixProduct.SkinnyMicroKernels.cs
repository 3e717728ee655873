using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>
    /// As <see cref="MicroKernel{L,T,MR,NR,RowStride}"/>, for up to 3 rows × 4 or 8 vectors: with so few rows, only a wider micro-tile
    /// has enough independent chains to hide the latency of a fused multiply-add.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void SkinnyMicroKernel<L, T, MR, NR, RowStride>(T* a, nint lda, T* b, nint ldb, T* c, nint ldc, int kc, bool accumulate)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
        where MR : struct, IExtent where NR : struct, IExtent where RowStride : struct, IExtent
    {
        nint row1 = RowStride.Value == 1 ? 1 : lda, row2 = RowStride.Value == 1 ? 2 : 2 * lda, kStride = RowStride.Value == 1 ? lda : 1;
        L c00 = default, c01 = default, c02 = default, c03 = default, c04 = default, c05 = default, c06 = default, c07 = default;
        L c10 = default, c11 = default, c12 = default, c13 = default, c14 = default, c15 = default, c16 = default, c17 = default;
        L c20 = default, c21 = default, c22 = default, c23 = default, c24 = default, c25 = default, c26 = default, c27 = default;
        for (; kc > 0; kc--)
        {
            L x0 = L.Broadcast(*a), x1 = MR.Value > 1 ? L.Broadcast(a[row1]) : default, x2 = MR.Value > 2 ? L.Broadcast(a[row2]) : default;
            L y = L.Load(b);
            c00 = L.FusedMultiplyAdd(x0, y, c00);
            c10 = MR.Value > 1 ? L.FusedMultiplyAdd(x1, y, c10) : c10;
            c20 = MR.Value > 2 ? L.FusedMultiplyAdd(x2, y, c20) : c20;
            y = L.Load(b + L.Count);
            c01 = L.FusedMultiplyAdd(x0, y, c01);
            c11 = MR.Value > 1 ? L.FusedMultiplyAdd(x1, y, c11) : c11;
            c21 = MR.Value > 2 ? L.FusedMultiplyAdd(x2, y, c21) : c21;
            y = L.Load(b + 2 * L.Count);
            c02 = L.FusedMultiplyAdd(x0, y, c02);
            c12 = MR.Value > 1 ? L.FusedMultiplyAdd(x1, y, c12) : c12;
            c22 = MR.Value > 2 ? L.FusedMultiplyAdd(x2, y, c22) : c22;
            y = L.Load(b + 3 * L.Count);
            c03 = L.FusedMultiplyAdd(x0, y, c03);
            c13 = MR.Value > 1 ? L.FusedMultiplyAdd(x1, y, c13) : c13;
            c23 = MR.Value > 2 ? L.FusedMultiplyAdd(x2, y, c23) : c23;
            if (NR.Value > 4)
            {
                y = L.Load(b + 4 * L.Count);
                c04 = L.FusedMultiplyAdd(x0, y, c04);
                c14 = MR.Value > 1 ? L.FusedMultiplyAdd(x1, y, c14) : c14;
                c24 = MR.Value > 2 ? L.FusedMultiplyAdd(x2, y, c24) : c24;
                y = L.Load(b + 5 * L.Count);
                c05 = L.FusedMultiplyAdd(x0, y, c05);
                c15 = MR.Value > 1 ? L.FusedMultiplyAdd(x1, y, c15) : c15;
                c25 = MR.Value > 2 ? L.FusedMultiplyAdd(x2, y, c25) : c25;
                y = L.Load(b + 6 * L.Count);
                c06 = L.FusedMultiplyAdd(x0, y, c06);
                c16 = MR.Value > 1 ? L.FusedMultiplyAdd(x1, y, c16) : c16;
                c26 = MR.Value > 2 ? L.FusedMultiplyAdd(x2, y, c26) : c26;
                y = L.Load(b + 7 * L.Count);
                c07 = L.FusedMultiplyAdd(x0, y, c07);
                c17 = MR.Value > 1 ? L.FusedMultiplyAdd(x1, y, c17) : c17;
                c27 = MR.Value > 2 ? L.FusedMultiplyAdd(x2, y, c27) : c27;
            }
            a += kStride;
            b += ldb;
        }

        StoreRow<L, T, Two>(c, c00, c01, accumulate);
        StoreRow<L, T, Two>(c + 2 * L.Count, c02, c03, accumulate);
        if (NR.Value > 4)
        {
            StoreRow<L, T, Two>(c + 4 * L.Count, c04, c05, accumulate);
            StoreRow<L, T, Two>(c + 6 * L.Count, c06, c07, accumulate);
        }
        if (MR.Value > 1)
        {
            c += ldc;
            StoreRow<L, T, Two>(c, c10, c11, accumulate);
            StoreRow<L, T, Two>(c + 2 * L.Count, c12, c13, accumulate);
            if (NR.Value > 4)
            {
                StoreRow<L, T, Two>(c + 4 * L.Count, c14, c15, accumulate);
                StoreRow<L, T, Two>(c + 6 * L.Count, c16, c17, accumulate);
            }
        }
        if (MR.Value > 2)
        {
            c += ldc;
            StoreRow<L, T, Two>(c, c20, c21, accumulate);
            StoreRow<L, T, Two>(c + 2 * L.Count, c22, c23, accumulate);
            if (NR.Value > 4)
            {
                StoreRow<L, T, Two>(c + 4 * L.Count, c24, c25, accumulate);
                StoreRow<L, T, Two>(c + 6 * L.Count, c26, c27, accumulate);
            }
        }
    }
}
