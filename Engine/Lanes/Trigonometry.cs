using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>sin x, cos x and arctan x, with the same bits in every lane and on every machine.</summary>
/// <remarks>
/// They use + − × ÷, and fused multiply-add, which is rounded once on every machine, where an angle is reduced. Their errors are below 3
/// units in the last place, as a test asserts.
/// </remarks>
internal static class Trigonometry
{
    private const double TwoOverPi = 0.6366197723675814;

    /// <summary>sin x, odd, of an angle of any size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Sin<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L size = L.Abs(x);
        if (L.AnyGreater(size, Limit<T>()))
        {
            return FarWave<L, T>(x, 0);
        }
        L n = Elementary.RoundToEven<L, T>(x * TwoOverPi);
        return L.WhereGreater(size, 0, Wave<L, T>(Reduce<L, T>(x, n), n), x);
    }

    /// <summary>cos x = sin(x + π/2) of an angle of any size.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Cos<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (L.AnyGreater(L.Abs(x), Limit<T>()))
        {
            return FarWave<L, T>(x, 1);
        }
        L n = Elementary.RoundToEven<L, T>(x * TwoOverPi);
        return Wave<L, T>(Reduce<L, T>(x, n), n + 1);
    }

    /// <summary>
    /// arctan x, odd: arctan a = b + arctan t with t = a, b = 0 up to a = ½, t = (a − 1)/(a + 1), b = π/4 up to 2, t = −1/a, b = π/2
    /// beyond.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Atan<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool isFloat = typeof(T) == typeof(float);
        L a = L.Abs(x);
        L t = L.WhereGreater(a, 2, -1, L.WhereGreater(a, 0.5, a - 1, a)) / L.WhereGreater(a, 2, a, L.WhereGreater(a, 0.5, a + 1, 1));
        L b = L.WhereGreater(a, 2, HalfPiHigh<T>(), L.WhereGreater(a, 0.5, 0.5 * HalfPiHigh<T>(), 0));
        L bLow = L.WhereGreater(a, 2, HalfPiMiddle<T>(), L.WhereGreater(a, 0.5, 0.5 * HalfPiMiddle<T>(), 0));

        // (arctan t / t − 1)/t² for |t| ≤ ½ as a polynomial in t²: minimax by the exchange algorithm of E. Remez, 1934, run in 50 digits;
        // its error moves the result by less than 2⁻³¹ (float, degree 5) and 2⁻⁵⁷ (double, degree 11) of itself
        L z = t * t, z2 = z * z, z4 = z2 * z2, p;
        if (isFloat)
        {
            p = -0.33333327090851594 + z * 0.19999499228577372 + z2 * (-0.14272251386398835 + z * 0.109423710922753)
                + z4 * (-0.07989129506638007 + z * 0.0387920115685758);
        }
        else
        {
            L q = -0.05122732058346519 + z * 0.04188442815589945 + z2 * (-0.027464640490826094 + z * 0.010136727139823954);
            q = -0.09090896435607726 + z * 0.07692076714284347 + z2 * (-0.06663837559099074 + z * 0.0585847121475704) + z4 * q;
            p = -0.33333333333332993 + z * 0.19999999999905635 + z2 * (-0.14285714276589354 + z * 0.1111111066781269) + z4 * q;
        }
        L y = b + (t + (t * z * p + bLow));
        return L.WhereGreater(0, x, -y, L.WhereGreater(x, 0, y, x));
    }

    /// <summary>sin(x + quarters·π/2) element by element, with the bits of <see cref="Scalar{T}"/>: some elements are large.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)] // inlined into a loop, stackalloc would allocate in every iteration
    private static unsafe L FarWave<L, T>(L x, int quarters)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        T* values = stackalloc T[L.Count];
        L.Store(x, values);
        for (int i = 0; i < L.Count; i++)
        {
            double angle = double.CreateTruncating(values[i]);
            if (Math.Abs(angle) > Limit<T>())
            {
                double r = FarAngle.Reduce(angle, out int n);
                values[i] = T.CreateTruncating(Wave<Scalar<double>, double>(r, n + quarters).Value);
            }
            else
            {
                Scalar<T> near = new(values[i]);
                values[i] = (quarters == 0 ? Sin<Scalar<T>, T>(near) : Cos<Scalar<T>, T>(near)).Value;
            }
        }
        return L.Load(values);
    }

    /// <summary>The largest angle for which <see cref="Reduce"/> is exact enough.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Limit<T>() => typeof(T) == typeof(float) ? 131072 : 1073741824;

    /// <summary>
    /// x − n·π/2 with π/2 in three parts (W. J. Cody, W. Waite: Software manual for the elementary functions, 1980). The first difference
    /// is exact; no number up to the limit is so close to a multiple of π/2 that the second, rounded once, would lose its leading digits.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Reduce<L, T>(L x, L n) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L minus = -n;
        L r = L.FusedMultiplyAdd(minus, HalfPiHigh<T>(), x);
        r = L.FusedMultiplyAdd(minus, HalfPiMiddle<T>(), r);
        return L.FusedMultiplyAdd(minus, typeof(T) == typeof(float) ? -1.7151245100058819e-15 : -1.4973849048591698e-33, r);
    }

    /// <summary>sin(r + n·π/2) for |r| up to little more than π/4: ± sin r or ± cos r, from their Taylor series.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Wave<L, T>(L r, L n) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L z = r * r, z2 = z * z;
        L p = -1.0 / 6 + z * (1.0 / 120) + z2 * (-1.0 / 5040 + z * (1.0 / 362880));
        L q = 1.0 / 24 + z * (-1.0 / 720) + z2 * (1.0 / 40320 + z * (-1.0 / 3628800));
        if (typeof(T) == typeof(double))
        {
            L z4 = z2 * z2;
            p += z4 * (-1.0 / 39916800 + z * (1.0 / 6227020800) + z2 * (-1.0 / 1307674368000 + z * (1.0 / 355687428096000)));
            q += z4 * (1.0 / 479001600 + z * (-1.0 / 87178291200) + z2 * (1.0 / 20922789888000));
        }
        L sin = r + r * z * p, cos = 1 - (0.5 * z - z2 * q);
        L quarter = n - 4 * Elementary.RoundToEven<L, T>(0.25 * n); // from −2 to 2
        L y = L.WhereGreater(0.5, L.Abs(L.Abs(quarter) - 1), cos, sin);
        return L.WhereGreater(quarter, 1.5, -y, L.WhereGreater(-0.5, quarter, -y, y));
    }

    /// <summary>π/2 rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double HalfPiHigh<T>() => typeof(T) == typeof(float) ? 1.5707963705062866 : 1.5707963267948966;

    /// <summary>π/2 − <see cref="HalfPiHigh{T}"/>, rounded.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double HalfPiMiddle<T>() => typeof(T) == typeof(float) ? -4.371138828673793e-8 : 6.123233995736766e-17;
}
