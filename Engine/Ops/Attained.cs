using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>Which elements are the largest or smallest of theirs: those equal to it, or NaN where it is NaN.</summary>
internal static class Attained
{
    /// <summary>The value where x is the extremum, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Select<L>(L x, L extremum, L value) where L : ILane<L>
    {
        // only a NaN's absolute value is not above −1
        L unlessExtremumIsNaN = L.WhereGreater(L.Abs(extremum), -1, value, 0);
        L unlessDifferent = L.WhereGreater(L.Abs(x), -1, unlessExtremumIsNaN, value);
        return L.WhereGreater(extremum, x, 0, L.WhereGreater(x, extremum, 0, unlessDifferent));
    }
}
