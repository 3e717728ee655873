using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>
    /// Up to 3 rows × 32 columns where the lines of B lie apart and are used too seldom to be packed: they are transposed in registers,
    /// 16 lines × 4 at a time. The quarters of a register are read from lines 4 apart, so that two rounds of shuffles do. Element k of row r of A
    /// stands at a[r·rowStride + k·step].
    /// </summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void TransposingTile<Rows>(float* a, nint rowStride, nint step, float* b, nint bStride, float* c, nint cStride, int depth, bool add) where Rows : struct, IExtent
    {
        float* rest = stackalloc float[3 * 32];
        int odd = depth & 3;
        for (int p = 0; p < odd; p++)
        {
            for (int line = 0; line < 32; line++)
            {
                rest[p * 32 + line] = b[line * bStride + (depth - odd + p)];
            }
        }
        Vector512<float> c00 = default, c01 = default, c10 = default, c11 = default, c20 = default, c21 = default;
        nint far = 16 * bStride;
        for (; depth >= 4; depth -= 4)
        {
            Vector512<float> x0 = Quarters(b, bStride), x1 = Quarters(b + bStride, bStride), x2 = Quarters(b + 2 * bStride, bStride), x3 = Quarters(b + 3 * bStride, bStride);
            Vector512<double> low01 = Avx512F.UnpackLow(x0, x1).AsDouble(), high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
            Vector512<double> low23 = Avx512F.UnpackLow(x2, x3).AsDouble(), high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
            x0 = Avx512F.UnpackLow(low01, low23).AsSingle();
            x1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
            x2 = Avx512F.UnpackLow(high01, high23).AsSingle();
            x3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), x0, c00);
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[step]), x1, c00);
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * step]), x2, c00);
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3 * step]), x3, c00);
            if (Rows.Value > 1)
            {
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride]), x0, c10);
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride + step]), x1, c10);
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride + 2 * step]), x2, c10);
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride + 3 * step]), x3, c10);
            }
            if (Rows.Value > 2)
            {
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride]), x0, c20);
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride + step]), x1, c20);
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride + 2 * step]), x2, c20);
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride + 3 * step]), x3, c20);
            }
            x0 = Quarters(b + far, bStride);
            x1 = Quarters(b + far + bStride, bStride);
            x2 = Quarters(b + far + 2 * bStride, bStride);
            x3 = Quarters(b + far + 3 * bStride, bStride);
            low01 = Avx512F.UnpackLow(x0, x1).AsDouble();
            high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
            low23 = Avx512F.UnpackLow(x2, x3).AsDouble();
            high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
            x0 = Avx512F.UnpackLow(low01, low23).AsSingle();
            x1 = Avx512F.UnpackHigh(low01, low23).AsSingle();
            x2 = Avx512F.UnpackLow(high01, high23).AsSingle();
            x3 = Avx512F.UnpackHigh(high01, high23).AsSingle();
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), x0, c01);
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[step]), x1, c01);
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * step]), x2, c01);
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[3 * step]), x3, c01);
            if (Rows.Value > 1)
            {
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride]), x0, c11);
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride + step]), x1, c11);
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride + 2 * step]), x2, c11);
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride + 3 * step]), x3, c11);
            }
            if (Rows.Value > 2)
            {
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride]), x0, c21);
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride + step]), x1, c21);
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride + 2 * step]), x2, c21);
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride + 3 * step]), x3, c21);
            }
            a += 4 * step;
            b += 4;
        }
        for (; depth > 0; depth--)
        {
            Vector512<float> y0 = Vector512.Load(rest), y1 = Vector512.Load(rest + 16);
            c00 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), y0, c00);
            c01 = Vector512.FusedMultiplyAdd(Vector512.Create(a[0]), y1, c01);
            if (Rows.Value > 1)
            {
                c10 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride]), y0, c10);
                c11 = Vector512.FusedMultiplyAdd(Vector512.Create(a[rowStride]), y1, c11);
            }
            if (Rows.Value > 2)
            {
                c20 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride]), y0, c20);
                c21 = Vector512.FusedMultiplyAdd(Vector512.Create(a[2 * rowStride]), y1, c21);
            }
            a += step;
            rest += 32;
        }
        Put<Wide512<float>, float, Two>(c, new(c00), new(c01), add);
        if (Rows.Value > 1)
        {
            c += cStride;
            Put<Wide512<float>, float, Two>(c, new(c10), new(c11), add);
        }
        if (Rows.Value > 2)
        {
            c += cStride;
            Put<Wide512<float>, float, Two>(c, new(c20), new(c21), add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quarters(float* line, nint stride)
    {
        // Vector512.Create of two halves would go through memory
        Vector512<float> x = Vector128.Load(line).ToVector256Unsafe().ToVector512Unsafe();
        x = Avx512F.InsertVector128(x, Vector128.Load(line + 4 * stride), 1);
        x = Avx512F.InsertVector128(x, Vector128.Load(line + 8 * stride), 2);
        return Avx512F.InsertVector128(x, Vector128.Load(line + 12 * stride), 3);
    }
}
