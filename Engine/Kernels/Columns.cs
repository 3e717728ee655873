using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The loop over the columns of [outer, n, inner]: a lane of them at a time, or one if inner is 1.</summary>
internal static unsafe class Columns
{
    /// <summary>Computes all columns.</summary>
    public static void Run<TColumns, T>(TColumns columns, in AxisLayout layout)
        where TColumns : unmanaged, IColumns<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        int chunk = Kernel.RowsPerChunk(layout.Places, Math.Max(1, layout.N));
        // chunks of whole cache lines, so that no two threads write to the same one
        chunk = layout.Inner == 1 ? chunk : (chunk + 63) / 64 * 64;
        Kernel.Run<ChunkKernel<TColumns, T>, T>(new(columns, layout.N, layout.Inner), layout.Places, chunk);
    }

    /// <summary>Computes columns 0 … outer·inner − 1.</summary>
    internal readonly struct ChunkKernel<TColumns, T>(TColumns columns, int n, int inner) : IKernel<T>
        where TColumns : unmanaged, IColumns<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [SkipLocalsInit]
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T* stack = stackalloc T[PairwiseAccumulator<L, T>.Capacity];
            while (from < to)
            {
                (int outer, int column) = Math.DivRem(from, inner);
                int count = Math.Min(inner - column, to - from);
                Segment<TColumns, T> segment = new(columns, (nint)outer * n * inner + column, from, stack);
                if (inner == 1)
                {
                    ElementLoop.Run<Segment<TColumns, T>, Scalar<T>, T>(segment, 0, 1);
                }
                else
                {
                    ElementLoop.Run<Segment<TColumns, T>, L, T>(segment, 0, count);
                }
                from += count;
            }
        }
    }

    /// <summary>Neighboring columns.</summary>
    private readonly struct Segment<TColumns, T>(TColumns columns, nint element, nint place, T* stack) : IElementKernel<T>
        where TColumns : unmanaged, IColumns<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            columns.At<L, TAccess>(element + i, place + i, stack, memory);
    }
}
