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
            small = SmallOfFloat(a);
            large = LargeOfFloat(L.WhereGreater(a, 4, 4, a) - 1);
        }
        else
        {
            small = SmallOfDouble(a);
            large = LargeOfDouble(L.WhereGreater(a, 6, 6, a) - 1);
        }
        L y = L.WhereGreater(a, 1, 1 - Elementary.Exp<L, T>(-large), small);
        return L.WhereGreater(0, x, -y, L.WhereGreater(x, 0, y, x));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L SmallOfFloat<L>(L a) where L : ILane<L>
    {
        L z = a * a, z2 = z * z;
        L p = -0.3761263072019303 + z * 0.11283629883725768 + z2 * (-0.02685548432354148 + z * 0.005191292087540438)
            + z2 * z2 * (-8.035034122724485e-4 + z * 7.933116346579727e-5);
        return a + a * (TwoOverRootPiMinusOne + z * p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L LargeOfFloat<L>(L u) where L : ILane<L>
    {
        L u2 = u * u;
        return 1.849605516480382 + u * 2.6389668159289803 + u2 * (0.8431183365011204 + u * 0.04150068777125544)
            + u2 * u2 * (-0.009890890816867625 + u * 0.0018261622020182655 + u2 * -1.855736947071066e-4);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L SmallOfDouble<L>(L a) where L : ILane<L>
    {
        L z = a * a, z2 = z * z, z4 = z2 * z2;
        L q = -1.6211406461231878e-7 + z * 1.373192794435118e-8 + z2 * -7.816801389516209e-10;
        q = -8.548326051783515e-4 + z * 1.2055296956032892e-4 + z2 * (-1.4924772861352574e-5 + z * 1.6447834300339327e-6) + z4 * q;
        L p = -0.37612638903183615 + z * 0.1128379167094708 + z2 * (-0.026866170643499762 + z * 0.005223977608933552) + z4 * q;
        return a + a * (TwoOverRootPiMinusOne + z * p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L LargeOfDouble<L>(L u) where L : ILane<L>
    {
        L u2 = u * u, u4 = u2 * u2;
        L s = -3.682441510134361e-10 + u * 2.881521918938439e-11 + u2 * -1.0390869322881464e-12;
        s = -9.754690085950266e-8 + u * 5.203760465594849e-8 + u2 * (-1.4911348567752618e-8 + u * 2.8640149101444523e-9) + u4 * s;
        s = 2.715911140073096e-5 + u * -9.608899754186269e-6 + u2 * (2.0597720794422484e-6 + u * -1.4287585357924317e-7) + u4 * s;
        s = -0.01003382537441614 + u * 0.0019779025679647643 + u2 * (-2.373224816795647e-4 + u * -2.6277874528474075e-5) + u4 * s;
        return 1.8496055099332482 + u * 2.638967514234788 + u2 * (0.8431072563586768 + u * 0.04156109804180906) + u4 * s;
    }

    private const double TwoOverRootPiMinusOne = 0.1283791670955126;
}
