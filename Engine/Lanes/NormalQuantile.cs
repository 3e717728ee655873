using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>The quantile function Φ⁻¹ of the standard normal distribution.</summary>
/// <remarks>
/// Relative error about 10⁻¹⁶ (M. J. Wichura: Algorithm AS 241, The percentage points of the normal distribution, Applied Statistics 37,
/// 1988, PPND16).
/// </remarks>
internal static class NormalQuantile
{
    /// <summary>Φ⁻¹(p) for 0 &lt; p &lt; 1: a standard normal variable is below it with probability p.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L>(L p) where L : ILane<L>
    {
        L q = p - 0.5, distance = L.Abs(q);
        L r = 0.180625 - q * q;
        L above = q * Polynomial(r, 3.3871328727963666080, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125,
            45921.953931549871457, 67265.770927008700853, 33430.575583588128105, 2509.0809287301226727);
        L below = Polynomial(r, 1, 42.313330701600911252, 687.18700749205790830, 5394.1960214247511077,
            21213.794301586595867, 39307.895800092710610, 28729.085735721942674, 5226.4952788528545610);

        L tail = L.Sqrt(-L.Log(L.Min(p, 1 - p)));
        L near = tail - 1.6, far = tail - 5;
        L aboveNear = Polynomial(near, 1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
            1.27045825245236838258, 0.241780725177450611770, 0.0227238449892691845833, 7.74545014278341407640e-4);
        L belowNear = Polynomial(near, 1, 2.05319162663775882187, 1.67638483018380384940, 0.689767334985100004550,
            0.148103976427480074590, 0.0151986665636164571966, 5.47593808499534494600e-4, 1.05075007164441684324e-9);
        L aboveFar = Polynomial(far, 6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 0.296560571828504891230,
            0.0265321895265761230930, 1.24266094738807843860e-3, 2.71155556874348757815e-5, 2.01033439929228813265e-7);
        L belowFar = Polynomial(far, 1, 0.599832206555887937690, 0.136929880922735805310, 0.0148753612908506148525,
            7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7, 2.04426310338993978564e-15);

        L sign = L.WhereGreater(0, q, -1, 1);
        above = L.WhereGreater(distance, 0.425, sign * L.WhereGreater(tail, 5, aboveFar, aboveNear), above);
        below = L.WhereGreater(distance, 0.425, L.WhereGreater(tail, 5, belowFar, belowNear), below);
        return above / below;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static L Polynomial<L>(L x, double c0, double c1, double c2, double c3, double c4, double c5, double c6, double c7)
        where L : ILane<L> =>
        ((((((c7 * x + c6) * x + c5) * x + c4) * x + c3) * x + c2) * x + c1) * x + c0;
}
