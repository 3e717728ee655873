using System.Numerics;

namespace Engine.Kernels;

/// <summary>
/// y = x̂·γ + β with x̂ = (x − mean)/√(variance + ε) over each row of [rows, n]; the variance is the mean squared deviation from the mean, in a second pass over the
/// row, which is in the cache by then. Without γ and β (empty vectors) y = x̂.
/// </summary>
internal static unsafe class LayerNormalization
{
    /// <summary>Writes y, and to <paramref name="statistics"/> of [2, rows] each row's mean and 1/√(variance + ε).</summary>
    public static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> beta, Span<T> y, Span<T> statistics, int rows, int n, T epsilon)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length, rows * n);
        Guard.SameLength(statistics.Length, 2 * rows);
        Guard.SameLength(gamma.Length, beta.Length, gamma.IsEmpty ? 0 : n);
        fixed (T* px = x, pg = gamma, pb = beta, py = y, ps = statistics)
        {
            Blocks.Run<ForwardLoop<T>, T>(new(px, pg, pb, py, ps, ps + rows, n, epsilon), rows, Blocks.LinesPerPart(rows, Math.Max(1, n)));
        }
    }

    /// <summary>How many elements of scratch the backward pass needs where γ and β want gradients.</summary>
    public static int Scratch(int rows, int n) => ColumnSums.Leaves(rows, n) * 2 * n;

    /// <summary>
    /// dx = (ĝ − mean(ĝ) − x̂·mean(ĝ·x̂))/√(variance + ε) with ĝ = g·γ; dγ = Σ g·x̂, dβ = Σ g over the rows, which end up as [dβ; dγ] at the beginning of
    /// <paramref name="scratch"/>. An empty dx, or an empty scratch, is not wanted.
    /// </summary>
    public static void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> g, ReadOnlySpan<T> statistics, Span<T> dx, Span<T> scratch, int rows, int n)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, g.Length, rows * n);
        Guard.SameLength(statistics.Length, 2 * rows);
        fixed (T* px = x, pg = gamma, pd = g, ps = statistics, result = dx, sums = scratch)
        {
            int leaves = ColumnSums.Leaves(rows, n);
            BackwardLoop<T> loop = new(px, pg, pd, ps, ps + rows, result, sums, rows, n);
            Blocks.Run<BackwardLoop<T>, T>(loop, leaves, x.Length < Blocks.Parallel ? Math.Max(1, leaves) : 1);
            if (!scratch.IsEmpty)
            {
                ColumnSums.Fold(sums, leaves, 2 * n);
            }
        }
    }

    /// <summary>Rows.</summary>
    internal readonly struct ForwardLoop<T>(T* x, T* gamma, T* beta, T* y, T* means, T* scales, int n, T epsilon) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T count = T.CreateTruncating(n);
            for (int row = from; row < to; row++)
            {
                T* source = x + (nint)row * n;
                T mean = RowSums.Of<RowValues<T>, L, T>(new(source), n) / count;
                T variance = RowSums.Of<RowSquaredDeviations<T>, L, T>(new(source, mean), n) / count;
                T scale = T.One / T.Sqrt(variance + epsilon);
                means[row] = mean;
                scales[row] = scale;
                Normalise<L>(source, y + (nint)row * n, mean, scale, 0);
            }
        }

        private void Normalise<L>(T* source, T* result, T mean, T scale, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T* weights = gamma, shifts = beta; // locals: a field would be read again after each store
            int count = n;
            L m = L.Broadcast(mean), s = L.Broadcast(scale);
            if (weights == null)
            {
                for (; i <= count - L.Count; i += L.Count)
                {
                    L.Store((L.Load(source + i) - m) * s, result + i);
                }
            }
            else
            {
                for (; i <= count - L.Count; i += L.Count)
                {
                    L.Store((L.Load(source + i) - m) * s * L.Load(weights + i) + L.Load(shifts + i), result + i);
                }
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Normalise<Scalar<T>>(source, result, mean, scale, i); // arithmetic alone: the same bits in every lane
            }
        }
    }

    /// <summary>Leaves of rows.</summary>
    internal readonly struct BackwardLoop<T>(T* x, T* gamma, T* g, T* means, T* scales, T* dx, T* sums, int rows, int n) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            int leafRows = ColumnSums.LeafRows(n);
            for (int leaf = from; leaf < to; leaf++)
            {
                T* beta = sums == null ? null : sums + (nint)leaf * 2 * n;
                if (beta != null)
                {
                    new Span<T>(beta, 2 * n).Clear();
                }
                for (int row = leaf * leafRows, end = Math.Min(rows, row + leafRows); row < end; row++)
                {
                    if (dx != null)
                    {
                        Input<L>(row);
                    }
                    if (beta != null)
                    {
                        Parameters<L>(row, beta, beta + n, 0);
                    }
                }
            }
        }

        private void Input<L>(int row) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            nint start = (nint)row * n;
            T count = T.CreateTruncating(n), mean = means[row], scale = scales[row];
            RowSums.Of<RowGradients<T>, L, T>(new(x + start, gamma, g + start, mean, scale), n, out T sum, out T product);
            Input<L>(start, mean, scale, sum / count, product / count, 0);
        }

        private void Input<L>(nint start, T mean, T scale, T meanGradient, T meanProduct, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L m = L.Broadcast(mean), s = L.Broadcast(scale), a = L.Broadcast(meanGradient), b = L.Broadcast(meanProduct);
            T* source = x + start, gradient = g + start, result = dx + start, weights = gamma;
            int count = n;
            for (; i <= count - L.Count; i += L.Count)
            {
                L normal = (L.Load(source + i) - m) * s, weighted = L.Load(gradient + i);
                if (weights != null)
                {
                    weighted *= L.Load(weights + i);
                }
                L.Store((weighted - a - normal * b) * s, result + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Input<Scalar<T>>(start, mean, scale, meanGradient, meanProduct, i);
            }
        }

        private void Parameters<L>(int row, T* betaSums, T* gammaSums, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L m = L.Broadcast(means[row]), s = L.Broadcast(scales[row]);
            T* source = x + (nint)row * n, gradient = g + (nint)row * n;
            int count = n;
            for (; i <= count - L.Count; i += L.Count)
            {
                L d = L.Load(gradient + i);
                L.Store(L.Load(betaSums + i) + d, betaSums + i);
                L.Store(L.Load(gammaSums + i) + d * ((L.Load(source + i) - m) * s), gammaSums + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Parameters<Scalar<T>>(row, betaSums, gammaSums, i);
            }
        }
    }
}
