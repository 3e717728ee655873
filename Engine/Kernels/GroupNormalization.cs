using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The part of <see cref="LayerNormalization"/> in which γ and β are numbers of a channel with several elements.</summary>
/// <remarks>
/// The backward pass reads x and g twice: for Σ g and Σ g·x̂ of each channel of each example, from which the means of the rows and the
/// gradients of γ and β follow; and for dx.
/// </remarks>
internal static unsafe class GroupNormalization
{
    /// <summary>The scratch elements of the backward pass: [dβ; dγ], and both sums for each channel of each example.</summary>
    public static int ScratchLength(in GroupLayout layout) => 2 * layout.AllChannels * (1 + layout.Batch);

    /// <summary>y of one row.</summary>
    public static void Normalize<L, T>(T* x, T* gamma, T* beta, T* y, T mean, T scale, in GroupLayout layout)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int channel = 0; channel < layout.Channels; channel++)
        {
            nint start = (nint)channel * layout.Run;
            T shift = beta == null ? T.Zero : beta[channel];
            ElementLoop.Run<NormalizeBody<T>, L, T>(new(x + start, y + start, mean, scale, gamma[channel], shift), 0, layout.Run);
        }
    }

    /// <summary>As <see cref="LayerNormalization.Backward"/>; the scratch may not be empty.</summary>
    public static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> gamma, ReadOnlySpan<T> g, ReadOnlySpan<T> statistics, Span<T> dx, Span<T> scratch,
        in GroupLayout layout)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(scratch.Length, ScratchLength(layout));
        int channels = layout.AllChannels, places = layout.Batch * channels, rows = layout.Rows;
        Span<T> sums = scratch.Slice(2 * channels, places), products = scratch.Slice(2 * channels + places, places);
        fixed (T* px = x, pg = gamma, pd = g, ps = statistics, result = dx, first = sums, second = products)
        {
            BackwardKernel<T> kernel = new(px, pg, pd, ps, ps + rows, result, first, second, layout);
            Kernel.Run<BackwardKernel<T>, T>(kernel, rows, Kernel.RowsPerChunk(rows, Math.Max(1, layout.RowLength)));
        }
        Reduction.SumAxis(sums, scratch[..channels], 1, layout.Batch, channels);
        Reduction.SumAxis(products, scratch.Slice(channels, channels), 1, layout.Batch, channels);
    }

    /// <summary>The backward pass over rows.</summary>
    internal readonly struct BackwardKernel<T>(
        T* x, T* gamma, T* g, T* means, T* scales, T* dx, T* sums, T* products, GroupLayout layout) : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                nint start = (nint)row * layout.RowLength;
                T* rowSums = sums + (nint)row * layout.Channels, rowProducts = products + (nint)row * layout.Channels;
                for (int channel = 0; channel < layout.Channels; channel++)
                {
                    nint i = start + (nint)channel * layout.Run;
                    RowGradients<T> terms = new(x + i, null, g + i, means[row], scales[row]);
                    RowSums.Of<RowGradients<T>, L, T>(terms, layout.Run, out rowSums[channel], out rowProducts[channel]);
                }
                if (dx != null)
                {
                    InputGradient<L>(row, start, gamma + row % layout.Groups * layout.Channels, rowSums, rowProducts);
                }
            }
        }

        private void InputGradient<L>(int row, nint start, T* weight, T* rowSums, T* rowProducts)
            where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T count = T.CreateTruncating(layout.RowLength);
            T sum = RowSums.Of<RowPairs<ProductTerm, T>, L, T>(new(rowSums, weight), layout.Channels),
                product = RowSums.Of<RowPairs<ProductTerm, T>, L, T>(new(rowProducts, weight), layout.Channels),
                meanGradient = layout.IsCentered ? sum / count : T.Zero;
            for (int channel = 0; channel < layout.Channels; channel++)
            {
                nint i = start + (nint)channel * layout.Run;
                ElementLoop.Run<InputGradientBody<T>, L, T>(
                    new(x + i, g + i, dx + i, means[row], scales[row], weight[channel], meanGradient, product / count), 0, layout.Run);
            }
        }
    }

    /// <summary>y of one channel of one row.</summary>
    private readonly struct NormalizeBody<T>(T* x, T* y, T mean, T scale, T gamma, T beta) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L normal = (memory.Load(x + i) - L.Broadcast(mean)) * L.Broadcast(scale);
            memory.Store(normal * L.Broadcast(gamma) + L.Broadcast(beta), y + i);
        }
    }

    /// <summary>Computes dx of one channel of one row, given mean(ĝ) and mean(ĝ·x̂) of the row.</summary>
    private readonly struct InputGradientBody<T>(T* x, T* g, T* dx, T mean, T scale, T gamma, T meanGradient, T meanProduct)
        : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L s = L.Broadcast(scale), normal = (memory.Load(x + i) - L.Broadcast(mean)) * s;
            L weighted = memory.Load(g + i) * L.Broadcast(gamma);
            memory.Store((weighted - L.Broadcast(meanGradient) - normal * L.Broadcast(meanProduct)) * s, dx + i);
        }
    }
}
