namespace Engine;

/// <summary>A function of one number with its derivative, written once for every lane.</summary>
public interface IUnary
{
    /// <summary>The function's name in messages and formulas.</summary>
    static abstract string Name { get; }

    /// <summary>y = f(x).</summary>
    static abstract L F<L>(L x) where L : ILane<L>;

    /// <summary>dy/dx at <paramref name="x"/>, where <paramref name="y"/> = f(x) is known already.</summary>
    static abstract L Derivative<L>(L x, L y) where L : ILane<L>;
}

/// <summary>What a reduction adds up: a term made of the elements of one or two vectors.</summary>
public interface ITerm
{
    /// <summary>The term; a reduction of one vector gets it as both arguments.</summary>
    static abstract L Of<L>(L a, L b) where L : ILane<L>;
}
