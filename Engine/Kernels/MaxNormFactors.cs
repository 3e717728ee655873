using System.Buffers;
using System.Numerics;

namespace Engine.Kernels;

/// <summary>
/// What the parts of a tensor are multiplied by so that no 2-norm exceeds a bound: bound/‖w‖ where it does, else 1; also 1 where the norm
/// is not finite because an element is not. The norms are computed in double precision, in the canonical order of summation.
/// </summary>
internal readonly ref struct MaxNormFactors<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Below the root of the smallest sum of squares that is exact.</summary>
    private const double SmallestNorm = 1e-135;

    private readonly T[] _factors;
    private readonly int _count;

    /// <summary>Computes the factors of w of <paramref name="shape"/>, with norms over the axes that have the extent 1 in parts.</summary>
    public MaxNormFactors(ReadOnlySpan<T> w, ReadOnlySpan<int> shape, ReadOnlySpan<int> parts, double bound)
    {
        _count = 1;
        foreach (int extent in parts)
        {
            _count *= extent;
        }
        _factors = ArrayPool<T>.Shared.Rent(_count);
        Span<T> factors = _factors.AsSpan(0, _count);
        factors.Fill(T.One);
        double[] memory = ArrayPool<double>.Shared.Rent(w.Length + _count + Broadcasting.Scratch(shape, parts));
        Span<double> sums = memory.AsSpan(w.Length, _count);
        SumSquares(w, shape, parts, 1, memory, sums);
        bool overflows = sums.Contains(double.PositiveInfinity);
        AnyBelowOne = SetFactors(factors, sums, bound, 1);
        if (overflows)
        {
            SumSquares(w, shape, parts, 1 / ExtremeSquares.Scale, memory, sums);
            AnyBelowOne |= SetFactors(factors, sums, bound, 1 / ExtremeSquares.Scale);
        }
        if (bound < SmallestNorm)
        {
            SumSquares(w, shape, parts, ExtremeSquares.Scale, memory, sums);
            AnyBelowOne |= SetFactors(factors, sums, bound, ExtremeSquares.Scale);
        }
        ArrayPool<double>.Shared.Return(memory);
    }

    /// <summary>Whether a norm exceeds the bound.</summary>
    public bool AnyBelowOne { get; }

    /// <summary>One factor for each part.</summary>
    public ReadOnlySpan<T> Span => _factors.AsSpan(0, _count);

    /// <summary>Returns the memory.</summary>
    public void Dispose() => ArrayPool<T>.Shared.Return(_factors);

    /// <summary>Σ (scale·w)² of each part; the memory holds the squares, the sums and the scratch of the summation.</summary>
    private static void SumSquares(
        ReadOnlySpan<T> w, ReadOnlySpan<int> shape, ReadOnlySpan<int> parts, double scale, double[] memory, Span<double> sums)
    {
        for (int i = 0; i < w.Length; i++)
        {
            double value = scale * double.CreateTruncating(w[i]);
            memory[i] = value * value;
        }
        Broadcasting.SumTo<double>(memory.AsSpan(0, w.Length), shape, sums, parts, memory.AsSpan(w.Length + sums.Length));
    }

    /// <summary>
    /// Sets the factors of the parts whose norm exceeds the bound, as far as their sum of squares at this scale is exact; returns whether
    /// there is one.
    /// </summary>
    private static bool SetFactors(Span<T> factors, ReadOnlySpan<double> sums, double bound, double scale)
    {
        bool anyBelowOne = false;
        for (int i = 0; i < sums.Length; i++)
        {
            double scaledNorm = Math.Sqrt(sums[i]);
            if (ExtremeSquares.IsExact(sums[i]) && scaledNorm > scale * bound)
            {
                factors[i] = T.CreateTruncating(bound / scaledNorm * scale);
                anyBelowOne = true;
            }
        }
        return anyBelowOne;
    }
}
