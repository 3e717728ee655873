using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    [ThreadStatic]
    private static Vector512<byte>[]? t_packed, t_turned;

    /// <summary>Memory of this thread, from a cache line's start; it stays until the thread ends, and grows to the largest product.</summary>
    private static T* Buffer<T>(ref Vector512<byte>[]? buffer, nint elements) where T : unmanaged
    {
        nint lines = elements * sizeof(T) / 64 + 2;
        if (buffer is null || buffer.Length < lines)
        {
            // cache lines, not bytes: an array of bytes ends at 2 GB
            buffer = GC.AllocateUninitializedArray<Vector512<byte>>(checked((int)((lines + 1023) & ~1023)), pinned: true);
        }
        return (T*)(((nint)Unsafe.AsPointer(ref buffer[0]) + 63) & ~63);
    }

    /// <summary>
    /// Writes lines of an operand side by side, in panels of <paramref name="panel"/> lines: element (line, p) of a panel to target[p·Step(panel) + line],
    /// the next panel behind it. What a last, narrower panel does not fill is zero, or a copy of another line; it only reaches sums that are dropped.
    /// </summary>
    private static void Pack<L, T>(in Operand<T> source, int line, int lines, int p, int depth, int panel, T* target)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        int step = Step(panel);
        nint size = (nint)step * depth;
        int full = lines / panel;
        if (!source.Adjacent)
        {
            for (int i = 0; i < full; i++)
            {
                Transpose(source.At(line + i * panel, p), source.Stride, panel, depth, target + i * size, step);
            }
        }
        else
        {
            for (int i = 0; i < full; i += 8)
            {
                Copy<L, T>(source.At(line + i * panel, p), source.Stride, panel, Math.Min(8, full - i), depth, target + i * size, step);
            }
        }
        if (full * panel < lines)
        {
            target += full * size;
            Unsafe.InitBlockUnaligned(target, 0, (uint)(size * sizeof(T)));
            T* rest = source.At(line + full * panel, p);
            if (source.Adjacent)
            {
                CopyRuns(rest, source.Stride, lines - full * panel, depth, target, step);
            }
            else
            {
                Transpose(rest, source.Stride, lines - full * panel, depth, target, step);
            }
        }
    }

    /// <summary>Several panels at a time, so that a stretch of memory is read at once where the lines lie side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<L, T>(T* source, nint stride, int panel, int panels, int depth, T* target, int step)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        nint size = (nint)step * depth;
        if (panel % (2 * L.Count) == 0)
        {
            for (; depth > 0; depth--, source += stride, target += step)
            {
                T* from = source, to = target;
                for (int i = 0; i < panels; i++, from += panel, to += size)
                {
                    for (int j = 0; j < panel; j += 2 * L.Count)
                    {
                        if (Sse.IsSupported)
                        {
                            Sse.Prefetch0(from + 8 * stride + j);
                            Sse.Prefetch0(from + 8 * stride + j + L.Count);
                        }
                        L x = L.Load(from + j), y = L.Load(from + j + L.Count);
                        L.Store(x, to + j);
                        L.Store(y, to + j + L.Count);
                    }
                }
            }
        }
        else if (panel == 12)
        {
            for (; depth > 0; depth--, source += stride, target += step)
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
                CopyRuns(source + i * panel, stride, panel, depth, target + i * size, step);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CopyRuns<T>(T* source, nint stride, int width, int depth, T* target, int step) where T : unmanaged
    {
        for (; depth > 0; depth--, source += stride, target += step)
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

    /// <summary>Four elements at once.</summary>
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

    /// <summary>Four lines at a time, and of each a full register, so that a line's cache line is read once; a missing line is read as the last one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transpose<T>(T* source, nint stride, int width, int depth, T* target, int step) where T : unmanaged
    {
        int p = 0;
        nint ahead = width * stride;
        for (; depth - p >= 16; p += 16)
        {
            for (int line = 0; line < width; line += 4)
            {
                T* r0 = source + line * stride + p, r1 = line + 1 < width ? r0 + stride : r0, r2 = line + 2 < width ? r1 + stride : r1, r3 = line + 3 < width ? r2 + stride : r2;
                T* to = target + p * step + line;
                if (Sse.IsSupported)
                {
                    // the same stretch of the next panel's lines
                    Sse.Prefetch0(r0 + ahead);
                    Sse.Prefetch0(r1 + ahead);
                    Sse.Prefetch0(r2 + ahead);
                    Sse.Prefetch0(r3 + ahead);
                }
                if (typeof(T) == typeof(float) && Avx512F.IsSupported)
                {
                    Sixteen((float*)r0, (float*)r1, (float*)r2, (float*)r3, (float*)to, step);
                }
                else
                {
                    Fours(r0, r1, r2, r3, to, step, 16);
                }
            }
        }
        if (p < depth)
        {
            for (int line = 0; line < width; line += 4)
            {
                T* r0 = source + line * stride + p, r1 = line + 1 < width ? r0 + stride : r0, r2 = line + 2 < width ? r1 + stride : r1, r3 = line + 3 < width ? r2 + stride : r2;
                Fours(r0, r1, r2, r3, target + p * step + line, step, depth - p);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Sixteen(float* r0, float* r1, float* r2, float* r3, float* to, nint step)
    {
        Vector512<float> x0 = Vector512.Load(r0), x1 = Vector512.Load(r1), x2 = Vector512.Load(r2), x3 = Vector512.Load(r3);
        Vector512<double> low01 = Avx512F.UnpackLow(x0, x1).AsDouble(), high01 = Avx512F.UnpackHigh(x0, x1).AsDouble();
        Vector512<double> low23 = Avx512F.UnpackLow(x2, x3).AsDouble(), high23 = Avx512F.UnpackHigh(x2, x3).AsDouble();
        Scatter(Avx512F.UnpackLow(low01, low23).AsSingle(), to, 4 * step);
        Scatter(Avx512F.UnpackHigh(low01, low23).AsSingle(), to + step, 4 * step);
        Scatter(Avx512F.UnpackLow(high01, high23).AsSingle(), to + 2 * step, 4 * step);
        Scatter(Avx512F.UnpackHigh(high01, high23).AsSingle(), to + 3 * step, 4 * step);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Scatter(Vector512<float> x, float* to, nint step)
    {
        Vector128.Store(x.GetLower().GetLower(), to);
        Vector128.Store(x.GetLower().GetUpper(), to + step);
        Vector128.Store(Avx512F.ExtractVector128(x, 2), to + 2 * step);
        Vector128.Store(Avx512F.ExtractVector128(x, 3), to + 3 * step);
    }

    /// <summary>Four lines by <paramref name="count"/>, in squares of 4×4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fours<T>(T* r0, T* r1, T* r2, T* r3, T* to, nint step, int count) where T : unmanaged
    {
        int p = 0;
        if (typeof(T) == typeof(float) && Sse.IsSupported)
        {
            for (; p + 4 <= count; p += 4, to += 4 * step)
            {
                Vector128<float> x0 = Vector128.Load((float*)(r0 + p)), x1 = Vector128.Load((float*)(r1 + p)), x2 = Vector128.Load((float*)(r2 + p)), x3 = Vector128.Load((float*)(r3 + p));
                Vector128<float> low01 = Sse.UnpackLow(x0, x1), high01 = Sse.UnpackHigh(x0, x1), low23 = Sse.UnpackLow(x2, x3), high23 = Sse.UnpackHigh(x2, x3);
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
                Vector256<double> x0 = Vector256.Load((double*)(r0 + p)), x1 = Vector256.Load((double*)(r1 + p)), x2 = Vector256.Load((double*)(r2 + p)), x3 = Vector256.Load((double*)(r3 + p));
                Vector256<double> low01 = Avx.UnpackLow(x0, x1), high01 = Avx.UnpackHigh(x0, x1), low23 = Avx.UnpackLow(x2, x3), high23 = Avx.UnpackHigh(x2, x3);
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
