using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>Stores the valid columns of a micro-tile that extends past the edge of C, or adds them to C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StoreEdge<T>(T* edge, nint ldEdge, T* c, nint ldc, int rows, int width, bool accumulate)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; rows > 0; rows--, edge += ldEdge, c += ldc)
        {
            int j = 0;
            for (; j + Vector128<T>.Count <= width; j += Vector128<T>.Count)
            {
                Vector128<T> sum = Vector128.Load(edge + j);
                Vector128.Store(accumulate ? Vector128.Load(c + j) + sum : sum, c + j);
            }
            for (; j < width; j++)
            {
                c[j] = accumulate ? c[j] + edge[j] : edge[j];
            }
        }
    }

    /// <summary>Computes a micro-tile of 1 to 12 rows from the micro-kernels that exist.</summary>
    private static void RunMicroKernel<L, T, NR, RowStride>(
        T* a, nint lda, T* b, nint ldb, T* c, nint ldc, int kc, bool accumulate, int rows)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
        where NR : struct, IExtent where RowStride : struct, IExtent
    {
        nint row = RowStride.Value == 1 ? 1 : lda;
        while (true)
        {
            int done;
            switch (rows)
            {
                case 12:
                    MicroKernel<L, T, Twelve, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
                    return;
                case 8:
                    MicroKernel<L, T, Eight, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
                    return;
                case 11 or 10 or 6:
                    MicroKernel<L, T, Six, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
                    done = 6;
                    break;
                case 9 or 5:
                    MicroKernel<L, T, Five, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
                    done = 5;
                    break;
                case 7 or 4:
                    MicroKernel<L, T, Four, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
                    done = 4;
                    break;
                case 3:
                    MicroKernel<L, T, Three, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
                    return;
                case 2:
                    MicroKernel<L, T, Two, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
                    return;
                case 1:
                    MicroKernel<L, T, One, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
                    return;
                default:
                    return;
            }
            rows -= done;
            a += done * row;
            c += done * ldc;
        }
    }

    /// <summary>Computes a skinny micro-tile of 1 to 3 rows.</summary>
    private static void RunSkinnyMicroKernel<L, T, NR, RowStride>(
        T* a, nint lda, T* b, nint ldb, T* c, nint ldc, int kc, bool accumulate, int rows)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
        where NR : struct, IExtent where RowStride : struct, IExtent
    {
        if (rows == 3)
        {
            SkinnyMicroKernel<L, T, Three, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
        }
        else if (rows == 2)
        {
            SkinnyMicroKernel<L, T, Two, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
        }
        else
        {
            SkinnyMicroKernel<L, T, One, NR, RowStride>(a, lda, b, ldb, c, ldc, kc, accumulate);
        }
    }
}
