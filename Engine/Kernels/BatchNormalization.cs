using System.Numerics;

namespace Engine.Kernels;

/// <summary>
/// y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε), mean and variance over batch and places of each channel of [batch, channels, places]; the variance is the mean
/// squared deviation from the mean. Memory is read in its own order: a leaf — a block of rows where there is one place, else one channel of one example — gives its
/// mean and its squared deviations from it in two passes while it is in the cache, and leaves are combined as a binary tree
/// (Chan, Golub, LeVeque: Updating formulae and a pairwise algorithm for computing sample variances, 1979).
/// </summary>
internal static unsafe class BatchNormalization
{
    private const int ChannelsPerPart = 256;

    /// <summary>The leaves of [batch, channels, places].</summary>
    private static int Leaves(int batch, int channels, int places) => places == 1 ? ColumnSums.Leaves(batch, channels) : Math.Max(1, batch);

    /// <summary>How many elements of scratch <see cref="Statistics"/> and <see cref="Sums"/> need.</summary>
    public static int Scratch(int batch, int channels, int places) => Leaves(batch, channels, places) * 2 * channels;

    /// <summary>Writes to <paramref name="statistics"/> of [3, channels] mean, 1/√(variance + ε) and variance (of at least one value for each channel).</summary>
    public static void Statistics<T>(ReadOnlySpan<T> x, Span<T> statistics, Span<T> scratch, int batch, int channels, int places, T epsilon) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, batch * channels * places);
        Guard.SameLength(statistics.Length, 3 * channels);
        Guard.SameLength(scratch.Length, Scratch(batch, channels, places));
        int leaves = Leaves(batch, channels, places);
        fixed (T* px = x, ps = statistics, leaf = scratch)
        {
            RunLeaves<MomentsLoop<T>, T>(new(px, leaf, batch, channels, places), leaves, x.Length);
            CombineLoop<T> combine = new(leaf, ps, batch, channels, places, epsilon);
            Blocks.Run<CombineLoop<T>, T>(combine, channels, scratch.Length < Blocks.Parallel ? Math.Max(1, channels) : ChannelsPerPart);
        }
    }

    /// <summary>y from mean and 1/√(variance + ε), both of [channels]; γ and β may be empty.</summary>
    public static void Normalise<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> means, ReadOnlySpan<T> scales, ReadOnlySpan<T> gamma, ReadOnlySpan<T> beta, Span<T> y, int batch, int channels, int places)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length, batch * channels * places);
        Guard.SameLength(means.Length, scales.Length, channels);
        Guard.SameLength(gamma.Length, beta.Length, gamma.IsEmpty ? 0 : channels);
        if (x.IsEmpty)
        {
            return;
        }
        fixed (T* px = x, pm = means, ps = scales, pg = gamma, pb = beta, py = y)
        {
            RunLeaves<NormaliseLoop<T>, T>(new(px, pm, ps, pg, pb, py, batch, channels, places), Leaves(batch, channels, places), x.Length);
        }
    }

    /// <summary>[Σ g; Σ g·x̂] for each channel — dβ and dγ — to the beginning of <paramref name="scratch"/>.</summary>
    public static void Sums<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> means, ReadOnlySpan<T> scales, ReadOnlySpan<T> g, Span<T> scratch, int batch, int channels, int places)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, g.Length, batch * channels * places);
        Guard.SameLength(means.Length, scales.Length, channels);
        Guard.SameLength(scratch.Length, Scratch(batch, channels, places));
        if (x.IsEmpty)
        {
            scratch.Clear();
            return;
        }
        int leaves = Leaves(batch, channels, places);
        fixed (T* px = x, pm = means, ps = scales, pg = g, sums = scratch)
        {
            RunLeaves<SumsLoop<T>, T>(new(px, pm, ps, pg, sums, batch, channels, places), leaves, x.Length);
            ColumnSums.Fold(sums, leaves, 2 * channels);
        }
    }

    /// <summary>
    /// dx = (g − mean(g) − x̂·mean(g·x̂))·γ/√(variance + ε), where <paramref name="meanGradients"/> of [2, channels] holds the two means; where it is empty, the statistics
    /// were constants and dx = g·γ/√(variance + ε).
    /// </summary>
    public static void Input<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> means, ReadOnlySpan<T> scales, ReadOnlySpan<T> gamma, ReadOnlySpan<T> g, ReadOnlySpan<T> meanGradients, Span<T> dx, int batch, int channels, int places)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, g.Length, dx.Length, batch * channels * places);
        Guard.SameLength(means.Length, scales.Length, channels);
        if (x.IsEmpty)
        {
            return;
        }
        fixed (T* px = x, pm = means, ps = scales, pw = gamma, pg = g, pk = meanGradients, pd = dx)
        {
            RunLeaves<InputLoop<T>, T>(new(px, pm, ps, pw, pg, pk, pd, batch, channels, places), Leaves(batch, channels, places), x.Length);
        }
    }

    private static void RunLeaves<TLoop, T>(TLoop loop, int leaves, int length) where TLoop : unmanaged, ILoop<T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Blocks.Run<TLoop, T>(loop, leaves, length < Blocks.Parallel ? Math.Max(1, leaves) : Math.Max(1, (int)((long)leaves * Blocks.Size / length)));

    /// <summary>Leaves to [mean; Σ (x − mean)²].</summary>
    internal readonly struct MomentsLoop<T>(T* x, T* leaves, int batch, int channels, int places) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int leaf = from; leaf < to; leaf++)
            {
                T* means = leaves + (nint)leaf * 2 * channels;
                if (places == 1)
                {
                    Rows<L>(leaf, means, means + channels);
                }
                else
                {
                    Example<L>(leaf, means, means + channels);
                }
            }
        }

        private void Rows<L>(int leaf, T* means, T* deviations) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int leafRows = ColumnSums.LeafRows(channels), from = leaf * leafRows, to = Math.Min(batch, from + leafRows);
            T count = T.CreateTruncating(to - from);
            ColumnSums.Leaf<ColumnValues<T>, L, T>(new(x, channels), from, to, channels, means);
            for (int channel = 0; channel < channels; channel++)
            {
                means[channel] /= count;
            }
            ColumnSums.Leaf<ColumnSquaredDeviations<T>, L, T>(new(x, means, channels), from, to, channels, deviations);
        }

        private void Example<L>(int example, T* means, T* deviations) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T count = T.CreateTruncating(places);
            for (int channel = 0; channel < channels; channel++)
            {
                T* plane = x + ((nint)example * channels + channel) * places;
                T mean = RowSums.Of<RowValues<T>, L, T>(new(plane), places) / count;
                means[channel] = mean;
                deviations[channel] = RowSums.Of<RowSquaredDeviations<T>, L, T>(new(plane, mean), places);
            }
        }
    }

    /// <summary>Channels: combines their leaves, in place, and writes the statistics.</summary>
    internal readonly struct CombineLoop<T>(T* leaves, T* statistics, int batch, int channels, int places, T epsilon) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            // of the values in a channel, span·i … span·(i + 1) belong to node i of a level
            long values = (long)batch * places, span = places == 1 ? ColumnSums.LeafRows(channels) : places;
            for (int nodes = Leaves(batch, channels, places); nodes > 1; nodes = (nodes + 1) / 2, span *= 2)
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

        private T* Node(int node) => leaves + (nint)node * 2 * channels;

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
                Pair<Scalar<T>>(result, a, b, share, weight, i, to); // arithmetic alone: the same bits in every lane
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
                L variance = L.Load(leaves + channels + i) / count;
                L.Store(L.Load(leaves + i), statistics + i);
                L.Store(1 / L.Sqrt(variance + e), statistics + channels + i);
                L.Store(variance, statistics + 2 * channels + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < to)
            {
                Write<Scalar<T>>(values, i, to);
            }
        }
    }

    /// <summary>Leaves of x to y; the last leaves first, since they were read last and may still be in the cache.</summary>
    internal readonly struct NormaliseLoop<T>(T* x, T* means, T* scales, T* gamma, T* beta, T* y, int batch, int channels, int places) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int leaves = Leaves(batch, channels, places);
            for (int i = from; i < to; i++)
            {
                int leaf = leaves - 1 - i;
                if (places == 1)
                {
                    int leafRows = ColumnSums.LeafRows(channels);
                    for (int row = leaf * leafRows, end = Math.Min(batch, row + leafRows); row < end; row++)
                    {
                        Row<L>((nint)row * channels, 0);
                    }
                }
                else
                {
                    for (int channel = 0; channel < channels; channel++)
                    {
                        Plane<L>(((nint)leaf * channels + channel) * places, channel, 0);
                    }
                }
            }
        }

        private void Row<L>(nint start, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            // locals: a field would be read again after each store
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

        private void Plane<L>(nint start, int channel, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L mean = L.Broadcast(means[channel]), scale = L.Broadcast(scales[channel]);
            L weight = gamma == null ? 1 : L.Broadcast(gamma[channel]), shift = gamma == null ? 0 : L.Broadcast(beta[channel]);
            T* source = x + start, result = y + start;
            int count = places;
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

    /// <summary>Leaves of x and g to [Σ g; Σ g·x̂].</summary>
    internal readonly struct SumsLoop<T>(T* x, T* means, T* scales, T* g, T* leaves, int batch, int channels, int places) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int leaf = from; leaf < to; leaf++)
            {
                T* sums = leaves + (nint)leaf * 2 * channels;
                if (places == 1)
                {
                    int leafRows = ColumnSums.LeafRows(channels), row = leaf * leafRows;
                    ColumnSums.Leaf<ColumnGradients<T>, L, T>(new(x, g, means, scales, channels), row, Math.Min(batch, row + leafRows), channels, sums);
                    continue;
                }
                for (int channel = 0; channel < channels; channel++)
                {
                    nint start = ((nint)leaf * channels + channel) * places;
                    RowSums.Of<RowGradients<T>, L, T>(new(x + start, null, g + start, means[channel], scales[channel]), places, out sums[channel], out sums[channels + channel]);
                }
            }
        }
    }

    /// <summary>Leaves of x and g to dx; the last leaves first.</summary>
    internal readonly struct InputLoop<T>(T* x, T* means, T* scales, T* gamma, T* g, T* meanGradients, T* dx, int batch, int channels, int places) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int leaves = Leaves(batch, channels, places);
            for (int i = from; i < to; i++)
            {
                int leaf = leaves - 1 - i;
                if (places == 1)
                {
                    int leafRows = ColumnSums.LeafRows(channels);
                    for (int row = leaf * leafRows, end = Math.Min(batch, row + leafRows); row < end; row++)
                    {
                        Row<L>((nint)row * channels, 0);
                    }
                }
                else
                {
                    for (int channel = 0; channel < channels; channel++)
                    {
                        Plane<L>(((nint)leaf * channels + channel) * places, channel, 0);
                    }
                }
            }
        }

        private void Row<L>(nint start, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T* source = x + start, gradient = g + start, result = dx + start, mean = means, scale = scales, weight = gamma, average = meanGradients;
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

        private void Plane<L>(nint start, int channel, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L mean = L.Broadcast(means[channel]), scale = L.Broadcast(scales[channel]), factor = gamma == null ? scale : scale * L.Broadcast(gamma[channel]);
            L a = meanGradients == null ? 0 : L.Broadcast(meanGradients[channel]), b = meanGradients == null ? 0 : L.Broadcast(meanGradients[channels + channel]);
            T* source = x + start, gradient = g + start, result = dx + start;
            int count = places;
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
