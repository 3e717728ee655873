using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>The standard normal distribution function and its density, with the same bits in every lane and on every machine.</summary>
internal static class StandardNormal
{
    /// <summary>1/√(2π), the density at 0.</summary>
    public const double OneOverRoot2Pi = 0.3989422804014327;

    /// <summary>
    /// Φ(−s) = φ(s)·M(s) for s = |x|, where φ(s) = e^(−s²/2)/√(2π) and Mills' ratio M is a rational function; Φ(x) = 1 − Φ(−x).
    /// </summary>
    /// <remarks>
    /// M/√(2π) = P/Q is a minimax approximation, found by the exchange algorithm of E. Remez, 1934, run in 50 digits: for s up to where
    /// φ rounds to 0, with P(0)/Q(0) = 1/2, within 2⁻²⁶ of itself (float, degrees 4 and 5) and 2⁻⁵³ (double, degrees 10 and 11). As
    /// s²/2 is rounded before the exponential, the results are within 4 + x²/2 units in the last place: a change of x by half a unit
    /// moves them as much.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L, T>(L x, out L density) where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        double limit = typeof(T) == typeof(float) ? 14.4 : 38.6;
        L bounded = L.Larger(-limit, L.Smaller(limit, x)), s = L.Abs(bounded); // NaN stays
        L e = L.Exp(-0.5 * (s * s));
        density = OneOverRoot2Pi * e;
        L tail = typeof(T) == typeof(float)
            ? e * NumeratorOfFloat<L, T>(s) / DenominatorOfFloat<L, T>(s)
            : e * NumeratorOfDouble<L, T>(s) / DenominatorOfDouble<L, T>(s);
        return L.WhereGreater(bounded, 0, 1 - tail, tail);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L NumeratorOfFloat<L, T>(L s)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Polynomial.Of<L, T>(s, 48.91119771120883, 42.787158764674935, 17.85681718136375, 3.951277416293861, 0.39894712924359155);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L DenominatorOfFloat<L, T>(L s)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Polynomial.Of<L, T>(s, 97.82239542241766, 163.62532399033228, 117.35617699126301, 45.74539224118447, 9.905034040856629 + s);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L NumeratorOfDouble<L, T>(L s)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L p = Polynomial.Of<L, T>(s, 190.0379818897404, 12.427981506637341, 0.39894228040152946);
        p = Polynomial.Of<L, T>(s, 236092.38099332165, 63735.78253688417, 12720.126137863612, 1855.452967112922, p);
        return Polynomial.Of<L, T>(s, 895903.0232081052, 1482631.8083301096, 1216396.0447630116, 639260.3069307201, p);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L DenominatorOfDouble<L, T>(L s)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        L q = Polynomial.Of<L, T>(s, 4682.083199834013, 477.35457865272485, 31.152329841184393 + s);
        q = Polynomial.Of<L, T>(s, 1753159.7937420623, 622737.7430327771, 164350.5413611888, 32358.982395990744, q);
        return Polynomial.Of<L, T>(s, 1791806.0464162105, 4394917.997048936, 5043526.282157905, 3581764.8280039863, q);
    }
}
