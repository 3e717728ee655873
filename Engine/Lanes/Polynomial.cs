using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>The polynomials of the elementary functions, in Horner's order with fused multiply-adds.</summary>
/// <remarks>
/// Estrin's scheme (1960) has a shorter chain of dependent steps, but must load constants into registers that Horner's reads from memory
/// as the addend; it was slower.
/// </remarks>
internal static class Polynomial
{
    /// <summary>c₀ + rest·x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L, T>(L x, double c0, L rest)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        L.FusedMultiplyAdd(rest, x, c0);

    /// <summary>c₀ + c₁x + rest·x².</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L, T>(L x, double c0, double c1, L rest)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Of<L, T>(x, c0, Of<L, T>(x, c1, rest));

    /// <summary>c₀ + c₁x + c₂x² + c₃x³ + rest·x⁴.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L, T>(L x, double c0, double c1, double c2, double c3, L rest)
        where L : unmanaged, ILane<L>, ILane<L, T> where T : unmanaged, IFloatingPointIeee754<T> =>
        Of<L, T>(x, c0, c1, Of<L, T>(x, c2, c3, rest));
}
