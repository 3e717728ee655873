using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>The terms that <see cref="RowSums"/> adds up along a row: one or two per element.</summary>
internal interface IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Whether there is a second term.</summary>
    static abstract bool HasSecond { get; }

    /// <summary>The terms of a lane of elements starting at <paramref name="i"/>.</summary>
    void At<L, TAccess>(nint i, TAccess memory, out L first, out L second)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>;
}

/// <summary>Sums of terms that are computed on the way, in the order of summation that <see cref="Reduction"/> describes.</summary>
internal static unsafe class RowSums
{
    /// <summary>
    /// How many elements the running sums take before the next four registers of them follow: memory is then read almost in order, which
    /// the processor foresees, and few sums go through memory.
    /// </summary>
    private const int Piece = 1024;

    /// <summary>Σ of the first term over a row of <paramref name="length"/> elements.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Of<TTerms, L, T>(in TTerms terms, int length)
        where TTerms : struct, IRowTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        Of<TTerms, L, T>(terms, length, out T sum, out _);
        return sum;
    }

    /// <summary>Σ of both terms over a row of <paramref name="length"/> elements.</summary>
    [SkipLocalsInit]
    public static void Of<TTerms, L, T>(in TTerms terms, int length, out T first, out T second)
        where TTerms : struct, IRowTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (length <= Reduction.BlockLength)
        {
            Block<TTerms, L, T>(terms, 0, length, out first, out second);
            return;
        }
        T* stack = stackalloc T[2 * PairwiseAccumulator<Scalar<T>, T>.Capacity];
        PairwiseAccumulator<Scalar<T>, T> firsts = new(stack), seconds = new(stack + PairwiseAccumulator<Scalar<T>, T>.Capacity);
        for (int from = 0; from < length;)
        {
            int count = Math.Min(Reduction.BlockLength, length - from);
            Block<TTerms, L, T>(terms, from, count, out T a, out T b);
            firsts.Add(new(a));
            seconds.Add(new(b));
            from += count;
        }
        first = firsts.Total().Value;
        second = seconds.Total().Value;
    }

    /// <summary>
    /// Sums one block: running sum j takes the terms j, j + 64, j + 128, …, four registers of running sums at a time; then halves are
    /// added onto halves.
    /// </summary>
    [SkipLocalsInit]
    public static void Block<TTerms, L, T>(in TTerms given, nint from, int length, out T first, out T second)
        where TTerms : struct, IRowTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        TTerms terms = given; // a copy, whose fields can stay in registers
        FullLane<L, T> memory = default;
        T* firsts = stackalloc T[Reduction.Accumulators];
        T* seconds = stackalloc T[Reduction.Accumulators];
        new Span<T>(firsts, Reduction.Accumulators).Clear();
        if (TTerms.HasSecond)
        {
            new Span<T>(seconds, Reduction.Accumulators).Clear();
        }
        nint whole = from + length / Reduction.Accumulators * Reduction.Accumulators, end = from + length;
        for (nint start = from; start < whole; start += Piece)
        {
            nint stop = Math.Min(whole, start + Piece);
            for (int lane = 0; lane < Reduction.Accumulators; lane += 4 * L.Count)
            {
                Load(firsts + lane, out L a0, out L a1, out L a2, out L a3);
                Load(seconds + lane, out L b0, out L b1, out L b2, out L b3);
                for (nint i = start + lane; i < stop; i += Reduction.Accumulators)
                {
                    terms.At(i, memory, out L a, out L b);
                    a0 += a;
                    if (TTerms.HasSecond) { b0 += b; }
                    terms.At(i + L.Count, memory, out a, out b);
                    a1 += a;
                    if (TTerms.HasSecond) { b1 += b; }
                    terms.At(i + 2 * L.Count, memory, out a, out b);
                    a2 += a;
                    if (TTerms.HasSecond) { b2 += b; }
                    terms.At(i + 3 * L.Count, memory, out a, out b);
                    a3 += a;
                    if (TTerms.HasSecond) { b3 += b; }
                }
                Store(firsts + lane, a0, a1, a2, a3);
                if (TTerms.HasSecond)
                {
                    Store(seconds + lane, b0, b1, b2, b3);
                }
            }
        }
        if (whole < end)
        {
            Rest<TTerms, L, T>(given, whole, end, firsts, seconds);
        }
        first = AddHalves<L, T>(firsts);
        second = TTerms.HasSecond ? AddHalves<L, T>(seconds) : T.Zero;
    }

    /// <summary>Adds the terms behind the last whole multiple of 64, one to each running sum.</summary>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.NoInlining)] // what the compiler inlines into one method is limited, and belongs to the loop
    private static void Rest<TTerms, L, T>(TTerms terms, nint i, nint end, T* firsts, T* seconds)
        where TTerms : struct, IRowTerms<T> where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (; i <= end - L.Count; i += L.Count, firsts += L.Count, seconds += L.Count)
        {
            terms.At(i, default(FullLane<L, T>), out L a, out L b);
            Add(firsts, a);
            if (TTerms.HasSecond)
            {
                Add(seconds, b);
            }
        }
        if (i < end)
        {
            int count = (int)(end - i);
            terms.At(i, new PartialLane<L, T>(count), out L a, out L b);
            AddFirst(firsts, a, count);
            if (TTerms.HasSecond)
            {
                AddFirst(seconds, b, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<L, T>(T* sums, out L a, out L b, out L c, out L d)
        where L : unmanaged, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        a = L.Load(sums);
        b = L.Load(sums + L.Count);
        c = L.Load(sums + 2 * L.Count);
        d = L.Load(sums + 3 * L.Count);
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
    private static void AddFirst<L, T>(T* sums, L term, int count)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* terms = stackalloc T[L.Count];
        L.Store(term, terms);
        for (int j = 0; j < count; j++)
        {
            sums[j] += terms[j];
        }
    }

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

/// <summary>One term of the elements of one or two vectors.</summary>
internal readonly unsafe struct RowPairs<TTerm, T>(T* a, T* b) : IRowTerms<T>
    where TTerm : struct, ITerm where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L, TAccess>(nint i, TAccess memory, out L first, out L second)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
    {
        first = TTerm.Of(memory.Load(a + i), memory.Load(b + i));
        second = default;
    }
}

/// <summary>The squares of floats, in double precision.</summary>
internal readonly unsafe struct RowSquaresOfSingles(float* x) : IRowTerms<double>
{
    public static bool HasSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L, TAccess>(nint i, TAccess memory, out L first, out L second)
        where L : unmanaged, ILane<L>, ILane<L, double> where TAccess : struct, ILaneAccess<L, double>
    {
        L value = memory.LoadSingles(x + i);
        first = value * value;
        second = default;
    }
}

/// <summary>(xᵢ − mean)².</summary>
internal readonly unsafe struct RowSquaredDeviations<T>(T* x, T mean) : IRowTerms<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static bool HasSecond => false;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void At<L, TAccess>(nint i, TAccess memory, out L first, out L second)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
    {
        L deviation = memory.Load(x + i) - L.Broadcast(mean);
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
    public void At<L, TAccess>(nint i, TAccess memory, out L first, out L second)
        where L : unmanaged, ILane<L>, ILane<L, T> where TAccess : struct, ILaneAccess<L, T>
    {
        first = memory.Load(g + i);
        if (gamma != null)
        {
            first *= memory.Load(gamma + i);
        }
        second = first * ((memory.Load(x + i) - L.Broadcast(mean)) * L.Broadcast(scale));
    }
}
