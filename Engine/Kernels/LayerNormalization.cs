using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>Layer normalization: y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε) for each row of [rows, n].</summary>
/// <remarks>
/// The variance is the mean squared deviation from the mean, computed in a second pass over the row, which is in the cache by then.
/// Without γ and β (empty vectors), y = x̂.
/// </remarks>
internal static unsafe class LayerNormalization
{
    /// <summary>Computes y, and in <paramref name="statistics"/> of [2, rows] the mean and 1/√(variance + ε) of each row.</summary>
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> beta, Span<T> y, Span<T> statistics, int rows, int n, T epsilon)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length, rows * n);
        Guard.SameLength(statistics.Length, 2 * rows);
        Guard.SameLength(gamma.Length, beta.Length, gamma.IsEmpty ? 0 : n);
        fixed (T* px = x, pg = gamma, pb = beta, py = y, ps = statistics)
        {
            ForwardKernel<T> kernel = new(px, pg, pb, py, ps, ps + rows, n, epsilon);
            Kernel.Run<ForwardKernel<T>, T>(kernel, rows, Kernel.RowsPerChunk(rows, Math.Max(1, n)));
        }
    }

    /// <summary>The scratch elements that the backward pass needs if γ and β require gradients.</summary>
    public static int ScratchLength(int rows, int n) => ColumnSums.BlockCount(rows, n) * 2 * n;

    /// <summary>
    /// dx = (ĝ − mean(ĝ) − x̂·mean(ĝ·x̂))/√(variance + ε) with ĝ = g·γ; dβ = Σ g and dγ = Σ g·x̂ over the rows, returned as [dβ; dγ] at
    /// the start of <paramref name="scratch"/>.
    /// </summary>
    /// <remarks>If dx or scratch is empty, its gradient is not computed.</remarks>
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> g, ReadOnlySpan<T> statistics, Span<T> dx, Span<T> scratch,
        int rows, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, g.Length, rows * n);
        Guard.SameLength(statistics.Length, 2 * rows);
        fixed (T* px = x, pg = gamma, pd = g, ps = statistics, result = dx, sums = scratch)
        {
            int blocks = ColumnSums.BlockCount(rows, n);
            BackwardKernel<T> kernel = new(px, pg, pd, ps, ps + rows, result, sums, rows, n);
            Kernel.Run<BackwardKernel<T>, T>(kernel, blocks, x.Length < Kernel.ParallelThreshold ? Math.Max(1, blocks) : 1);
            if (!scratch.IsEmpty)
            {
                ColumnSums.AddPairwise(sums, blocks, 2 * n);
            }
        }
    }

    /// <summary>The forward pass over rows.</summary>
    internal readonly struct ForwardKernel<T>(T* x, T* gamma, T* beta, T* y, T* means, T* scales, int n, T epsilon) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T count = T.CreateTruncating(n);
            for (int row = from; row < to; row++)
            {
                T* source = x + (nint)row * n;
                T mean = RowSums.Of<RowPairs<IdentityTerm, T>, L, T>(new(source, source), n) / count;
                T variance = RowSums.Of<RowSquaredDeviations<T>, L, T>(new(source, mean), n) / count;
                T scale = T.One / T.Sqrt(variance + epsilon);
                means[row] = mean;
                scales[row] = scale;
                ElementLoop.Run<NormalizeBody<T>, L, T>(new(source, gamma, beta, y + (nint)row * n, mean, scale), 0, n);
            }
        }
    }

    /// <summary>y of one row.</summary>
    private readonly struct NormalizeBody<T>(T* x, T* gamma, T* beta, T* y, T mean, T scale) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L normal = (memory.Load(x + i) - L.Broadcast(mean)) * L.Broadcast(scale);
            memory.Store(gamma == null ? normal : normal * memory.Load(gamma + i) + memory.Load(beta + i), y + i);
        }
    }

    /// <summary>The backward pass over blocks of rows.</summary>
    internal readonly struct BackwardKernel<T>(T* x, T* gamma, T* g, T* means, T* scales, T* dx, T* sums, int rows, int n) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int blockRows = ColumnSums.BlockRows(n);
            for (int block = from; block < to; block++)
            {
                T* beta = sums == null ? null : sums + (nint)block * 2 * n;
                if (beta != null)
                {
                    new Span<T>(beta, 2 * n).Clear();
                }
                for (int row = block * blockRows, end = Math.Min(rows, row + blockRows); row < end; row++)
                {
                    if (dx != null)
                    {
                        InputGradient<L>(row);
                    }
                    if (beta != null)
                    {
                        nint start = (nint)row * n;
                        ElementLoop.Run<ParameterGradientBody<T>, L, T>(
                            new(x + start, g + start, means[row], scales[row], beta, beta + n), 0, n);
                    }
                }
            }
        }

        private void InputGradient<L>(int row) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            nint start = (nint)row * n;
            T count = T.CreateTruncating(n), mean = means[row], scale = scales[row];
            RowSums.Of<RowGradients<T>, L, T>(new(x + start, gamma, g + start, mean, scale), n, out T sum, out T product);
            ElementLoop.Run<InputGradientBody<T>, L, T>(
                new(x + start, gamma, g + start, dx + start, mean, scale, sum / count, product / count), 0, n);
        }
    }

    /// <summary>Computes dx of one row, given mean(ĝ) and mean(ĝ·x̂).</summary>
    private readonly struct InputGradientBody<T>(T* x, T* gamma, T* g, T* dx, T mean, T scale, T meanGradient, T meanProduct)
        : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L s = L.Broadcast(scale), normal = (memory.Load(x + i) - L.Broadcast(mean)) * s, weighted = memory.Load(g + i);
            if (gamma != null)
            {
                weighted *= memory.Load(gamma + i);
            }
            memory.Store((weighted - L.Broadcast(meanGradient) - normal * L.Broadcast(meanProduct)) * s, dx + i);
        }
    }

    /// <summary>Adds g and g·x̂ of one row to the sums.</summary>
    private readonly struct ParameterGradientBody<T>(T* x, T* g, T mean, T scale, T* betaSums, T* gammaSums) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L d = memory.Load(g + i), normal = (memory.Load(x + i) - L.Broadcast(mean)) * L.Broadcast(scale);
            memory.Store(memory.Load(betaSums + i) + d, betaSums + i);
            memory.Store(memory.Load(gammaSums + i) + d * normal, gammaSums + i);
        }
    }
}
