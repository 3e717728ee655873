using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// What rules over whole tensors are written in: passes of <see cref="TensorPrimitives"/>, one for each term of the formula. Coefficients are double and rounded to
/// <c>T</c> once; a norm is summed in double, in the canonical order of <see cref="Reduction"/>. The same bits on every machine.
/// </summary>
public static class Vectors
{
    private const int Chunk = 512;

    /// <summary>x ← ax.</summary>
    public static void Scale<T>(Span<T> x, double a) where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Multiply(x, T.CreateTruncating(a), x);

    /// <summary>y ← y + ax.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddScaled<T>(Span<T> y, double a, ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length);
        TensorPrimitives.MultiplyAdd(x, T.CreateTruncating(a), y, y);
    }

    /// <summary>m ← βm + αx.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Mix<T>(Span<T> m, double β, double α, ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, m.Length);
        TensorPrimitives.Multiply(m, T.CreateTruncating(β), m);
        TensorPrimitives.MultiplyAdd(x, T.CreateTruncating(α), m, m);
    }

    /// <summary>m ← βm + (1 − β)x: an exponential average.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Average<T>(Span<T> m, double β, ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Mix(m, β, 1 - β, x);

    /// <summary>v ← βv + α·x², element by element.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void MixSquares<T>(Span<T> v, double β, double α, ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, v.Length);
        Span<T> scaled = stackalloc T[Chunk];
        TensorPrimitives.Multiply(v, T.CreateTruncating(β), v);
        for (int from = 0; from < x.Length; from += Chunk)
        {
            int count = Math.Min(Chunk, x.Length - from);
            TensorPrimitives.Multiply(x.Slice(from, count), T.CreateTruncating(α), scaled);
            TensorPrimitives.MultiplyAdd(scaled[..count], x.Slice(from, count), v.Slice(from, count), v.Slice(from, count));
        }
    }

    /// <summary>v ← βv + (1 − β)x²: an exponential average of squares.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AverageSquares<T>(Span<T> v, double β, ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T> => MixSquares(v, β, 1 - β, x);

    /// <summary>u ← m · a / (√v · b + ε): Adam's direction, with the corrections a and b.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void DivideByRoot<T>(ReadOnlySpan<T> m, double a, ReadOnlySpan<T> v, double b, double ε, Span<T> u) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(u.Length, m.Length, v.Length);
        Span<T> scaled = stackalloc T[Chunk];
        for (int from = 0; from < u.Length; from += Chunk)
        {
            int count = Math.Min(Chunk, u.Length - from);
            Span<T> part = u.Slice(from, count);
            TensorPrimitives.Multiply(m.Slice(from, count), T.CreateTruncating(a), scaled);
            TensorPrimitives.Sqrt(v.Slice(from, count), part);
            TensorPrimitives.Multiply(part, T.CreateTruncating(b), part);
            TensorPrimitives.Add(part, T.CreateTruncating(ε), part);
            TensorPrimitives.Divide(scaled[..count], part, part);
        }
    }

    /// <summary>‖x‖₂.</summary>
    public static double Norm<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Math.Sqrt(Reduction.SumOfSquares(x));

    /// <summary>√(‖x‖₂²/n): the root of the mean square.</summary>
    public static double RootMeanSquare<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T> => Math.Sqrt(Reduction.SumOfSquares(x) / x.Length);

    /// <summary>Σ xᵢyᵢ, summed in the precision of <typeparamref name="T"/>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y) where T : unmanaged, IFloatingPointIeee754<T> => double.CreateTruncating(Reduction.Dot(x, y));

    /// <summary>Σ |xᵢ|, summed in the precision of <typeparamref name="T"/>.</summary>
    public static double AbsoluteSum<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T> => double.CreateTruncating(Reduction.Sum<AbsoluteTerm, T>(x, x));

    /// <summary>max |xᵢ|; NaN where there is one, 0 of nothing.</summary>
    public static double Largest<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T largest = T.Zero;
        foreach (T element in x)
        {
            largest = T.Max(largest, T.Abs(element));
        }
        return double.CreateTruncating(largest);
    }

    /// <summary>C ← op(A)·op(B), row-major: C is m×n, op(A) m×k, op(B) k×n; with <paramref name="accumulate"/>, C ← C + op(A)·op(B).</summary>
    /// <exception cref="ArgumentException">A span's length is not the product of its dimensions.</exception>
    public static void Multiply<T>(ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, int m, int n, int k, bool accumulate = false)
        where T : unmanaged, IFloatingPointIeee754<T> => MatrixProduct.Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate);
}
