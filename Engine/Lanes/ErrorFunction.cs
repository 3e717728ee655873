using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>The error function, with the same bits in every lane and on every machine.</summary>
/// <remarks>Its error is below 3 units in the last place, as a test asserts.</remarks>
internal static class ErrorFunction
{
    /// <summary>erf x, odd: a + a·(2/√π − 1 + a²·P(a²)) for a = |x| up to 1, and 1 − e^(−S(a − 1)) beyond.</summary>
    /// <remarks>
    /// P and S are minimax polynomials, found by the exchange algorithm of E. Remez, 1934, run in 50 digits: P for 0 ≤ a ≤ 1, and
    /// S = −ln(1 − erf a) from 1 to where erf a rounds to 1. Their errors move the result by less than 2⁻²⁹ of itself (float, degrees 5 and
    /// 6) and 2⁻⁵⁶ (double, degrees 10 and 18).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L, T>(L x) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L a = L.Abs(x), small, large;
        if (typeof(T) == typeof(float))
        {
            small = SmallOfFloat<L, T>(a);
            large = LargeOfFloat<L, T>(L.WhereGreater(a, 4, 4, a) - 1);
        }
        else
        {
            small = SmallOfDouble<L, T>(a);
            large = LargeOfDouble<L, T>(L.WhereGreater(a, 6, 6, a) - 1);
        }
        L y = L.WhereGreater(a, 1, 1 - Elementary.Exp<L, T>(-large), small);
        return L.WhereGreater(0, x, -y, L.WhereGreater(x, 0, y, x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L SmallOfFloat<L, T>(L a)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L z = a * a, p = Polynomial.Of<L, T>(z, -8.035034122724485e-4, 7.933116346579727e-5);
        p = Polynomial.Of<L, T>(z, -0.3761263072019303, 0.11283629883725768, -0.02685548432354148, 0.005191292087540438, p);
        return Polynomial.Of<L, T>(z, TwoOverRootPiMinusOne, p) * a + a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L LargeOfFloat<L, T>(L u)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L s = Polynomial.Of<L, T>(u, -0.009890890816867625, 0.0018261622020182655, -1.855736947071066e-4);
        return Polynomial.Of<L, T>(u, 1.849605516480382, 2.6389668159289803, 0.8431183365011204, 0.04150068777125544, s);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L SmallOfDouble<L, T>(L a)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L z = a * a, p = Polynomial.Of<L, T>(z, -1.6211406461231878e-7, 1.373192794435118e-8, -7.816801389516209e-10);
        p = Polynomial.Of<L, T>(z, -8.548326051783515e-4, 1.2055296956032892e-4, -1.4924772861352574e-5, 1.6447834300339327e-6, p);
        p = Polynomial.Of<L, T>(z, -0.37612638903183615, 0.1128379167094708, -0.026866170643499762, 0.005223977608933552, p);
        return Polynomial.Of<L, T>(z, TwoOverRootPiMinusOne, p) * a + a;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L LargeOfDouble<L, T>(L u)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L s = Polynomial.Of<L, T>(u, -3.682441510134361e-10, 2.881521918938439e-11, -1.0390869322881464e-12);
        s = Polynomial.Of<L, T>(u, -9.754690085950266e-8, 5.203760465594849e-8, -1.4911348567752618e-8, 2.8640149101444523e-9, s);
        s = Polynomial.Of<L, T>(u, 2.715911140073096e-5, -9.608899754186269e-6, 2.0597720794422484e-6, -1.4287585357924317e-7, s);
        s = Polynomial.Of<L, T>(u, -0.01003382537441614, 0.0019779025679647643, -2.373224816795647e-4, -2.6277874528474075e-5, s);
        return Polynomial.Of<L, T>(u, 1.8496055099332482, 2.638967514234788, 0.8431072563586768, 0.04156109804180906, s);
    }

    private const double TwoOverRootPiMinusOne = 0.1283791670955126;
}
