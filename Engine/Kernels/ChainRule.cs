using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>
/// The chain rule of all elementwise functions, as a pair (output's gradient g, derivative d): g·d, and 0 where g is 0, even if d is
/// infinite or NaN there. A branch that was not selected gets the gradient 0, and √x, ln x or 1/x at 0 in that branch must not turn it
/// into NaN.
/// </summary>
internal readonly struct ChainRule : IPairFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => Apply(a, b);

    /// <summary>g·d, and g itself where it is 0 or NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Apply<L>(L g, L d) where L : ILane<L> => L.WhereGreater(L.Abs(g), 0, g * d, g);
}

/// <summary>g/b, the gradient of a in a/b, under the same law: 0 where g is 0.</summary>
internal readonly struct NumeratorChainRule : IPairFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(L.Abs(a), 0, a / b, a);
}

/// <summary>
/// −(h/b) with h = g·y, the gradient of b in y = a/b: 0 where h is 0 because g is (where y is 0 but g is not, the zero keeps the sign of
/// the quotient).
/// </summary>
internal readonly struct DenominatorChainRule : IPairFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => -L.WhereGreater(L.Abs(b), 0, a / b, L.WhereGreater(L.Abs(a), 0, a / b, a));
}
