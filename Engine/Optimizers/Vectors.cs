using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// The vocabulary of rules over whole tensors: passes of <see cref="TensorPrimitives"/>, one for each term of the formula. Coefficients
/// are double and rounded to <c>T</c> once; a norm is summed in double, in the canonical order of <see cref="Reduction"/>. The same bits
/// on every machine.
/// </summary>
public static class Vectors
{
    private const int Chunk = 512;

    /// <summary>Scales a vector: x ← ax.</summary>
    public static void Scale<T>(Span<T> x, double a)
        where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Multiply(x, T.CreateTruncating(a), x);

    /// <summary>Adds a multiple of a vector: y ← y + ax (BLAS axpy).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AddScaled<T>(Span<T> y, double a, ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, y.Length);
        TensorPrimitives.MultiplyAdd(x, T.CreateTruncating(a), y, y);
    }

    /// <summary>Combines two vectors: m ← βm + αx (BLAS axpby).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Mix<T>(Span<T> m, double beta, double alpha, ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, m.Length);
        TensorPrimitives.Multiply(m, T.CreateTruncating(beta), m);
        TensorPrimitives.MultiplyAdd(x, T.CreateTruncating(alpha), m, m);
    }

    /// <summary>Updates an exponential moving average: m ← βm + (1 − β)x.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void Average<T>(Span<T> m, double beta, ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => Mix(m, beta, 1 - beta, x);

    /// <summary>Combines a vector with the squares of another: v ← βv + αx², element by element.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void MixSquares<T>(Span<T> v, double beta, double alpha, ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Guard.SameLength(x.Length, v.Length);
        Span<T> scaled = stackalloc T[Chunk];
        TensorPrimitives.Multiply(v, T.CreateTruncating(beta), v);
        for (int from = 0; from < x.Length; from += Chunk)
        {
            int count = Math.Min(Chunk, x.Length - from);
            TensorPrimitives.Multiply(x.Slice(from, count), T.CreateTruncating(alpha), scaled);
            TensorPrimitives.MultiplyAdd(scaled[..count], x.Slice(from, count), v.Slice(from, count), v.Slice(from, count));
        }
    }

    /// <summary>Updates an exponential moving average of squares: v ← βv + (1 − β)x².</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void AverageSquares<T>(Span<T> v, double beta, ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => MixSquares(v, beta, 1 - beta, x);

    /// <summary>Computes Adam's direction with the bias corrections a and b: u ← am/(b√v + ε).</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static void DivideByRoot<T>(ReadOnlySpan<T> m, double a, ReadOnlySpan<T> v, double b, double epsilon, Span<T> u)
        where T : unmanaged, IFloatingPointIeee754<T>
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
            TensorPrimitives.Add(part, T.CreateTruncating(epsilon), part);
            TensorPrimitives.Divide(scaled[..count], part, part);
        }
    }

    /// <summary>The Euclidean norm ‖x‖₂.</summary>
    public static double Norm<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        double sum = Reduction.SumOfSquares(x);
        if (ExtremeSquares.IsExact(sum))
        {
            return Math.Sqrt(sum);
        }
        double largest = Largest(x), factor = FactorFor(largest);
        return NormOf(SumOfSquares(x, factor), largest, factor);
    }

    /// <summary>The mean Σ xᵢ/n, summed in double precision; NaN of an empty vector.</summary>
    public static double Mean<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        double sum = Sum(x, 1);
        // finite numbers have a finite mean, although their sum overflows
        return double.IsFinite(sum) || !double.IsFinite(Largest(x))
            ? sum / x.Length
            : Sum(x, 1 / ExtremeSquares.Scale) / x.Length * ExtremeSquares.Scale;
    }

    /// <summary>The norm (Σ |xᵢ|ᵖ)^(1/p); the largest absolute value for p = ∞.</summary>
    internal static double Norm<T>(ReadOnlySpan<T> x, double p) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (p == 2)
        {
            return Norm(x);
        }
        double largest = Largest(x);
        return IsLargest(largest, p) ? largest : RootOf(PowerSum.Of(x, largest, p), largest, p);
    }

    /// <summary>
    /// Whether the p-norm of numbers up to <paramref name="largest"/> is that number itself: where p is ∞, or it is 0, ∞ or NaN.
    /// </summary>
    internal static bool IsLargest(double largest, double p) => double.IsInfinity(p) || largest == 0 || !double.IsFinite(largest);

    /// <summary>
    /// The p-norm of numbers up to <paramref name="largest"/> from the sum of the powers of their ratios to it; a norm that no double holds
    /// becomes the largest double.
    /// </summary>
    internal static double RootOf(double sumOfPowers, double largest, double p) =>
        Math.Min(double.MaxValue, largest * Power.Of(sumOfPowers, 1 / p));

    /// <summary>The root mean square √(‖x‖₂²/n).</summary>
    public static double RootMeanSquare<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        double sum = Reduction.SumOfSquares(x);
        return ExtremeSquares.IsExact(sum) ? Math.Sqrt(sum / x.Length) : Norm(x) / Math.Sqrt(x.Length);
    }

    /// <summary>The power of two by which numbers up to <paramref name="largest"/> are multiplied before they are squared.</summary>
    internal static double FactorFor(double largest) => largest > 1 ? 1 / ExtremeSquares.Scale : ExtremeSquares.Scale;

    /// <summary>The sum of a part of a vector.</summary>
    private delegate double PartialSum(ReadOnlySpan<double> part);

    /// <summary>Σ (factor·xᵢ)², in one order of summation.</summary>
    internal static double SumOfSquares<T>(ReadOnlySpan<T> x, double factor) where T : unmanaged, IFloatingPointIeee754<T> =>
        SumOfParts(x, factor, Reduction.SumOfSquares<double>);

    /// <summary>Σ factor·xᵢ in double precision, in one order of summation.</summary>
    private static double Sum<T>(ReadOnlySpan<T> x, double factor) where T : unmanaged, IFloatingPointIeee754<T> =>
        SumOfParts(x, factor, Reduction.Sum<double>);

    private static double SumOfParts<T>(ReadOnlySpan<T> x, double factor, PartialSum sumOf) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<double> scaled = stackalloc double[Chunk];
        double sum = 0;
        for (int from = 0; from < x.Length; from += Chunk)
        {
            Span<double> part = scaled[..Math.Min(Chunk, x.Length - from)];
            TensorPrimitives.ConvertTruncating(x.Slice(from, part.Length), part);
            TensorPrimitives.Multiply(part, factor, part);
            sum += sumOf(part);
        }
        return sum;
    }

    /// <summary>
    /// The norm of numbers up to <paramref name="largest"/> from the sum of their squares after scaling; finite if the numbers are, since a
    /// norm that no double holds becomes the largest double.
    /// </summary>
    internal static double NormOf(double sumOfSquares, double largest, double factor) => largest > 0 && double.IsFinite(largest)
        ? Math.Min(double.MaxValue, Math.Sqrt(sumOfSquares) / factor)
        : largest;

    /// <summary>The inner product Σ xᵢyᵢ, summed in the precision of <typeparamref name="T"/>.</summary>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Dot<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> => double.CreateTruncating(Reduction.Dot(x, y));

    /// <summary>The ℓ₁ norm Σ |xᵢ|, summed in the precision of <typeparamref name="T"/>.</summary>
    public static double AbsoluteSum<T>(ReadOnlySpan<T> x)
        where T : unmanaged, IFloatingPointIeee754<T> => double.CreateTruncating(Reduction.Sum<AbsoluteTerm, T>(x, x));

    /// <summary>The largest absolute value max |xᵢ|; NaN if an element is NaN, 0 of an empty vector.</summary>
    public static double Largest<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T> =>
        x.IsEmpty ? 0 : double.CreateTruncating(T.Abs(TensorPrimitives.MaxMagnitude(x)));

    /// <summary>
    /// C ← op(A)·op(B), row-major: C is m×n, op(A) m×k, op(B) k×n; with <paramref name="accumulate"/>, C ← C + op(A)·op(B).
    /// </summary>
    /// <exception cref="ArgumentException">A span's length is not the product of its dimensions.</exception>
    public static void Multiply<T>(ReadOnlySpan<T> a, bool transposeA, ReadOnlySpan<T> b, bool transposeB, Span<T> c, int m, int n, int k,
        bool accumulate = false)
        where T : unmanaged, IFloatingPointIeee754<T> => MatrixProduct.Multiply(a, transposeA, b, transposeB, c, m, n, k, accumulate);
}
