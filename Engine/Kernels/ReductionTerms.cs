namespace Engine.Kernels;

/// <summary>a: a reduction adds up the elements.</summary>
internal readonly struct IdentityTerm : ITerm
{
    public static L Of<L>(L a, L b) where L : ILane<L> => a;
}

/// <summary>|a|: a reduction adds up absolute values.</summary>
internal readonly struct AbsoluteTerm : ITerm
{
    public static L Of<L>(L a, L b) where L : ILane<L> => L.Abs(a);
}

/// <summary>a·b: a reduction is a dot product, or a sum of squares.</summary>
internal readonly struct ProductTerm : ITerm
{
    public static L Of<L>(L a, L b) where L : ILane<L> => a * b;
}

/// <summary>(a − b)².</summary>
internal readonly struct SquaredDifferenceTerm : ITerm
{
    public static L Of<L>(L a, L b) where L : ILane<L>
    {
        L difference = a - b;
        return difference * difference;
    }
}
