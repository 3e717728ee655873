using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    [ThreadStatic]
    private static Vector512<byte>[]? t_packed, t_transposed;

    /// <summary>
    /// Returns a buffer of the calling thread, aligned to a cache line; it grows to the largest product and lives as long as the thread.
    /// </summary>
    private static T* Buffer<T>(ref Vector512<byte>[]? buffer, nint elements) where T : unmanaged
    {
        nint lines = elements * sizeof(T) / 64 + 2;
        if (buffer is null || buffer.Length < lines)
        {
            // an array of cache lines, because an array of bytes is limited to 2 GB
            buffer = GC.AllocateUninitializedArray<Vector512<byte>>(checked((int)((lines + 1023) & ~1023)), pinned: true);
        }
        return (T*)(((nint)Unsafe.AsPointer(ref buffer[0]) + 63) & ~63);
    }

    /// <summary>
    /// Packs rows of an operand into panels of <paramref name="width"/> rows (mr of A, nr of Bᵀ), one panel after the other: element
    /// (row, p) of a panel goes to target[p·PackedStride(width) + row].
    /// </summary>
    /// <remarks>
    /// A narrower last panel is padded with zeros or with copies of a row; padding only reaches sums that are discarded.
    /// </remarks>
    private static void Pack<L, T>(in Operand<T> source, int row, int rows, int p, int kc, int width, T* target)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        int step = PackedStride(width);
        nint size = (nint)step * kc;
        int full = rows / width;
        if (!source.UnitRowStride)
        {
            for (int i = 0; i < full; i++)
            {
                Transpose(source.At(row + i * width, p), source.LeadingDimension, width, kc, target + i * size, step);
            }
        }
        else
        {
            for (int i = 0; i < full; i += 8)
            {
                int panels = Math.Min(8, full - i);
                CopyPanels<L, T>(source.At(row + i * width, p), source.LeadingDimension, width, panels, kc, target + i * size, step);
            }
        }
        if (full * width < rows)
        {
            target += full * size;
            Unsafe.InitBlockUnaligned(target, 0, (uint)(size * sizeof(T)));
            T* rest = source.At(row + full * width, p);
            if (source.UnitRowStride)
            {
                CopyPanel(rest, source.LeadingDimension, rows - full * width, kc, target, step);
            }
            else
            {
                Transpose(rest, source.LeadingDimension, rows - full * width, kc, target, step);
            }
        }
    }

    /// <summary>Packs several panels at a time from an operand of unit row stride, so that long contiguous runs are read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPanels<L, T>(T* source, nint stride, int width, int panels, int kc, T* target, int step)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint size = (nint)step * kc;
        if (width % (2 * L.Count) == 0)
        {
            for (; kc > 0; kc--, source += stride, target += step)
            {
                T* from = source, to = target;
                for (int i = 0; i < panels; i++, from += width, to += size)
                {
                    for (int j = 0; j < width; j += 2 * L.Count)
                    {
                        Prefetch.Line(from + 8 * stride + j);
                        Prefetch.Line(from + 8 * stride + j + L.Count);
                        L x = L.Load(from + j), y = L.Load(from + j + L.Count);
                        L.Store(x, to + j);
                        L.Store(y, to + j + L.Count);
                    }
                }
            }
        }
        else if (width == 12)
        {
            for (; kc > 0; kc--, source += stride, target += step)
            {
                T* from = source, to = target;
                for (int i = 0; i < panels; i++, from += 12, to += size)
                {
                    Quad<T>.Copy(from, to);
                    Quad<T>.Copy(from + 4, to + 4);
                    Quad<T>.Copy(from + 8, to + 8);
                }
            }
        }
        else
        {
            for (int i = 0; i < panels; i++)
            {
                CopyPanel(source + i * width, stride, width, kc, target + i * size, step);
            }
        }
    }

    /// <summary>Packs one panel from an operand of unit row stride.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyPanel<T>(T* source, nint stride, int width, int kc, T* target, int step) where T : unmanaged
    {
        for (; kc > 0; kc--, source += stride, target += step)
        {
            int i = 0;
            for (; i + 4 <= width; i += 4)
            {
                Quad<T>.Copy(source + i, target + i);
            }
            for (; i < width; i++)
            {
                target[i] = source[i];
            }
        }
    }

    /// <summary>Copies four elements at once.</summary>
    private static class Quad<T> where T : unmanaged
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Copy(T* source, T* target)
        {
            if (sizeof(T) == 4)
            {
                Vector128.Store(Vector128.Load((int*)source), (int*)target);
            }
            else
            {
                Vector256.Store(Vector256.Load((long*)source), (long*)target);
            }
        }
    }

    /// <summary>
    /// Packs one panel from an operand that is contiguous along k: four rows at a time, 16 elements of each, so that every cache line is
    /// read once. A missing fourth row is read as the last one.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(T* source, nint stride, int width, int kc, T* target, int step) where T : unmanaged
    {
        int p = 0;
        nint ahead = width * stride;
        for (; kc - p >= 16; p += 16)
        {
            for (int row = 0; row < width; row += 4)
            {
                T* r0 = source + row * stride + p;
                T* r1 = row + 1 < width ? r0 + stride : r0, r2 = row + 2 < width ? r1 + stride : r1;
                T* r3 = row + 3 < width ? r2 + stride : r2;
                T* to = target + p * step + row;
                // the same columns of the next panel
                Prefetch.Line(r0 + ahead);
                Prefetch.Line(r1 + ahead);
                Prefetch.Line(r2 + ahead);
                Prefetch.Line(r3 + ahead);
                if (typeof(T) == typeof(float) && Avx512F.IsSupported)
                {
                    TransposeFourBySixteen((float*)r0, (float*)r1, (float*)r2, (float*)r3, (float*)to, step);
                }
                else
                {
                    TransposeFourBy(r0, r1, r2, r3, to, step, 16);
                }
            }
        }
        if (p < kc)
        {
            for (int row = 0; row < width; row += 4)
            {
                T* r0 = source + row * stride + p;
                T* r1 = row + 1 < width ? r0 + stride : r0, r2 = row + 2 < width ? r1 + stride : r1;
                T* r3 = row + 3 < width ? r2 + stride : r2;
                TransposeFourBy(r0, r1, r2, r3, target + p * step + row, step, kc - p);
            }
        }
    }

    /// <summary>Transposes 4 rows of 16 elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeFourBySixteen(float* r0, float* r1, float* r2, float* r3, float* to, nint step)
    {
        Vector512<float> x0 = Vector512.Load(r0), x1 = Vector512.Load(r1), x2 = Vector512.Load(r2), x3 = Vector512.Load(r3);
        Vector512<double> low01 = Avx512F.UnpackLow(x0, x1).AsDouble(), high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(x2, x3).AsDouble(), high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
        StoreQuarters(Avx512F.UnpackLow(low01, low23).AsSingle(), to, 4 * step);
        StoreQuarters(Avx512F.UnpackHigh(low01, low23).AsSingle(), to + step, 4 * step);
        StoreQuarters(Avx512F.UnpackLow(high01, high23).AsSingle(), to + 2 * step, 4 * step);
        StoreQuarters(Avx512F.UnpackHigh(high01, high23).AsSingle(), to + 3 * step, 4 * step);
    }

    /// <summary>Stores the four quarters of a register, <paramref name="step"/> elements apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreQuarters(Vector512<float> x, float* to, nint step)
    {
        Vector128.Store(x.GetLower().GetLower(), to);
        Vector128.Store(x.GetLower().GetUpper(), to + step);
        Vector128.Store(Avx512F.ExtractVector128(x, 2), to + 2 * step);
        Vector128.Store(Avx512F.ExtractVector128(x, 3), to + 3 * step);
    }

    /// <summary>Transposes 4 rows of <paramref name="count"/> elements, in 4×4 squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TransposeFourBy<T>(T* r0, T* r1, T* r2, T* r3, T* to, nint step, int count) where T : unmanaged
    {
        int p = 0;
        if (typeof(T) == typeof(float) && Sse.IsSupported)
        {
            for (; p + 4 <= count; p += 4, to += 4 * step)
            {
                Vector128<float> x0 = Vector128.Load((float*)(r0 + p)), x1 = Vector128.Load((float*)(r1 + p));
                Vector128<float> x2 = Vector128.Load((float*)(r2 + p)), x3 = Vector128.Load((float*)(r3 + p));
                Vector128<float> low01 = Sse.UnpackLow(x0, x1), high01 = Sse.UnpackHigh(x0, x1);
                Vector128<float> low23 = Sse.UnpackLow(x2, x3), high23 = Sse.UnpackHigh(x2, x3);
                Vector128.Store(Sse.MoveLowToHigh(low01, low23), (float*)to);
                Vector128.Store(Sse.MoveHighToLow(low23, low01), (float*)(to + step));
                Vector128.Store(Sse.MoveLowToHigh(high01, high23), (float*)(to + 2 * step));
                Vector128.Store(Sse.MoveHighToLow(high23, high01), (float*)(to + 3 * step));
            }
        }
        else if (typeof(T) == typeof(double) && Avx.IsSupported)
        {
            for (; p + 4 <= count; p += 4, to += 4 * step)
            {
                Vector256<double> x0 = Vector256.Load((double*)(r0 + p)), x1 = Vector256.Load((double*)(r1 + p));
                Vector256<double> x2 = Vector256.Load((double*)(r2 + p)), x3 = Vector256.Load((double*)(r3 + p));
                Vector256<double> low01 = Avx.UnpackLow(x0, x1), high01 = Avx.UnpackHigh(x0, x1);
                Vector256<double> low23 = Avx.UnpackLow(x2, x3), high23 = Avx.UnpackHigh(x2, x3);
                Vector256.Store(Avx.Permute2x128(low01, low23, 0x20), (double*)to);
                Vector256.Store(Avx.Permute2x128(high01, high23, 0x20), (double*)(to + step));
                Vector256.Store(Avx.Permute2x128(low01, low23, 0x31), (double*)(to + 2 * step));
                Vector256.Store(Avx.Permute2x128(high01, high23, 0x31), (double*)(to + 3 * step));
            }
        }
        for (; p < count; p++, to += step)
        {
            T x0 = r0[p], x1 = r1[p], x2 = r2[p], x3 = r3[p];
            to[0] = x0;
            to[1] = x1;
            to[2] = x2;
            to[3] = x3;
        }
    }
}
