using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>What the comparisons below share: 1 where two numbers compare so, else 0.</summary>
internal static class Comparisons
{
    /// <summary>0 where a or b is NaN, so that they cannot be compared, else 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Ordered<L>(L a, L b) where L : ILane<L> => L.WhereGreater(2, L.Sign(L.Max(a, b)), 1, 0);
}

/// <summary>1 where a &gt; b, else 0, also where a or b is NaN; the other comparisons likewise.</summary>
internal readonly struct GreaterThan : IPairFunction
{
    public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, b, 1, 0);
}

/// <summary>1 where a ≥ b, else 0.</summary>
internal readonly struct GreaterThanOrEqual : IPairFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(b, a, 0, Comparisons.Ordered(a, b));
}

/// <summary>1 where a &lt; b, else 0.</summary>
internal readonly struct LessThan : IPairFunction
{
    public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(b, a, 1, 0);
}

/// <summary>1 where a ≤ b, else 0.</summary>
internal readonly struct LessThanOrEqual : IPairFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, b, 0, Comparisons.Ordered(a, b));
}

/// <summary>1 where a = b, else 0.</summary>
internal readonly struct Equal : IPairFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, b, 0, L.WhereGreater(b, a, 0, Comparisons.Ordered(a, b)));
}

/// <summary>1 where a ≠ b, also where a or b is NaN, else 0.</summary>
internal readonly struct NotEqual : IPairFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Of<L>(L a, L b) where L : ILane<L> => 1 - default(Equal).Of(a, b);
}
