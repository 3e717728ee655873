using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>What a row's loss is made of: class weights, smoothing, the class that does not count, and the factor of the gradients.</summary>
internal readonly record struct CrossEntropyTerms<T>(T Smoothing, int? Ignored, T WeightSum, T GradientScale) where T : unmanaged, IFloatingPointIeee754<T>;

/// <summary>
/// For each row x of [rows, n] with class t: loss = (1 − s)·wₜ·(−ln pₜ) + s/n·Σ wₖ·(−ln pₖ) with p = softmax(x) and smoothing s, and, if wanted, its gradient while the row is in
/// the cache, which needs no exponential of its own: memory is read once and written once for both directions together.
/// </summary>
internal static unsafe class CrossEntropyRows
{
    /// <summary>Writes the losses, and to <paramref name="gradient"/>, unless it is empty, their gradients times a factor. Without weights each is 1. Classes are in range or ignored.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> classes, ReadOnlySpan<T> weights, Span<T> losses, Span<T> gradient, int n, in CrossEntropyTerms<T> terms)
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
            Blocks.Run<RowLoop<T>, T>(new(px, pc, pw, pl, pg, n, terms), rows, Blocks.LinesPerPart(rows, Math.Max(1, n)));
        }
    }

    /// <summary>Rows.</summary>
    internal readonly struct RowLoop<T>(T* x, int* classes, T* weights, T* losses, T* gradient, int n, CrossEntropyTerms<T> terms) : ILoop<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public void Run<L>(int from, int to) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            for (int row = from; row < to; row++)
            {
                T* result = gradient == null ? null : gradient + (nint)row * n;
                if (classes[row] != terms.Ignored)
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
            T max = Softmax.Largest<L, T>(source, n), sum;
            if (result == null)
            {
                sum = RowSums.Of<RowExponentials<T>, L, T>(new(source, max), n);
            }
            else
            {
                Exponentials<L>(source, result, max);
                sum = RowSums.Of<RowValues<T>, L, T>(new(result), n);
            }
            T logarithm = Scalar<T>.Log(new(sum)).Value, share = terms.Smoothing / T.CreateTruncating(n);
            T hit = (T.One - terms.Smoothing) * (weights == null ? T.One : weights[target]);
            T loss = hit * (logarithm - (source[target] - max));
            bool smooth = terms.Smoothing != T.Zero;
            if (smooth)
            {
                loss += share * (logarithm * terms.WeightSum - RowSums.Of<RowWeightedShifts<T>, L, T>(new(source, weights, max), n));
            }
            if (result != null)
            {
                T all = smooth ? hit + share * terms.WeightSum : hit;
                Scale<L>(result, all * terms.GradientScale / sum, share * terms.GradientScale, smooth, 0);
                result[target] -= hit * terms.GradientScale;
            }
            return loss;
        }

        private void Exponentials<L>(T* source, T* result, T max) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L m = L.Broadcast(max);
            int i = 0, count = n; // a local: a field would be read again after each store
            for (; i <= count - L.Count; i += L.Count)
            {
                L.Store(L.Exp(L.Load(source + i) - m), result + i);
            }
            if (i < count)
            {
                Blocks.StoreTail(L.Exp(Blocks.LoadTail<L, T>(source + i, count - i) - m), result + i, count - i);
            }
        }

        private void Scale<L>(T* result, T factor, T share, bool smooth, int i) where L : unmanaged, ILane<L>, ILane<L, T>
        {
            L f = L.Broadcast(factor), s = L.Broadcast(share);
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
                Scale<Scalar<T>>(result, factor, share, smooth, i); // arithmetic alone: the same bits in every lane
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
