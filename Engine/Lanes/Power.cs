namespace Engine;

/// <summary>xʸ in double precision, with the same bits on every machine, which Math.Pow does not promise.</summary>
/// <remarks>
/// The error is below 2 units in the last place. Sums and products that need more than 53 bits are kept as unevaluated sums high + low
/// (T. J. Dekker: A floating-point technique for extending the available precision, 1971); a fused multiply-add gives the low part of a
/// product.
/// </remarks>
internal static class Power
{
    /// <summary>Whole powers up to this one are products; beyond it, and for all others, xʸ = e^(y ln x).</summary>
    private const int LargestProduct = 1024;

    /// <summary>Where products have left this range, the low parts may have been lost.</summary>
    private const double Smallest = 1e-270, Largest = 1e270;

    /// <summary>xʸ for x ≥ 0, and for x of any sign if y is a whole number; else NaN. The special cases are those of IEEE 754.</summary>
    public static double Of(double x, double y)
    {
        if (y == 0 || x == 1)
        {
            return 1;
        }
        if (double.IsNaN(x) || double.IsNaN(y))
        {
            return double.NaN;
        }
        double a = Math.Abs(x);
        bool isOdd = double.IsOddInteger(y), isNegative = isOdd && double.IsNegative(x);
        if (a == 0 || double.IsInfinity(a) || double.IsInfinity(y))
        {
            double limit = a == 1 ? 1 : (a > 1) == (y > 0) ? double.PositiveInfinity : 0;
            return isNegative ? -limit : limit;
        }
        if (x < 0 && !double.IsInteger(y))
        {
            return double.NaN;
        }
        if (double.IsInteger(y) && Math.Abs(y) <= LargestProduct && Product(a, (int)Math.Abs(y)) is var (high, low)
            && high is > Smallest and < Largest)
        {
            double power = y > 0 ? high + low : Reciprocal(high, low);
            return isNegative ? -power : power;
        }
        double result = Exponential(a, y);
        return isNegative ? -result : result;
    }

    /// <summary>aⁿ by repeated squaring.</summary>
    private static (double High, double Low) Product(double a, int n)
    {
        (double High, double Low) power = (1, 0), square = (a, 0);
        for (; ; n >>= 1)
        {
            if ((n & 1) != 0)
            {
                power = Multiply(power, square);
            }
            if (n <= 1)
            {
                return power;
            }
            square = Multiply(square, square);
        }
    }

    private static double Reciprocal(double high, double low)
    {
        double q = 1 / high;
        return q + q * (Math.FusedMultiplyAdd(-q, high, 1) - q * low);
    }

    /// <summary>e^(y ln a).</summary>
    private static double Exponential(double a, double y)
    {
        (double high, double low) = Logarithm(a);
        double p = y * high;
        if (Math.Abs(p) > 1000)
        {
            return p > 0 ? double.PositiveInfinity : 0;
        }
        return Elementary.ExpOfSum(p, Math.FusedMultiplyAdd(y, high, -p) + y * low);
    }

    /// <summary>
    /// ln a = e ln 2 + ln m with a = m·2ᵉ, f = m − 1, s = f/(2 + f), z = s²: ln m = 2s(1 + z/3 + z²/5 + …), of which only the terms from z²
    /// on are small enough for one double.
    /// </summary>
    private static (double High, double Low) Logarithm(double a)
    {
        bool isDenormal = a < 2.2250738585072014e-308;
        double m = Elementary.Split(isDenormal ? a * 18014398509481984 : a, out double e), f = m - 1, t = 2 + f;
        e -= isDenormal ? 54 : 0;
        double s = f / t, sLow = (Math.FusedMultiplyAdd(-s, t, f) - s * (f - (t - 2))) / t;
        (double High, double Low) z = Multiply((s, sLow), (s, sLow));
        double w2 = z.High * z.High, tail = 1.0 / 21 + z.High * (1.0 / 23);
        tail = 1.0 / 17 + z.High * (1.0 / 19) + w2 * tail;
        tail = 1.0 / 13 + z.High * (1.0 / 15) + w2 * tail;
        tail = 1.0 / 9 + z.High * (1.0 / 11) + w2 * tail;
        tail = 1.0 / 5 + z.High * (1.0 / 7) + w2 * tail;
        (double High, double Low) third = Multiply(z, (1.0 / 3, 1.850371707708594e-17)); // 1/3 − the double nearest to it
        (double High, double Low) w = Add(third.High, third.Low + w2 * tail);
        (double High, double Low) lnM = Multiply((2 * s, 2 * sLow), Add(1, w.High, w.Low));
        return Add(e * Elementary.Ln2High<double>(), lnM.High, lnM.Low + e * Elementary.Ln2Low<double>());
    }

    /// <summary>a + b for |a| ≥ |b| or a = 0, plus a small number.</summary>
    private static (double High, double Low) Add(double a, double b, double small = 0)
    {
        double sum = a + b, low = (a == 0 ? 0 : b - (sum - a)) + small, high = sum + low;
        return (high, low - (high - sum));
    }

    private static (double High, double Low) Multiply((double High, double Low) a, (double High, double Low) b)
    {
        double p = a.High * b.High;
        return Add(p, Math.FusedMultiplyAdd(a.High, b.High, -p) + (a.High * b.Low + a.Low * b.High));
    }
}
