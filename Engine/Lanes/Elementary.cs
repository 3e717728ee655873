using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// The elementary functions eˣ, eˣ − 1, ln x, log₂ x, ln(1 + x) and tanh x, with the same bits in every lane and on every machine.
/// </summary>
/// <remarks>
/// They use + − × ÷, operations on exponent bits, and the fused multiply-add, which rounds once on every machine; where the processor
/// lacks it, software computes the same result. Their errors are below 3 units in the last place, as a test asserts.
/// </remarks>
internal static class Elementary
{
    private const double Log2E = 1.4426950408889634;

    /// <summary>eˣ; 0 below the smallest denormal, +∞ above the largest number.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Exp<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L r = Reduce<L, T>(x, out L n);
        return L.Scale(Polynomial.Of<L, T>(r, 1, 1, ExpSeries<L, T>(r)), n);
    }

    /// <summary>x·2ⁿ, rounded once, for x around 1.</summary>
    /// <remarks>
    /// With 2ⁿ as two factors: a single one would overflow before the result does, and could not give a denormal result. The first product
    /// is exact.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Scale<L, T>(L x, L n) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L half = RoundToEven<L, T>(0.5 * n);
        return x * L.PowerOfTwo(half) * L.PowerOfTwo(n - half);
    }

    /// <summary>eˣ − 1 without cancellation near zero, with the sign of a zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L ExpM1<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        L.WhereGreater(L.Abs(x), 0, ExpMinusOne<L, T>(x), x);

    /// <summary>ln(1 + x) without cancellation near zero, with the sign of a zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L LogP1<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L u = 1 + x, lost = (x - (u - 1)) / u; // ln(1 + x) = ln u + ln(1 + lost), where lost is what u was rounded by, relative to u
        lost = L.WhereGreater(u, 0, L.WhereGreater(double.PositiveInfinity, u, lost, 0), 0);
        return L.WhereGreater(L.Abs(x), 0, Log<L, T>(u) + lost, x);
    }

    /// <summary>eˣ − 1 without cancellation near zero; 0 at both zeros.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L ExpMinusOne<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L r = Reduce<L, T>(x, out L n), p = L.FusedMultiplyAdd(r * r, ExpSeries<L, T>(r), r);
        // (1 + p)·2ⁿ − 1 with 2ⁿ as two factors a·b: p·a + (a − 1/b) does not overflow before the result does
        L half = RoundToEven<L, T>(0.5 * n), a = L.PowerOfTwo(half);
        return L.FusedMultiplyAdd(p, a, a - L.PowerOfTwo(half - n)) * L.PowerOfTwo(n - half);
    }

    /// <summary>tanh x = (eᵘ − 1)/(eᵘ + 1) with u = −2|x|, odd, accurate for small x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Tanh<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L a = L.Abs(x);
        L e = ExpMinusOne<L, T>(-2 * L.WhereGreater(a, 40, 40, a));
        L y = -e / (e + 2);
        return L.WhereGreater(0, x, -y, L.WhereGreater(x, 0, y, x));
    }

    /// <summary>ln x = e ln 2 + ln m with x = m·2ᵉ.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Log<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L t = LogOfMantissa<L, T>(x, out L f, out L h, out L e);
        return WhereFinite(x, L.FusedMultiplyAdd(e, Ln2High<T>(), f - (h - L.FusedMultiplyAdd(e, Ln2Low<T>(), t))));
    }

    /// <summary>log₂ x = e + ln m/ln 2 with x = m·2ᵉ: exactly e for a power of two.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Log2<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L t = LogOfMantissa<L, T>(x, out L f, out L h, out L e);
        return WhereFinite(x, e - ((h - t) - f) * Log2E);
    }

    /// <summary>The logarithm of a positive number, −∞ at 0, and NaN below; +∞ and NaN are their own.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L WhereFinite<L>(L x, L log) where L : ILane<L>
    {
        log = L.WhereGreater(x, 0, log, L.WhereGreater(0, x, double.NaN, x - double.PositiveInfinity));
        return L.WhereGreater(double.PositiveInfinity, x, log, x);
    }

    /// <summary>
    /// x = m·2ᵉ, f = m − 1, h = f²/2 and s = f/(2 + f): ln m = f − h + s(h + R(s²)), where R is the series of artanh; returns s(h + R).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L LogOfMantissa<L, T>(L x, out L f, out L h, out L e)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool isFloat = typeof(T) == typeof(float);
        double smallestNormal = isFloat ? 1.17549435082228751e-38 : 2.2250738585072014e-308;
        double lift = isFloat ? 33554432 : 18014398509481984, liftExponent = isFloat ? 25 : 54;
        L denormal = L.WhereGreater(smallestNormal, x, lift, 1);
        L m = L.Mantissa(x * denormal, out e);
        e -= L.WhereGreater(smallestNormal, x, liftExponent, 0);

        f = m - 1;
        h = 0.5 * f * f;
        L s = f / (2 + f), z = s * s;
        // 2·z/3 + 2·z²/5 + …: |s| ≤ 0.1716, so 5 terms reach float precision and 11 double precision
        L last = 2.0 / 11;
        if (!isFloat)
        {
            L high = Polynomial.Of<L, T>(z, 2.0 / 19, 2.0 / 21, 2.0 / 23);
            last = Polynomial.Of<L, T>(z, 2.0 / 11, 2.0 / 13, 2.0 / 15, 2.0 / 17, high);
        }
        L r = Polynomial.Of<L, T>(z, 2.0 / 3, 2.0 / 5, 2.0 / 7, 2.0 / 9, last);
        return s * L.FusedMultiplyAdd(r, z, h);
    }

    /// <summary>xʸ element by element, with the bits of <see cref="Scalar{T}.Pow"/>.</summary>
    /// <remarks>Elements whose y is an integer take another path than the others, so a lane cannot compute them together.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining)] // inlined into a loop, stackalloc would allocate in every iteration
    public static unsafe L PowEach<L, T>(L x, L y) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* a = stackalloc T[L.Count], b = stackalloc T[L.Count];
        L.Store(x, a);
        L.Store(y, b);
        for (int i = 0; i < L.Count; i++)
        {
            a[i] = Scalar<T>.Pow(new Scalar<T>(a[i]), new Scalar<T>(b[i])).Value;
        }
        return L.Load(a);
    }

    /// <summary>e^(x + low) for a low that is small beside x.</summary>
    public static double ExpOfSum(double x, double low)
    {
        Scalar<double> r = Reduce<Scalar<double>, double>(x, out Scalar<double> n) + low;
        return Math.ScaleB(Polynomial.Of<Scalar<double>, double>(r, 1, 1, ExpSeries<Scalar<double>, double>(r)).Value, (int)n.Value);
    }

    /// <summary>The mantissa of a positive normal x, in [√½, √2), and the whole number e with x = mantissa · 2ᵉ.</summary>
    public static double Split(double x, out double e)
    {
        Scalar<double> mantissa = MantissaOf<Scalar<double>>(x, out Scalar<double> exponent);
        e = exponent.Value;
        return mantissa.Value;

        static L MantissaOf<L>(L x, out L e) where L : unmanaged, ILane<L, double> => L.Mantissa(x, out e);
    }

    /// <summary>x, clamped to a little more than where eˣ is neither 0 nor ∞, is n ln 2 + r with |r| ≤ ½ ln 2; returns r.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Reduce<L, T>(L x, out L n) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool isFloat = typeof(T) == typeof(float);
        double largest = isFloat ? 90 : 711, smallest = isFloat ? -105 : -746; // beyond these, eˣ is ∞ or 0
        x = L.Larger(smallest, L.Smaller(largest, x)); // NaN stays
        n = L.FusedMultiplyAdd(x, Log2E, Magic<T>()) - Magic<T>(); // rounded to an integer, as by RoundToEven
        return L.FusedMultiplyAdd(n, -Ln2Low<T>(), L.FusedMultiplyAdd(n, -Ln2High<T>(), x));
    }

    /// <summary>(eʳ − 1 − r)/r² by its Taylor series, accurate to the last place of eʳ for |r| ≤ ½ ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L ExpSeries<L, T>(L r) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L rest = 1.0 / 5040;
        if (typeof(T) == typeof(double))
        {
            rest = Polynomial.Of<L, T>(r, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800);
            rest = Polynomial.Of<L, T>(r, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880, 1.0 / 3628800, rest);
        }
        return Polynomial.Of<L, T>(r, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120, Polynomial.Of<L, T>(r, 1.0 / 720, rest));
    }

    /// <summary>
    /// The nearest integer, for |x| below 2²² (float) or 2⁵¹ (double): adding 1.5·2²³ or 1.5·2⁵² rounds the fraction away.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static L RoundToEven<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L magic = Magic<T>();
        return x + magic - magic;
    }

    /// <summary>1.5·2²³ or 1.5·2⁵², whose sum with an integer has that integer in its low bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Magic<T>() => typeof(T) == typeof(float) ? 12582912.0 : 6755399441055744.0;

    /// <summary>ln 2 truncated to a few bits, so that its product with an exponent is exact.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Ln2High<T>() => typeof(T) == typeof(float) ? 0.693359375 : 6.93147180369123816490e-01;

    /// <summary>ln 2 − <see cref="Ln2High{T}"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double Ln2Low<T>() => typeof(T) == typeof(float) ? -2.12194440054690583e-4 : 1.90821492927058770002e-10;
}
