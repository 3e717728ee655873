using System.Numerics;

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
                T mean = RowSums.Of<RowValues<T>, L, T>(new(source), n) / count;
                T variance = RowSums.Of<RowSquaredDeviations<T>, L, T>(new(source, mean), n) / count;
                T scale = T.One / T.Sqrt(variance + epsilon);
                means[row] = mean;
                scales[row] = scale;
                Normalize<L>(source, y + (nint)row * n, mean, scale, 0);
            }
        }

        private void Normalize<L>(T* source, T* result, T mean, T scale, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T* weights = gamma, shifts = beta; // locals, because a field would be read again after every store
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
                Normalize<Scalar<T>>(source, result, mean, scale, i); // only + − ×: the same bits in every lane
            }
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
                        ParameterGradients<L>(row, beta, beta + n, 0);
                    }
                }
            }
        }

        private void InputGradient<L>(int row) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            nint start = (nint)row * n;
            T count = T.CreateTruncating(n), mean = means[row], scale = scales[row];
            RowSums.Of<RowGradients<T>, L, T>(new(x + start, gamma, g + start, mean, scale), n, out T sum, out T product);
            InputGradient<L>(start, mean, scale, sum / count, product / count, 0);
        }

        private void InputGradient<L>(nint start, T mean, T scale, T meanGradient, T meanProduct, int i)
            where L : unmanaged, ILane<L>, ILane<L, T>
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
                InputGradient<Scalar<T>>(start, mean, scale, meanGradient, meanProduct, i);
            }
        }

        private void ParameterGradients<L>(int row, T* betaSums, T* gammaSums, int i) where L : unmanaged, ILane<L>, ILane<L, T>
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
                ParameterGradients<Scalar<T>>(row, betaSums, gammaSums, i);
            }
        }
    }
}
