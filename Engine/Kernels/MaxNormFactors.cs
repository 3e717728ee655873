using System.Buffers;
using System.Numerics;

namespace Engine.Kernels;

/// <summary>
/// What the parts of a tensor are multiplied by so that no 2-norm exceeds a bound: bound/‖w‖ where it does, else 1. The norms are computed
/// in double precision, in the canonical order of summation.
/// </summary>
internal readonly ref struct MaxNormFactors<T> where T : unmanaged, IFloatingPointIeee754<T>
{
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
        int needed = Broadcasting.Scratch(shape, parts);
        double[] memory = ArrayPool<double>.Shared.Rent(w.Length + _count + needed);
        Span<double> squares = memory.AsSpan(0, w.Length), sums = memory.AsSpan(w.Length, _count);
        for (int i = 0; i < w.Length; i++)
        {
            double value = double.CreateTruncating(w[i]);
            squares[i] = value * value;
        }
        Broadcasting.SumTo<double>(squares, shape, sums, parts, memory.AsSpan(w.Length + _count, needed));
        for (int i = 0; i < _count; i++)
        {
            double norm = Math.Sqrt(sums[i]);
            bool exceeds = norm > bound;
            _factors[i] = exceeds ? T.CreateTruncating(bound / norm) : T.One;
            AnyBelowOne |= exceeds;
        }
        ArrayPool<double>.Shared.Return(memory);
    }

    /// <summary>Whether a norm exceeds the bound.</summary>
    public bool AnyBelowOne { get; }

    /// <summary>One factor for each part.</summary>
    public ReadOnlySpan<T> Span => _factors.AsSpan(0, _count);

    /// <summary>Returns the memory.</summary>
    public void Dispose() => ArrayPool<T>.Shared.Return(_factors);
}
