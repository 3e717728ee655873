using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>Softmax and cross-entropy fused: the losses of the rows of [rows, n], and their gradients if they are needed.</summary>
/// <remarks>
/// For a row x of class t, loss = (1 − s)·wₜ·(−ln pₜ) + s/n·Σ wₖ·(−ln pₖ) with p = softmax(x), class weights w and label smoothing s. The
/// gradient is computed while the row is in the cache, from the exponentials of the forward pass: memory is read once and written once
/// for both passes.
/// </remarks>
internal static unsafe class SoftmaxCrossEntropy
{
    /// <summary>Computes the losses and, unless <paramref name="gradient"/> is empty, their scaled gradients.</summary>
    /// <remarks>Empty weights count as 1. The caller has checked that every class is in range or ignored.</remarks>
    public static void Forward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights, Span<T> losses, Span<T> gradient, int n,
        in CrossEntropyOptions<T> options)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rows = classes.Length;
        Guard.SameLength(x.Length, rows * n);
        Guard.SameLength(losses.Length, rows);
        Guard.SameLength(gradient.Length, gradient.IsEmpty ? 0 : x.Length);
        Guard.SameLength(weights.Length, weights.IsEmpty ? 0 : n);
        fixed (T* px = x, pw = weights, pl = losses, pg = gradient)
        fixed (int* pc = classes)
        {
            Kernel.Run<RowKernel<T>, T>(new(px, pc, pw, pl, pg, n, options), rows, Kernel.RowsPerChunk(rows, Math.Max(1, n)));
        }
    }

    /// <summary>Losses and gradients of rows.</summary>
    internal readonly struct RowKernel<T>(T* x, int* classes, T* weights, T* losses, T* gradient, int n, CrossEntropyOptions<T> options)
        : IKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                T* result = gradient == null ? null : gradient + (nint)row * n;
                if (classes[row] != options.IgnoredClass)
                {
                    losses[row] = Row<L>(x + (nint)row * n, classes[row], result);
                    continue;
                }
                losses[row] = T.Zero;
                if (result != null)
                {
                    new Span<T>(result, n).Clear();
                }
            }
        }

        private T Row<L>(T* source, int target, T* result) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            T max = Softmax.Max<L, T>(source, n), sum = Softmax.SumOfExponentials<L, T>(source, result, n, max);
            T logSum = Scalar<T>.Log(new(sum)).Value, smoothingShare = options.Smoothing / T.CreateTruncating(n);
            T targetWeight = (T.One - options.Smoothing) * (weights == null ? T.One : weights[target]);
            T loss = targetWeight * (logSum - (source[target] - max));
            bool smooth = options.Smoothing != T.Zero;
            if (smooth)
            {
                T weightedShifts = RowSums.Of<RowWeightedShifts<T>, L, T>(new(source, weights, max), n);
                loss += smoothingShare * (logSum * options.WeightSum - weightedShifts);
            }
            if (result != null)
            {
                T all = smooth ? targetWeight + smoothingShare * options.WeightSum : targetWeight;
                T factor = all * options.GradientScale / sum, share = smoothingShare * options.GradientScale;
                ElementLoop.Run<GradientBody<T>, L, T>(new(result, weights, factor, share, smooth), 0, n);
                result[target] -= targetWeight * options.GradientScale;
            }
            return loss;
        }
    }

    /// <summary>The gradient from the exponentials in its place: factor·e, less the smoothing's share.</summary>
    private readonly struct GradientBody<T>(T* gradient, T* weights, T factor, T share, bool smooth) : IElementKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            L p = memory.Load(gradient + i) * L.Broadcast(factor);
            if (smooth)
            {
                p -= weights == null ? L.Broadcast(share) : L.Broadcast(share) * memory.Load(weights + i);
            }
            memory.Store(p, gradient + i);
        }
    }

    /// <summary>wᵢ(xᵢ − max).</summary>
    private readonly struct RowWeightedShifts<T>(T* x, T* weights, T max) : IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L, TAccess>(nint i, TAccess memory, out L first, out L second)
            where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
        {
            first = memory.Load(x + i) - L.Broadcast(max);
            if (weights != null)
            {
                first *= memory.Load(weights + i);
            }
            second = default;
        }
    }
}
