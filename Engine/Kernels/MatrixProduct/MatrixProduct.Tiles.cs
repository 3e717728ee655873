using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Engine.Kernels;

internal static unsafe partial class MatrixProduct
{
    /// <summary>A number known when a tile is compiled, so that what exceeds it vanishes from the code.</summary>
    private interface IExtent
    {
        static abstract int Value { get; }
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
    /// One block sum of up to 12 rows × 2 vectors, held in registers. The k-th vectors of B stand at b + k·bStep. Element k of row r of A
    /// stands at a[r + k·aStride] when <typeparamref name="Adjacent"/> is <see cref="One"/>, else at a[r·aStride + k]. No call may be made
    /// while the sums live, or all of them go through the stack.
    /// </summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static void Tile<L, T, Rows, Columns, Adjacent>(T* a, nint aStride, T* b, nint bStep, T* c, nint cStride, int depth, bool add)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
        where Rows : struct, IExtent where Columns : struct, IExtent where Adjacent : struct, IExtent
    {
        bool adjacent = Adjacent.Value == 1;
        nint one = adjacent ? 1 : aStride, two = adjacent ? 2 : 2 * aStride, three = adjacent ? 3 : 3 * aStride, step = adjacent ? aStride : 1;
        T* a4 = adjacent ? a + 4 : a + 4 * aStride, a8 = adjacent ? a + 8 : a + 8 * aStride;
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
        if (Sse.IsSupported && depth > 64)
        {
            // C is far away, and needed only when the sums are done; a row may lie on three cache lines
            T* ahead = c;
            for (int row = 0; row < Rows.Value; row++, ahead += cStride)
            {
                Sse.Prefetch0(ahead);
                Sse.Prefetch0(ahead + L.Count);
                Sse.Prefetch0(ahead + Columns.Value * L.Count - 1);
            }
        }
        for (; depth > 0; depth--)
        {
            L b0 = L.Load(b), b1 = Columns.Value > 1 ? L.Load(b + L.Count) : default;
            L x = L.Broadcast(*a);
            c00 = L.FusedMultiplyAdd(x, b0, c00);
            if (Columns.Value > 1)
            {
                c01 = L.FusedMultiplyAdd(x, b1, c01);
            }
            if (Rows.Value > 1)
            {
                x = L.Broadcast(a[one]);
                c10 = L.FusedMultiplyAdd(x, b0, c10);
                if (Columns.Value > 1)
                {
                    c11 = L.FusedMultiplyAdd(x, b1, c11);
                }
            }
            if (Rows.Value > 2)
            {
                x = L.Broadcast(a[two]);
                c20 = L.FusedMultiplyAdd(x, b0, c20);
                if (Columns.Value > 1)
                {
                    c21 = L.FusedMultiplyAdd(x, b1, c21);
                }
            }
            if (Rows.Value > 3)
            {
                x = L.Broadcast(a[three]);
                c30 = L.FusedMultiplyAdd(x, b0, c30);
                if (Columns.Value > 1)
                {
                    c31 = L.FusedMultiplyAdd(x, b1, c31);
                }
            }
            if (Rows.Value > 4)
            {
                x = L.Broadcast(*a4);
                c40 = L.FusedMultiplyAdd(x, b0, c40);
                if (Columns.Value > 1)
                {
                    c41 = L.FusedMultiplyAdd(x, b1, c41);
                }
            }
            if (Rows.Value > 5)
            {
                x = L.Broadcast(a4[one]);
                c50 = L.FusedMultiplyAdd(x, b0, c50);
                if (Columns.Value > 1)
                {
                    c51 = L.FusedMultiplyAdd(x, b1, c51);
                }
            }
            if (Rows.Value > 6)
            {
                x = L.Broadcast(a4[two]);
                c60 = L.FusedMultiplyAdd(x, b0, c60);
                if (Columns.Value > 1)
                {
                    c61 = L.FusedMultiplyAdd(x, b1, c61);
                }
            }
            if (Rows.Value > 7)
            {
                x = L.Broadcast(a4[three]);
                c70 = L.FusedMultiplyAdd(x, b0, c70);
                if (Columns.Value > 1)
                {
                    c71 = L.FusedMultiplyAdd(x, b1, c71);
                }
            }
            if (Rows.Value > 8)
            {
                x = L.Broadcast(*a8);
                c80 = L.FusedMultiplyAdd(x, b0, c80);
                if (Columns.Value > 1)
                {
                    c81 = L.FusedMultiplyAdd(x, b1, c81);
                }
            }
            if (Rows.Value > 9)
            {
                x = L.Broadcast(a8[one]);
                c90 = L.FusedMultiplyAdd(x, b0, c90);
                if (Columns.Value > 1)
                {
                    c91 = L.FusedMultiplyAdd(x, b1, c91);
                }
            }
            if (Rows.Value > 10)
            {
                x = L.Broadcast(a8[two]);
                cA0 = L.FusedMultiplyAdd(x, b0, cA0);
                if (Columns.Value > 1)
                {
                    cA1 = L.FusedMultiplyAdd(x, b1, cA1);
                }
            }
            if (Rows.Value > 11)
            {
                x = L.Broadcast(a8[three]);
                cB0 = L.FusedMultiplyAdd(x, b0, cB0);
                if (Columns.Value > 1)
                {
                    cB1 = L.FusedMultiplyAdd(x, b1, cB1);
                }
            }
            a += step;
            a4 += step;
            a8 += step;
            b += bStep;
        }

        Put<L, T, Columns>(c, c00, c01, add);
        if (Rows.Value > 1)
        {
            Put<L, T, Columns>(c += cStride, c10, c11, add);
        }
        if (Rows.Value > 2)
        {
            Put<L, T, Columns>(c += cStride, c20, c21, add);
        }
        if (Rows.Value > 3)
        {
            Put<L, T, Columns>(c += cStride, c30, c31, add);
        }
        if (Rows.Value > 4)
        {
            Put<L, T, Columns>(c += cStride, c40, c41, add);
        }
        if (Rows.Value > 5)
        {
            Put<L, T, Columns>(c += cStride, c50, c51, add);
        }
        if (Rows.Value > 6)
        {
            Put<L, T, Columns>(c += cStride, c60, c61, add);
        }
        if (Rows.Value > 7)
        {
            Put<L, T, Columns>(c += cStride, c70, c71, add);
        }
        if (Rows.Value > 8)
        {
            Put<L, T, Columns>(c += cStride, c80, c81, add);
        }
        if (Rows.Value > 9)
        {
            Put<L, T, Columns>(c += cStride, c90, c91, add);
        }
        if (Rows.Value > 10)
        {
            Put<L, T, Columns>(c += cStride, cA0, cA1, add);
        }
        if (Rows.Value > 11)
        {
            Put<L, T, Columns>(c += cStride, cB0, cB1, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<L, T, Columns>(T* c, L x, L y, bool add)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> where Columns : struct, IExtent
    {
        L.Store(add ? L.Load(c) + x : x, c);
        if (Columns.Value > 1)
        {
            L.Store(add ? L.Load(c + L.Count) + y : y, c + L.Count);
        }
    }
}
