using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The terms that <see cref="RowSums"/> adds up along a row: one or two per element.</summary>
internal interface IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether there is a second term.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>The terms of a lane of elements starting at <paramref name="i"/>.</summary>
    void At<L>(int i, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>;
}

/// <summary>Sums along a row, in the order of summation of <see cref="Reduction"/>, so that both give the same bits.</summary>
internal static unsafe class RowSums
{
    /// <summary>Σ of the first term over a row of <paramref name="length"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<TTerms, L, T>(in TTerms terms, int length)
        where TTerms : struct, IRowTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Of<TTerms, L, T>(terms, length, out T sum, out _);
        return sum;
    }

    /// <summary>Σ of both terms over a row of <paramref name="length"/> elements.</summary>
    public static void Of<TTerms, L, T>(in TTerms terms, int length, out T first, out T second)
        where TTerms : struct, IRowTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Range<TTerms, L, T>(terms, 0, length, out first, out second);

    /// <summary>Adds blocks pairwise, neighbors first: the left half gets the largest power of two below their number.</summary>
    private static void Range<TTerms, L, T>(in TTerms terms, int from, int length, out T first, out T second)
        where TTerms : struct, IRowTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (length <= Reduction.BlockLength)
        {
            BlockSum<TTerms, L, T>(terms, from, length, out first, out second);
            return;
        }
        int blocks = (length + Reduction.BlockLength - 1) / Reduction.BlockLength;
        int left = Reduction.BlockLength * (1 << BitOperations.Log2((uint)blocks - 1));
        Range<TTerms, L, T>(terms, from, left, out T firstLeft, out T secondLeft);
        Range<TTerms, L, T>(terms, from + left, length - left, out T firstRight, out T secondRight);
        first = firstLeft + firstRight;
        second = secondLeft + secondRight;
    }

    [SkipLocalsInit]
    private static void BlockSum<TTerms, L, T>(in TTerms given, int from, int length, out T first, out T second)
        where TTerms : struct, IRowTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        TTerms terms = given; // a copy, whose fields can stay in registers
        T* firsts = stackalloc T[Reduction.Accumulators];
        T* seconds = stackalloc T[Reduction.Accumulators];
        int whole = from + length / Reduction.Accumulators * Reduction.Accumulators, end = from + length;
        for (int lane = 0; lane < Reduction.Accumulators; lane += 4 * L.Count)
        {
            L a0 = 0, a1 = 0, a2 = 0, a3 = 0, b0 = 0, b1 = 0, b2 = 0, b3 = 0;
            for (int i = from + lane; i < whole; i += Reduction.Accumulators)
            {
                terms.At(i, out L a, out L b);
                a0 += a;
                b0 += b;
                terms.At(i + L.Count, out a, out b);
                a1 += a;
                b1 += b;
                terms.At(i + 2 * L.Count, out a, out b);
                a2 += a;
                b2 += b;
                terms.At(i + 3 * L.Count, out a, out b);
                a3 += a;
                b3 += b;
            }
            Store(firsts + lane, a0, a1, a2, a3);
            if (TTerms.HasSecond)
            {
                Store(seconds + lane, b0, b1, b2, b3);
            }
        }
        int tail = whole;
        for (; tail <= end - L.Count; tail += L.Count)
        {
            terms.At(tail, out L a, out L b);
            Add(firsts + tail - whole, a);
            if (TTerms.HasSecond)
            {
                Add(seconds + tail - whole, b);
            }
        }
        for (; tail < end; tail++)
        {
            terms.At(tail, out Scalar<T> a, out Scalar<T> b);
            firsts[tail - whole] += a.Value;
            if (TTerms.HasSecond)
            {
                seconds[tail - whole] += b.Value;
            }
        }
        first = AddHalves<L, T>(firsts);
        second = TTerms.HasSecond ? AddHalves<L, T>(seconds) : T.Zero;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<L, T>(T* sums, L a, L b, L c, L d)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L.Store(a, sums);
        L.Store(b, sums + L.Count);
        L.Store(c, sums + 2 * L.Count);
        L.Store(d, sums + 3 * L.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<L, T>(T* sums, L term)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        L.Store(L.Load(sums) + term, sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static T AddHalves<L, T>(T* sums) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        int width = Reduction.Accumulators / 2;
        for (; width >= L.Count; width /= 2)
        {
            for (int i = 0; i < width; i += L.Count)
            {
                Add(sums + i, L.Load(sums + width + i));
            }
        }
        for (; width > 0; width /= 2)
        {
            for (int i = 0; i < width; i++)
            {
                sums[i] += sums[i + width];
            }
        }
        return sums[0];
    }
}

/// <summary>xᵢ.</summary>
internal readonly unsafe struct RowValues<T>(T* x) : IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L>(int i, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>
    {
        first = L.Load(x + i);
        second = default;
    }
}

/// <summary>(xᵢ − mean)².</summary>
internal readonly unsafe struct RowSquaredDeviations<T>(T* x, T mean) : IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L>(int i, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>
    {
        L deviation = L.Load(x + i) - L.Broadcast(mean);
        first = deviation * deviation;
        second = default;
    }
}

/// <summary>gᵢγᵢ and gᵢγᵢx̂ᵢ with x̂ = (x − mean)·scale; γ is 1 if there is none.</summary>
internal readonly unsafe struct RowGradients<T>(T* x, T* gamma, T* g, T mean, T scale) : IRowTerms<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => true;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L>(int i, out L first, out L second) where L : unmanaged, ILane<L>, ILane<L, T>
    {
        first = L.Load(g + i);
        if (gamma != null)
        {
            first *= L.Load(gamma + i);
        }
        second = first * ((L.Load(x + i) - L.Broadcast(mean)) * L.Broadcast(scale));
    }
}
