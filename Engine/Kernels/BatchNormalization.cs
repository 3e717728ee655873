using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// Batch normalization: y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε), mean and variance over all but the middle axis of [batch,
/// channels, spatial].
/// </summary>
/// <remarks>
/// The variance is the mean squared deviation from the mean. Memory is read in order: a block (rows of one or more examples if spatial is
/// 1, else the planes of one example) gets its mean and its squared deviations from it in two passes while it is in the cache, and blocks
/// are combined pairwise (T. F. Chan, G. H. Golub, R. J. LeVeque: Updating formulae and a pairwise algorithm for computing sample
/// variances, 1979).
/// </remarks>
internal static unsafe class BatchNormalization
{
    private const int ChannelsPerChunk = 256;

    /// <summary>The number of blocks of [batch, channels, spatial].</summary>
    private static int BlockCount(int batch, int channels, int spatial) =>
        spatial == 1 ? ColumnSums.BlockCount(batch, channels) : Math.Max(1, batch);

    /// <summary>The scratch elements that <see cref="Statistics"/> and <see cref="ParameterGradients"/> need.</summary>
    public static int ScratchLength(int batch, int channels, int spatial) => BlockCount(batch, channels, spatial) * 2 * channels;

    /// <summary>statistics ← mean, 1/√(variance + ε) and variance, as [3, channels]; each channel must have at least one value.</summary>
    public static void Statistics<T>(
        ReadOnlySpan<T> x, Span<T> statistics, Span<T> scratch, int batch, int channels, int spatial, T epsilon)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, batch * channels * spatial);
        Guard.SameLength(statistics.Length, 3 * channels);
        Guard.SameLength(scratch.Length, ScratchLength(batch, channels, spatial));
        int blocks = BlockCount(batch, channels, spatial);
        fixed (T* px = x, ps = statistics, moments = scratch)
        {
            RunBlocks<MomentsKernel<T>, T>(new(px, moments, batch, channels, spatial), blocks, x.Length);
            CombineKernel<T> combine = new(moments, ps, batch, channels, spatial, epsilon);
            int chunk = scratch.Length < Kernel.ParallelThreshold ? Math.Max(1, channels) : ChannelsPerChunk;
            Kernel.Run<CombineKernel<T>, T>(combine, channels, chunk);
        }
    }

    /// <summary>y ← x̂·γ + β, given mean and 1/√(variance + ε) of [channels]; γ and β may be empty.</summary>
    public static void Normalize<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> means, ReadOnlySpan<T> scales, ReadOnlySpan<T> gamma, ReadOnlySpan<T> beta, Span<T> y,
        int batch, int channels, int spatial)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length, batch * channels * spatial);
        Guard.SameLength(means.Length, scales.Length, channels);
        Guard.SameLength(gamma.Length, beta.Length, gamma.IsEmpty ? 0 : channels);
        if (x.IsEmpty)
        {
            return;
        }
        fixed (T* px = x, pm = means, ps = scales, pg = gamma, pb = beta, py = y)
        {
            NormalizeKernel<T> kernel = new(px, pm, ps, pg, pb, py, batch, channels, spatial);
            RunBlocks<NormalizeKernel<T>, T>(kernel, BlockCount(batch, channels, spatial), x.Length);
        }
    }

    /// <summary>dβ = Σ g and dγ = Σ g·x̂ for each channel, returned as [dβ; dγ] at the start of <paramref name="scratch"/>.</summary>
    public static void ParameterGradients<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> means, ReadOnlySpan<T> scales, ReadOnlySpan<T> g, Span<T> scratch,
        int batch, int channels, int spatial)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, g.Length, batch * channels * spatial);
        Guard.SameLength(means.Length, scales.Length, channels);
        Guard.SameLength(scratch.Length, ScratchLength(batch, channels, spatial));
        if (x.IsEmpty)
        {
            scratch.Clear();
            return;
        }
        int blocks = BlockCount(batch, channels, spatial);
        fixed (T* px = x, pm = means, ps = scales, pg = g, sums = scratch)
        {
            RunBlocks<ParameterGradientKernel<T>, T>(new(px, pm, ps, pg, sums, batch, channels, spatial), blocks, x.Length);
            ColumnSums.AddPairwise(sums, blocks, 2 * channels);
        }
    }

    /// <summary>
    /// dx = (g − mean(g) − x̂·mean(g·x̂))·γ/√(variance + ε), given the two means as <paramref name="meanGradients"/> of [2, channels]; if
    /// that is empty, the statistics were constants and dx = g·γ/√(variance + ε).
    /// </summary>
    public static void InputGradient<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> means, ReadOnlySpan<T> scales, ReadOnlySpan<T> gamma, ReadOnlySpan<T> g,
        ReadOnlySpan<T> meanGradients, Span<T> dx, int batch, int channels, int spatial)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, g.Length, dx.Length, batch * channels * spatial);
        Guard.SameLength(means.Length, scales.Length, channels);
        if (x.IsEmpty)
        {
            return;
        }
        fixed (T* px = x, pm = means, ps = scales, pw = gamma, pg = g, pk = meanGradients, pd = dx)
        {
            InputGradientKernel<T> kernel = new(px, pm, ps, pw, pg, pk, pd, batch, channels, spatial);
            RunBlocks<InputGradientKernel<T>, T>(kernel, BlockCount(batch, channels, spatial), x.Length);
        }
    }

    /// <summary>
    /// Runs a kernel over blocks, in chunks of about <see cref="Kernel.ChunkSize"/> of the <paramref name="length"/> elements.
    /// </summary>
    private static void RunBlocks<TKernel, T>(TKernel kernel, int blocks, int length)
        where TKernel : unmanaged, IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        int chunk = length < Kernel.ParallelThreshold ? Math.Max(1, blocks) : Math.Max(1, (int)((long)blocks * Kernel.ChunkSize / length));
        Kernel.Run<TKernel, T>(kernel, blocks, chunk);
    }

    /// <summary>A kernel that treats a row of channels and a plane of one channel differently.</summary>
    private interface IRowPlaneKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The row at <paramref name="start"/>.</summary>
        void Row<L>(nint start, bool pastCaches) where L : unmanaged, ILane<L>, ILane<L, T>;

        /// <summary>The plane at <paramref name="start"/>.</summary>
        void Plane<L>(nint start, int channel, bool pastCaches) where L : unmanaged, ILane<L>, ILane<L, T>;
    }

    /// <summary>Runs a kernel over blocks, the last first, because they were read last and may still be in the cache.</summary>
    private static void RunLastBlocksFirst<TKernel, L, T>(in TKernel given, int from, int to, int batch, int channels, int spatial)
        where TKernel : struct, IRowPlaneKernel<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        TKernel kernel = given; // one copy here instead of one at every call
        int blocks = BlockCount(batch, channels, spatial);
        bool pastCaches = NonTemporalStores.PayOff<T>((long)batch * channels * spatial);
        for (int i = from; i < to; i++)
        {
            int block = blocks - 1 - i;
            if (spatial == 1)
            {
                int blockRows = ColumnSums.BlockRows(channels);
                for (int row = block * blockRows, end = Math.Min(batch, row + blockRows); row < end; row++)
                {
                    kernel.Row<L>((nint)row * channels, pastCaches);
                }
            }
            else
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    kernel.Plane<L>(((nint)block * channels + channel) * spatial, channel, pastCaches);
                }
            }
        }
        NonTemporalStores.Fence(pastCaches);
    }

    /// <summary>Computes [mean; Σ (x − mean)²] of each block.</summary>
    internal readonly struct MomentsKernel<T>(T* x, T* blocks, int batch, int channels, int spatial) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int block = from; block < to; block++)
            {
                T* means = blocks + (nint)block * 2 * channels;
                if (spatial == 1)
                {
                    Rows<L>(block, means, means + channels);
                }
                else
                {
                    Example<L>(block, means, means + channels);
                }
            }
        }

        private void Rows<L>(int block, T* means, T* deviations) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int blockRows = ColumnSums.BlockRows(channels), from = block * blockRows, to = Math.Min(batch, from + blockRows);
            T count = T.CreateTruncating(to - from);
            ColumnSums.SumBlock<ColumnValues<T>, L, T>(new(x, channels), from, to, channels, means);
            for (int channel = 0; channel < channels; channel++)
            {
                means[channel] /= count;
            }
            ColumnSums.SumBlock<ColumnSquaredDeviations<T>, L, T>(new(x, means, channels), from, to, channels, deviations);
        }

        private void Example<L>(int example, T* means, T* deviations) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T count = T.CreateTruncating(spatial);
            for (int channel = 0; channel < channels; channel++)
            {
                T* plane = x + ((nint)example * channels + channel) * spatial;
                T mean = RowSums.Of<RowPairs<IdentityTerm, T>, L, T>(new(plane, plane), spatial) / count;
                means[channel] = mean;
                deviations[channel] = RowSums.Of<RowSquaredDeviations<T>, L, T>(new(plane, mean), spatial);
            }
        }
    }

    /// <summary>Combines the blocks of each channel pairwise, in place, and computes the statistics.</summary>
    internal readonly struct CombineKernel<T>(T* blocks, T* statistics, int batch, int channels, int spatial, T epsilon) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            // node i of a level of the tree covers the values span·i … span·(i + 1) of a channel
            long values = (long)batch * spatial, span = spatial == 1 ? ColumnSums.BlockRows(channels) : spatial;
            for (int nodes = BlockCount(batch, channels, spatial); nodes > 1; nodes = (nodes + 1) / 2, span *= 2)
            {
                for (int i = 0; i < nodes / 2; i++)
                {
                    double right = Math.Min(span, values - (2L * i + 1) * span);
                    T share = T.CreateTruncating(right / (span + right)), weight = T.CreateTruncating(span * right / (span + right));
                    PairBody<T> pair = new(Node(i), Node(2 * i), Node(2 * i + 1), channels, share, weight);
                    ElementLoop.Run<PairBody<T>, L, T>(pair, from, to);
                }
                if ((nodes & 1) != 0)
                {
                    Move(Node(nodes - 1), Node(nodes / 2), from, to);
                }
            }
            ElementLoop.Run<WriteBody<T>, L, T>(new(blocks, statistics, channels, T.CreateTruncating(values), epsilon), from, to);
        }

        private T* Node(int node) => blocks + (nint)node * 2 * channels;

        private void Move(T* source, T* target, int from, int to)
        {
            new Span<T>(source + from, to - from).CopyTo(new Span<T>(target + from, to - from));
            new Span<T>(source + channels + from, to - from).CopyTo(new Span<T>(target + channels + from, to - from));
        }
    }

    /// <summary>Combines the mean and the squared deviations of two nodes: b has its share of their values.</summary>
    private readonly struct PairBody<T>(T* result, T* a, T* b, int channels, T share, T weight) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L mean = memory.Load(a + i), step = memory.Load(b + i) - mean;
            L deviations = memory.Load(a + channels + i) + memory.Load(b + channels + i) + step * step * L.Broadcast(weight);
            memory.Store(mean + step * L.Broadcast(share), result + i);
            memory.Store(deviations, result + channels + i);
        }
    }

    /// <summary>Mean, 1/√(variance + ε) and variance from the root of the tree.</summary>
    private readonly struct WriteBody<T>(T* root, T* statistics, int channels, T values, T epsilon) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L variance = memory.Load(root + channels + i) / L.Broadcast(values);
            memory.Store(memory.Load(root + i), statistics + i);
            memory.Store(1 / L.Sqrt(variance + L.Broadcast(epsilon)), statistics + channels + i);
            memory.Store(variance, statistics + 2 * channels + i);
        }
    }

    /// <summary>Normalizes the blocks of x.</summary>
    internal readonly struct NormalizeKernel<T>(T* x, T* means, T* scales, T* gamma, T* beta, T* y, int batch, int channels, int spatial)
        : IKernel<T>, IRowPlaneKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T> =>
            RunLastBlocksFirst<NormalizeKernel<T>, L, T>(this, from, to, batch, channels, spatial);

        public void Row<L>(nint start, bool pastCaches) where L : unmanaged, ILane<L>, ILane<L, T> =>
            ElementLoop.Run<NormalizeRowBody<T>, L, T>(new(x + start, means, scales, gamma, beta, y + start), 0, channels, pastCaches);

        public void Plane<L>(nint start, int channel, bool pastCaches) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T weight = gamma == null ? T.One : gamma[channel], shift = gamma == null ? T.Zero : beta[channel];
            NormalizePlaneBody<T> body = new(x + start, y + start, means[channel], scales[channel], weight, shift);
            ElementLoop.Run<NormalizePlaneBody<T>, L, T>(body, 0, spatial, pastCaches);
        }
    }

    /// <summary>y of one row, in which each element has its own channel.</summary>
    private readonly struct NormalizeRowBody<T>(T* x, T* means, T* scales, T* gamma, T* beta, T* y) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L normal = (memory.Load(x + i) - memory.Load(means + i)) * memory.Load(scales + i);
            memory.Store(gamma == null ? normal : normal * memory.Load(gamma + i) + memory.Load(beta + i), y + i);
        }
    }

    /// <summary>y of one plane, whose elements belong to one channel.</summary>
    private readonly struct NormalizePlaneBody<T>(T* x, T* y, T mean, T scale, T weight, T shift) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L normal = (memory.Load(x + i) - L.Broadcast(mean)) * L.Broadcast(scale);
            memory.Store(normal * L.Broadcast(weight) + L.Broadcast(shift), y + i);
        }
    }

    /// <summary>Computes [Σ g; Σ g·x̂] of each block.</summary>
    internal readonly struct ParameterGradientKernel<T>(T* x, T* means, T* scales, T* g, T* blocks, int batch, int channels, int spatial)
        : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int block = from; block < to; block++)
            {
                T* sums = blocks + (nint)block * 2 * channels;
                if (spatial == 1)
                {
                    int blockRows = ColumnSums.BlockRows(channels), row = block * blockRows;
                    ColumnGradients<T> terms = new(x, g, means, scales, channels);
                    ColumnSums.SumBlock<ColumnGradients<T>, L, T>(terms, row, Math.Min(batch, row + blockRows), channels, sums);
                    continue;
                }
                for (int channel = 0; channel < channels; channel++)
                {
                    nint start = ((nint)block * channels + channel) * spatial;
                    RowGradients<T> terms = new(x + start, null, g + start, means[channel], scales[channel]);
                    RowSums.Of<RowGradients<T>, L, T>(terms, spatial, out sums[channel], out sums[channels + channel]);
                }
            }
        }
    }

    /// <summary>Computes the blocks of dx.</summary>
    internal readonly struct InputGradientKernel<T>(
        T* x, T* means, T* scales, T* gamma, T* g, T* meanGradients, T* dx, int batch, int channels, int spatial)
        : IKernel<T>, IRowPlaneKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T> =>
            RunLastBlocksFirst<InputGradientKernel<T>, L, T>(this, from, to, batch, channels, spatial);

        public void Row<L>(nint start, bool pastCaches) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            InputGradientRowBody<T> body = new(x + start, means, scales, gamma, g + start, meanGradients, dx + start, channels);
            ElementLoop.Run<InputGradientRowBody<T>, L, T>(body, 0, channels, pastCaches);
        }

        public void Plane<L>(nint start, int channel, bool pastCaches) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T scale = scales[channel], factor = gamma == null ? scale : scale * gamma[channel];
            if (meanGradients == null)
            {
                ElementLoop.Run<ScaleBody<T>, L, T>(new(g + start, dx + start, factor), 0, spatial, pastCaches);
                return;
            }
            T a = meanGradients[channel], b = meanGradients[channels + channel];
            InputGradientPlaneBody<T> body = new(x + start, g + start, dx + start, means[channel], scale, a, b, factor);
            ElementLoop.Run<InputGradientPlaneBody<T>, L, T>(body, 0, spatial, pastCaches);
        }
    }

    /// <summary>Computes dx of one row.</summary>
    private readonly struct InputGradientRowBody<T>(
        T* x, T* means, T* scales, T* gamma, T* g, T* meanGradients, T* dx, int channels) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L factor = memory.Load(scales + i), d = memory.Load(g + i);
            if (meanGradients != null)
            {
                L normal = (memory.Load(x + i) - memory.Load(means + i)) * factor;
                d = d - memory.Load(meanGradients + i) - normal * memory.Load(meanGradients + channels + i);
            }
            memory.Store(gamma == null ? d * factor : d * (factor * memory.Load(gamma + i)), dx + i);
        }
    }

    /// <summary>Computes dx of one plane, if mean and variance depend on x.</summary>
    private readonly struct InputGradientPlaneBody<T>(T* x, T* g, T* dx, T mean, T scale, T a, T b, T factor) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L normal = (memory.Load(x + i) - L.Broadcast(mean)) * L.Broadcast(scale);
            memory.Store((memory.Load(g + i) - L.Broadcast(a) - normal * L.Broadcast(b)) * L.Broadcast(factor), dx + i);
        }
    }

    /// <summary>Computes dx of one plane, if mean and variance are constants.</summary>
    private readonly struct ScaleBody<T>(T* g, T* dx, T factor) : IElementKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T> =>
            memory.Store(memory.Load(g + i) * L.Broadcast(factor), dx + i);
    }
}
