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
            T max = Softmax.Max<L, T>(source, n), sum;
            if (result == null)
            {
                sum = RowSums.Of<RowExponentials<T>, L, T>(new(source, max), n);
            }
            else
            {
                Exponentials<L>(source, result, max);
                sum = RowSums.Of<RowValues<T>, L, T>(new(result), n);
            }
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
                Scale<L>(result, all * options.GradientScale / sum, smoothingShare * options.GradientScale, smooth, 0);
                result[target] -= targetWeight * options.GradientScale;
            }
            return loss;
        }

        private void Exponentials<L>(T* source, T* result, T max) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L m = L.Broadcast(max);
            int i = 0, count = n; // a local, because a field would be read again after every store
            for (; i <= count - L.Count; i += L.Count)
            {
                L.Store(L.Exp(L.Load(source + i) - m), result + i);
            }
            if (i < count)
            {
                Kernel.StoreTail(L.Exp(Kernel.LoadTail<L, T>(source + i, count - i) - m), result + i, count - i);
            }
        }

        private void Scale<L>(T* result, T factor, T smoothingShare, bool smooth, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L f = L.Broadcast(factor), s = L.Broadcast(smoothingShare);
            T* w = weights;
            int count = n;
            for (; i <= count - L.Count; i += L.Count)
            {
                L p = L.Load(result + i) * f;
                if (smooth)
                {
                    p -= w == null ? s : s * L.Load(w + i);
                }
                L.Store(p, result + i);
            }
            if (typeof(L) != typeof(Scalar<T>) && i < count)
            {
                Scale<Scalar<T>>(result, factor, smoothingShare, smooth, i); // only − ×: the same bits in every lane
            }
        }
    }

    /// <summary>e^(xᵢ − max).</summary>
    private readonly struct RowExponentials<T>(T* x, T max) : IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L>(int i, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            first = L.Exp(L.Load(x + i) - L.Broadcast(max));
            second = default;
        }
    }

    /// <summary>wᵢ(xᵢ − max).</summary>
    private readonly struct RowWeightedShifts<T>(T* x, T* weights, T max) : IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static bool HasSecond => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void At<L>(int i, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            first = L.Load(x + i) - L.Broadcast(max);
            if (weights != null)
            {
                first *= L.Load(weights + i);
            }
            second = default;
        }
    }
}
