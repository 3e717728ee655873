using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// Normalization of each row of a <see cref="GroupLayout"/>: y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε), or x/√(mean of x² + ε) if
/// the layout is not centered.
/// </summary>
/// <remarks>
/// The variance is the mean squared deviation from the mean, computed in a second pass over the row, which is in the cache by then.
/// Without γ and β (empty vectors), y = x̂; β may be missing alone.
/// </remarks>
internal static unsafe class LayerNormalization
{
    /// <summary>
    /// Computes y, and in <paramref name="statistics"/> of [2, rows] the mean (0 if the layout is not centered) and 1/√(variance + ε) of
    /// each row.
    /// </summary>
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> beta, Span<T> y, Span<T> statistics, GroupLayout layout, T epsilon)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, gamma, statistics, ref layout);
        Guard.SameLength(x.Length, y.Length);
        Guard.SameLength(beta.Length, beta.IsEmpty ? 0 : layout.AllChannels);
        int rows = layout.Rows;
        fixed (T* px = x, pg = gamma, pb = beta, py = y, ps = statistics)
        {
            ForwardKernel<T> kernel = new(px, pg, pb, py, ps, ps + rows, layout, epsilon);
            Kernel.Run<ForwardKernel<T>, T>(kernel, rows, Kernel.RowsPerChunk(rows, Math.Max(1, layout.RowLength)));
        }
    }

    /// <summary>
    /// The scratch elements that the backward pass needs if γ or β require gradients, or if there is a γ and channels have several
    /// elements.
    /// </summary>
    public static int ScratchLength(in GroupLayout layout) => layout.Run == 1
        ? ColumnSums.BlockCount(layout.Batch, layout.AllChannels) * 2 * layout.AllChannels
        : GroupNormalization.ScratchLength(layout);

    /// <summary>
    /// dx = (ĝ − mean(ĝ) − x̂·mean(ĝ·x̂))/√(variance + ε) with ĝ = g·γ, and without mean(ĝ) if the layout is not centered; dβ = Σ g and
    /// dγ = Σ g·x̂ over the batch and the run, returned as [dβ; dγ] at the start of <paramref name="scratch"/>.
    /// </summary>
    /// <remarks>If dx or scratch is empty, its gradient is not computed.</remarks>
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> g, ReadOnlySpan<T> statistics, Span<T> dx, Span<T> scratch,
        GroupLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, gamma, statistics, ref layout);
        Guard.SameLength(x.Length, g.Length);
        if (layout.Run != 1)
        {
            GroupNormalization.Backward(x, gamma, g, statistics, dx, scratch, layout);
            return;
        }
        fixed (T* px = x, pg = gamma, pd = g, ps = statistics, result = dx, sums = scratch)
        {
            int blocks = ColumnSums.BlockCount(layout.Batch, layout.AllChannels);
            BackwardKernel<T> kernel = new(px, pg, pd, ps, ps + layout.Rows, result, sums, layout);
            Kernel.Run<BackwardKernel<T>, T>(kernel, blocks, x.Length < Kernel.ParallelThreshold ? Math.Max(1, blocks) : 1);
            if (!scratch.IsEmpty)
            {
                ColumnSums.AddPairwise(sums, blocks, 2 * layout.AllChannels);
            }
        }
    }

    private static void Check<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> statistics, ref GroupLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, layout.Rows * layout.RowLength);
        Guard.SameLength(statistics.Length, 2 * layout.Rows);
        Guard.SameLength(gamma.Length, gamma.IsEmpty ? 0 : layout.AllChannels);
        if (gamma.IsEmpty && layout.Run != 1)
        {
            layout = layout.WithoutChannels;
        }
    }

    /// <summary>The forward pass over rows.</summary>
    internal readonly struct ForwardKernel<T>(
        T* x, T* gamma, T* beta, T* y, T* means, T* scales, GroupLayout layout, T epsilon) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int n = layout.RowLength;
            T count = T.CreateTruncating(n);
            bool pastCaches = NonTemporalStores.PayOff<T>((long)layout.Rows * n);
            for (int row = from; row < to; row++)
            {
                T* source = x + (nint)row * n;
                T mean = layout.IsCentered ? RowSums.Of<RowPairs<IdentityTerm, T>, L, T>(new(source, source), n) / count : T.Zero;
                T variance = RowSums.Of<RowSquaredDeviations<T>, L, T>(new(source, mean), n) / count;
                T scale = T.One / T.Sqrt(variance + epsilon);
                means[row] = mean;
                scales[row] = scale;
                int channel = row % layout.Groups * layout.Channels;
                T* weight = gamma == null ? null : gamma + channel, shift = beta == null ? null : beta + channel;
                if (layout.Run == 1)
                {
                    NormalizeBody<T> body = new(source, weight, shift, y + (nint)row * n, mean, scale);
                    ElementLoop.Run<NormalizeBody<T>, L, T>(body, 0, n, pastCaches);
                }
                else
                {
                    GroupNormalization.Normalize<L, T>(source, weight, shift, y + (nint)row * n, mean, scale, layout);
                }
            }
            NonTemporalStores.Fence(pastCaches);
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
            L result = (memory.Load(x + i) - L.Broadcast(mean)) * L.Broadcast(scale);
            if (gamma != null)
            {
                result *= memory.Load(gamma + i);
            }
            if (beta != null)
            {
                result += memory.Load(beta + i);
            }
            memory.Store(result, y + i);
        }
    }

    /// <summary>The backward pass over blocks of examples whose channels have one element.</summary>
    internal readonly struct BackwardKernel<T>(T* x, T* gamma, T* g, T* means, T* scales, T* dx, T* sums, GroupLayout layout) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int n = layout.RowLength, channels = layout.AllChannels, blockRows = ColumnSums.BlockRows(channels) * layout.Groups;
            bool pastCaches = NonTemporalStores.PayOff<T>((long)layout.Rows * n);
            for (int block = from; block < to; block++)
            {
                T* beta = sums == null ? null : sums + (nint)block * 2 * channels;
                if (beta != null)
                {
                    new Span<T>(beta, 2 * channels).Clear();
                }
                for (int row = block * blockRows, end = Math.Min(layout.Rows, row + blockRows); row < end; row++)
                {
                    int channel = row % layout.Groups * n;
                    if (dx != null)
                    {
                        InputGradient<L>(row, gamma == null ? null : gamma + channel, n, pastCaches);
                    }
                    if (beta != null)
                    {
                        nint start = (nint)row * n;
                        ElementLoop.Run<ParameterGradientBody<T>, L, T>(
                            new(x + start, g + start, means[row], scales[row], beta + channel, beta + channels + channel), 0, n);
                    }
                }
            }
            NonTemporalStores.Fence(pastCaches);
        }

        private void InputGradient<L>(int row, T* weight, int n, bool pastCaches) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            nint start = (nint)row * n;
            T count = T.CreateTruncating(n), mean = means[row], scale = scales[row];
            RowSums.Of<RowGradients<T>, L, T>(new(x + start, weight, g + start, mean, scale), n, out T sum, out T product);
            InputGradientBody<T> body = new(
                x + start, weight, g + start, dx + start, mean, scale, layout.IsCentered ? sum / count : T.Zero, product / count);
            ElementLoop.Run<InputGradientBody<T>, L, T>(body, 0, n, pastCaches);
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
