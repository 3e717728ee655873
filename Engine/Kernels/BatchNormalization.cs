using System.Numerics;

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
        /// <summary>The row at <paramref name="start"/>, from channel <paramref name="i"/> on.</summary>
        void Row<L>(nint start, int i) where L : unmanaged, ILane<L>, ILane<L, T>;

        /// <summary>The plane at <paramref name="start"/>, from element <paramref name="i"/> on.</summary>
        void Plane<L>(nint start, int channel, int i) where L : unmanaged, ILane<L>, ILane<L, T>;
    }

    /// <summary>Runs a kernel over blocks, the last first, because they were read last and may still be in the cache.</summary>
    private static void RunLastBlocksFirst<TKernel, L, T>(in TKernel given, int from, int to, int batch, int channels, int spatial)
        where TKernel : struct, IRowPlaneKernel<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        TKernel kernel = given; // one copy here instead of one at every call
        int blocks = BlockCount(batch, channels, spatial);
        for (int i = from; i < to; i++)
        {
            int block = blocks - 1 - i;
            if (spatial == 1)
            {
                int blockRows = ColumnSums.BlockRows(channels);
                for (int row = block * blockRows, end = Math.Min(batch, row + blockRows); row < end; row++)
                {
                    kernel.Row<L>((nint)row * channels, 0);
                }
            }
            else
            {
                for (int channel = 0; channel < channels; channel++)
                {
                    kernel.Plane<L>(((nint)block * channels + channel) * spatial, channel, 0);
                }
            }
        }
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
                T mean = RowSums.Of<RowValues<T>, L, T>(new(plane), spatial) / count;
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
                    Pair<L>(Node(i), Node(2 * i), Node(2 * i + 1), right / (span + right), span * right / (span + right), from, to);
                }
                if ((nodes & 1) != 0)
                {
                    Move(Node(nodes - 1), Node(nodes / 2), from, to);
                }
            }
            Write<L>(T.CreateTruncating(values), from, to);
        }

        private T* Node(int node) => blocks + (nint)node * 2 * channels;

        private void Pair<L>(T* result, T* a, T* b, double share, double weight, int i, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L shareOfB = share, factor = weight;
            T* da = a + channels, db = b + channels, d = result + channels;
            for (; i <= to - L.Count; i += L.Count)
            {
                L mean = L.Load(a + i), step = L.Load(b + i) - mean;
                L deviations = L.Load(da + i) + L.Load(db + i) + step * step * factor;
                L.Store(mean + step * shareOfB, result + i);
                L.Store(deviations, d + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < to)
            {
                Pair<Scalar<T>>(result, a, b, share, weight, i, to); // only + − ×: the same bits in every lane
            }
        }

        private void Move(T* source, T* target, int from, int to)
        {
            new Span<T>(source + from, to - from).CopyTo(new Span<T>(target + from, to - from));
            new Span<T>(source + channels + from, to - from).CopyTo(new Span<T>(target + channels + from, to - from));
        }

        private void Write<L>(T values, int i, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L count = L.Broadcast(values), e = L.Broadcast(epsilon);
            for (; i <= to - L.Count; i += L.Count)
            {
                L variance = L.Load(blocks + channels + i) / count;
                L.Store(L.Load(blocks + i), statistics + i);
                L.Store(1 / L.Sqrt(variance + e), statistics + channels + i);
                L.Store(variance, statistics + 2 * channels + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < to)
            {
                Write<Scalar<T>>(values, i, to);
            }
        }
    }

    /// <summary>Normalizes the blocks of x.</summary>
    internal readonly struct NormalizeKernel<T>(T* x, T* means, T* scales, T* gamma, T* beta, T* y, int batch, int channels, int spatial)
        : IKernel<T>, IRowPlaneKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T> =>
            RunLastBlocksFirst<NormalizeKernel<T>, L, T>(this, from, to, batch, channels, spatial);

        public void Row<L>(nint start, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            // locals, because a field would be read again after every store
            T* source = x + start, result = y + start, mean = means, scale = scales, weight = gamma, shift = beta;
            int count = channels;
            for (; i <= count - L.Count; i += L.Count)
            {
                L normal = (L.Load(source + i) - L.Load(mean + i)) * L.Load(scale + i);
                L.Store(weight == null ? normal : normal * L.Load(weight + i) + L.Load(shift + i), result + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Row<Scalar<T>>(start, i);
            }
        }

        public void Plane<L>(nint start, int channel, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L mean = L.Broadcast(means[channel]), scale = L.Broadcast(scales[channel]);
            L weight = gamma == null ? 1 : L.Broadcast(gamma[channel]), shift = gamma == null ? 0 : L.Broadcast(beta[channel]);
            T* source = x + start, result = y + start;
            int count = spatial;
            for (; i <= count - L.Count; i += L.Count)
            {
                L.Store((L.Load(source + i) - mean) * scale * weight + shift, result + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Plane<Scalar<T>>(start, channel, i);
            }
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

        public void Row<L>(nint start, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T* source = x + start, gradient = g + start, result = dx + start;
            T* mean = means, scale = scales, weight = gamma, average = meanGradients;
            int count = channels;
            for (; i <= count - L.Count; i += L.Count)
            {
                L factor = L.Load(scale + i), d = L.Load(gradient + i);
                if (average != null)
                {
                    L normal = (L.Load(source + i) - L.Load(mean + i)) * factor;
                    d = d - L.Load(average + i) - normal * L.Load(average + count + i);
                }
                L.Store(weight == null ? d * factor : d * (factor * L.Load(weight + i)), result + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Row<Scalar<T>>(start, i);
            }
        }

        public void Plane<L>(nint start, int channel, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L mean = L.Broadcast(means[channel]), scale = L.Broadcast(scales[channel]);
            L factor = gamma == null ? scale : scale * L.Broadcast(gamma[channel]);
            L a = meanGradients == null ? 0 : L.Broadcast(meanGradients[channel]);
            L b = meanGradients == null ? 0 : L.Broadcast(meanGradients[channels + channel]);
            T* source = x + start, gradient = g + start, result = dx + start;
            int count = spatial;
            bool ofBatch = meanGradients != null;
            for (; i <= count - L.Count; i += L.Count)
            {
                L d = L.Load(gradient + i);
                if (ofBatch)
                {
                    d = d - a - (L.Load(source + i) - mean) * scale * b;
                }
                L.Store(d * factor, result + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Plane<Scalar<T>>(start, channel, i);
            }
        }
    }
}
