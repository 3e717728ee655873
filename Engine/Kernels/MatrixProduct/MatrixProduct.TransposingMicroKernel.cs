using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>
    /// As <see cref="SkinnyMicroKernel{L,T,MR,NR,RowStride}"/>, for up to 3 rows × 32 columns where B is stored transposed (contiguous
    /// along k) and is used too seldom to pay for packing: 16 rows of Bᵀ × 4 are transposed in registers at a time.
    /// </summary>
    /// <remarks>
    /// The quarters of a register are loaded from rows 4 apart, so that two rounds of shuffles suffice. Element (r, k) of A is a[r·rsA +
    /// k·csA].
    /// </remarks>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void TransposingMicroKernel<MR>(
        float* a, nint rsA, nint csA, float* b, nint ldb, float* c, nint ldc, int kc, bool accumulate)
        where MR : struct, IExtent
    {
        float* rest = stackalloc float[3 * 32];
        int leftover = kc & 3;
        for (int p = 0; p < leftover; p++)
        {
            for (int row = 0; row < 32; row++)
            {
                rest[p * 32 + row] = b[row * ldb + (kc - leftover + p)];
            }
        }
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        nint far = 16 * ldb;
        for (; kc >= 4; kc -= 4)
        {
            Vector512<float> x0 = LoadQuarters(b, ldb), x1 = LoadQuarters(b + ldb, ldb);
            Vector512<float> x2 = LoadQuarters(b + 2 * ldb, ldb), x3 = LoadQuarters(b + 3 * ldb, ldb);
            Vector512<double> low01 = Avx512F.UnpackLow(x0, x1).AsDouble(), high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
            Vector512<double> low23 = Avx512F.UnpackLow(x2, x3).AsDouble(), high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
            x0 = Avx512F.UnpackLow(low01, low23).AsSingle();
            x1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
            x2 = Avx512F.UnpackLow(high01, high23).AsSingle();
            x3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), x0, c00);
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[csA]), x1, c00);
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * csA]), x2, c00);
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3 * csA]), x3, c00);
            if (MR.Value > 1)
            {
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA]), x0, c10);
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA + csA]), x1, c10);
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA + 2 * csA]), x2, c10);
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA + 3 * csA]), x3, c10);
            }
            if (MR.Value > 2)
            {
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA]), x0, c20);
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA + csA]), x1, c20);
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA + 2 * csA]), x2, c20);
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA + 3 * csA]), x3, c20);
            }
            x0 = LoadQuarters(b + far, ldb);
            x1 = LoadQuarters(b + far + ldb, ldb);
            x2 = LoadQuarters(b + far + 2 * ldb, ldb);
            x3 = LoadQuarters(b + far + 3 * ldb, ldb);
            low01 = Avx512F.UnpackLow(x0, x1).AsDouble();
            high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
            low23 = Avx512F.UnpackLow(x2, x3).AsDouble();
            high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
            x0 = Avx512F.UnpackLow(low01, low23).AsSingle();
            x1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
            x2 = Avx512F.UnpackLow(high01, high23).AsSingle();
            x3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), x0, c01);
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[csA]), x1, c01);
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * csA]), x2, c01);
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3 * csA]), x3, c01);
            if (MR.Value > 1)
            {
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA]), x0, c11);
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA + csA]), x1, c11);
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA + 2 * csA]), x2, c11);
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA + 3 * csA]), x3, c11);
            }
            if (MR.Value > 2)
            {
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA]), x0, c21);
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA + csA]), x1, c21);
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA + 2 * csA]), x2, c21);
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA + 3 * csA]), x3, c21);
            }
            a += 4 * csA;
            b += 4;
        }
        for (; kc > 0; kc--)
        {
            Vector512<float> y0 = Vector512.Load(rest), y1 = Vector512.Load(rest + 16);
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), y0, c00);
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), y1, c01);
            if (MR.Value > 1)
            {
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA]), y0, c10);
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rsA]), y1, c11);
            }
            if (MR.Value > 2)
            {
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA]), y0, c20);
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rsA]), y1, c21);
            }
            a += csA;
            rest += 32;
        }
        StoreRow<Wide512<float>, float, Two>(c, new(c00), new(c01), accumulate);
        if (MR.Value > 1)
        {
            c += ldc;
            StoreRow<Wide512<float>, float, Two>(c, new(c10), new(c11), accumulate);
        }
        if (MR.Value > 2)
        {
            c += ldc;
            StoreRow<Wide512<float>, float, Two>(c, new(c20), new(c21), accumulate);
        }
    }

    /// <summary>Loads four elements of each of four rows, 4 rows apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> LoadQuarters(float* row, nint stride)
    {
        // Vector512.Create of two halves would go through memory
        Vector512<float> x = Vector128.Load(row).ToVector256Unsafe().ToVector512Unsafe();
        x = Avx512F.InsertVector128(x, Vector128.Load(row + 4 * stride), 1);
        x = Avx512F.InsertVector128(x, Vector128.Load(row + 8 * stride), 2);
        return Avx512F.InsertVector128(x, Vector128.Load(row + 12 * stride), 3);
    }
}
