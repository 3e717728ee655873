using System.Runtime.CompilerServices;

namespace Engine.Kernels;

/// <summary>An operation that combines many numbers into one, two at a time.</summary>
internal interface IFold
{
    /// <summary>The reduction's name in messages.</summary>
    static abstract string Name { get; }

    /// <summary>The number that changes no other, which is also the result for no numbers.</summary>
    static abstract double Identity { get; }

    /// <summary>Combines two numbers.</summary>
    static abstract L Of<L>(L a, L b) where L : ILane<L>;
}

/// <summary>a + b.</summary>
internal readonly struct SumFold : IFold
{
    public static string Name => "Sum";

    public static double Identity => 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L>(L a, L b) where L : ILane<L> => a + b;
}

/// <summary>a · b.</summary>
internal readonly struct ProductFold : IFold
{
    public static string Name => "Product";

    public static double Identity => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L>(L a, L b) where L : ILane<L> => a * b;
}

/// <summary>The larger of a and b; NaN if either is NaN.</summary>
internal readonly struct MaxFold : IFold
{
    public static string Name => "Max";

    public static double Identity => double.NegativeInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L>(L a, L b) where L : ILane<L> => L.Max(a, b);
}

/// <summary>The smaller of a and b; NaN if either is NaN.</summary>
internal readonly struct MinFold : IFold
{
    public static string Name => "Min";

    public static double Identity => double.PositiveInfinity;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static L Of<L>(L a, L b) where L : ILane<L> => L.Min(a, b);
}
