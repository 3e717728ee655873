using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>The logarithms that losses of probabilities are made of, accurate and finite where they are.</summary>
internal static class Logistic
{
    /// <summary>
    /// ln(1 + u) for u from −1 to 1, accurate near 0: w = 1 + u is rounded, but ln w and w − 1 are off by the same factor (W. Kahan; in D.
    /// Goldberg: What every computer scientist should know about floating-point arithmetic, 1991, theorem 4).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L LogOnePlus<L>(L u) where L : ILane<L>
    {
        L w = 1 + u;
        return L.WhereGreater(L.Abs(w - 1), 0, L.Log(w) * (u / (w - 1)), u);
    }

    /// <summary>ln(1 + eˣ) = −ln σ(−x), as max(x, 0) + ln(1 + e^−|x|): it overflows nowhere.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L LogOnePlusExp<L>(L x) where L : ILane<L> => L.Max(x, 0) + LogOnePlus(L.Exp(-L.Abs(x)));
}
