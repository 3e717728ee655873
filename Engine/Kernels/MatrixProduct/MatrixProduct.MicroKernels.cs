using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>
    /// A constant of a micro-kernel as a type argument: the JIT compiles each kernel without the branches that its constants exclude.
    /// </summary>
    private interface IExtent
    {
        static abstract int Value { get; }
    }

    /// <summary>Any value: a stride that is known only when the kernel runs.</summary>
    private readonly struct Any : IExtent
    {
        public static int Value => 0;
    }

    private readonly struct One : IExtent
    {
        public static int Value => 1;
    }

    private readonly struct Two : IExtent
    {
        public static int Value => 2;
    }

    private readonly struct Three : IExtent
    {
        public static int Value => 3;
    }

    private readonly struct Four : IExtent
    {
        public static int Value => 4;
    }

    private readonly struct Five : IExtent
    {
        public static int Value => 5;
    }

    private readonly struct Six : IExtent
    {
        public static int Value => 6;
    }

    private readonly struct Eight : IExtent
    {
        public static int Value => 8;
    }

    private readonly struct Twelve : IExtent
    {
        public static int Value => 12;
    }

    /// <summary>
    /// The micro-kernel: an mr×nr micro-tile of C ← (C +) A·B over one block of kc, with the sums held in registers.
    /// </summary>
    /// <remarks>
    /// <typeparamref name="MR"/> rows by <typeparamref name="NR"/> vectors. Row k of B starts at b + k·ldb. Element (r, k) of A is a[r +
    /// k·lda] if <typeparamref name="RowStride"/> is <see cref="One"/>, else a[r·lda + k]. The loop must not contain a call: the JIT
    /// would spill every sum.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void MicroKernel<L, T, MR, NR, RowStride>(T* a, nint lda, T* b, nint ldb, T* c, nint ldc, int kc, bool accumulate)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
        where MR : struct, IExtent where NR : struct, IExtent where RowStride : struct, IExtent
    {
        bool unitStride = RowStride.Value == 1;
        nint row1 = unitStride ? 1 : lda, row2 = unitStride ? 2 : 2 * lda, row3 = unitStride ? 3 : 3 * lda;
        nint kStride = unitStride ? lda : 1;
        T* a4 = unitStride ? a + 4 : a + 4 * lda, a8 = unitStride ? a + 8 : a + 8 * lda;
        L c00 = default, c01 = default;
        L c10 = default, c11 = default;
        L c20 = default, c21 = default;
        L c30 = default, c31 = default;
        L c40 = default, c41 = default;
        L c50 = default, c51 = default;
        L c60 = default, c61 = default;
        L c70 = default, c71 = default;
        L c80 = default, c81 = default;
        L c90 = default, c91 = default;
        L cA0 = default, cA1 = default;
        L cB0 = default, cB1 = default;
        if (kc > 64)
        {
            // C is needed only after the loop, so it has time to arrive; a row of the micro-tile may span three cache lines
            T* next = c;
            for (int row = 0; row < MR.Value; row++, next += ldc)
            {
                Prefetch.Line(next);
                Prefetch.Line(next + L.Count);
                Prefetch.Line(next + NR.Value * L.Count - 1);
            }
        }
        for (; kc > 0; kc--)
        {
            L b0 = L.Load(b), b1 = NR.Value > 1 ? L.Load(b + L.Count) : default;
            L x = L.Broadcast(*a);
            c00 = L.FusedMultiplyAdd(x, b0, c00);
            if (NR.Value > 1)
            {
                c01 = L.FusedMultiplyAdd(x, b1, c01);
            }
            if (MR.Value > 1)
            {
                x = L.Broadcast(a[row1]);
                c10 = L.FusedMultiplyAdd(x, b0, c10);
                if (NR.Value > 1)
                {
                    c11 = L.FusedMultiplyAdd(x, b1, c11);
                }
            }
            if (MR.Value > 2)
            {
                x = L.Broadcast(a[row2]);
                c20 = L.FusedMultiplyAdd(x, b0, c20);
                if (NR.Value > 1)
                {
                    c21 = L.FusedMultiplyAdd(x, b1, c21);
                }
            }
            if (MR.Value > 3)
            {
                x = L.Broadcast(a[row3]);
                c30 = L.FusedMultiplyAdd(x, b0, c30);
                if (NR.Value > 1)
                {
                    c31 = L.FusedMultiplyAdd(x, b1, c31);
                }
            }
            if (MR.Value > 4)
            {
                x = L.Broadcast(*a4);
                c40 = L.FusedMultiplyAdd(x, b0, c40);
                if (NR.Value > 1)
                {
                    c41 = L.FusedMultiplyAdd(x, b1, c41);
                }
            }
            if (MR.Value > 5)
            {
                x = L.Broadcast(a4[row1]);
                c50 = L.FusedMultiplyAdd(x, b0, c50);
                if (NR.Value > 1)
                {
                    c51 = L.FusedMultiplyAdd(x, b1, c51);
                }
            }
            if (MR.Value > 6)
            {
                x = L.Broadcast(a4[row2]);
                c60 = L.FusedMultiplyAdd(x, b0, c60);
                if (NR.Value > 1)
                {
                    c61 = L.FusedMultiplyAdd(x, b1, c61);
                }
            }
            if (MR.Value > 7)
            {
                x = L.Broadcast(a4[row3]);
                c70 = L.FusedMultiplyAdd(x, b0, c70);
                if (NR.Value > 1)
                {
                    c71 = L.FusedMultiplyAdd(x, b1, c71);
                }
            }
            if (MR.Value > 8)
            {
                x = L.Broadcast(*a8);
                c80 = L.FusedMultiplyAdd(x, b0, c80);
                if (NR.Value > 1)
                {
                    c81 = L.FusedMultiplyAdd(x, b1, c81);
                }
            }
            if (MR.Value > 9)
            {
                x = L.Broadcast(a8[row1]);
                c90 = L.FusedMultiplyAdd(x, b0, c90);
                if (NR.Value > 1)
                {
                    c91 = L.FusedMultiplyAdd(x, b1, c91);
                }
            }
            if (MR.Value > 10)
            {
                x = L.Broadcast(a8[row2]);
                cA0 = L.FusedMultiplyAdd(x, b0, cA0);
                if (NR.Value > 1)
                {
                    cA1 = L.FusedMultiplyAdd(x, b1, cA1);
                }
            }
            if (MR.Value > 11)
            {
                x = L.Broadcast(a8[row3]);
                cB0 = L.FusedMultiplyAdd(x, b0, cB0);
                if (NR.Value > 1)
                {
                    cB1 = L.FusedMultiplyAdd(x, b1, cB1);
                }
            }
            a += kStride;
            a4 += kStride;
            a8 += kStride;
            b += ldb;
        }

        StoreRow<L, T, NR>(c, c00, c01, accumulate);
        if (MR.Value > 1)
        {
            StoreRow<L, T, NR>(c += ldc, c10, c11, accumulate);
        }
        if (MR.Value > 2)
        {
            StoreRow<L, T, NR>(c += ldc, c20, c21, accumulate);
        }
        if (MR.Value > 3)
        {
            StoreRow<L, T, NR>(c += ldc, c30, c31, accumulate);
        }
        if (MR.Value > 4)
        {
            StoreRow<L, T, NR>(c += ldc, c40, c41, accumulate);
        }
        if (MR.Value > 5)
        {
            StoreRow<L, T, NR>(c += ldc, c50, c51, accumulate);
        }
        if (MR.Value > 6)
        {
            StoreRow<L, T, NR>(c += ldc, c60, c61, accumulate);
        }
        if (MR.Value > 7)
        {
            StoreRow<L, T, NR>(c += ldc, c70, c71, accumulate);
        }
        if (MR.Value > 8)
        {
            StoreRow<L, T, NR>(c += ldc, c80, c81, accumulate);
        }
        if (MR.Value > 9)
        {
            StoreRow<L, T, NR>(c += ldc, c90, c91, accumulate);
        }
        if (MR.Value > 10)
        {
            StoreRow<L, T, NR>(c += ldc, cA0, cA1, accumulate);
        }
        if (MR.Value > 11)
        {
            StoreRow<L, T, NR>(c += ldc, cB0, cB1, accumulate);
        }
    }

    /// <summary>Stores one row of a micro-tile, or adds it to C.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreRow<L, T, NR>(T* c, L x, L y, bool accumulate)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> where NR : struct, IExtent
    {
        L.Store(accumulate ? L.Load(c) + x : x, c);
        if (NR.Value > 1)
        {
            L.Store(accumulate ? L.Load(c + L.Count) + y : y, c + L.Count);
        }
    }
}
