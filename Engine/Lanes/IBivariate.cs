namespace Engine;

/// <summary>A function of two numbers with its derivatives, written once for every lane.</summary>
public interface IBivariate
{
    /// <summary>The function's name in messages.</summary>
    static abstract string Name { get; }

    /// <summary>y = f(a, b).</summary>
    static abstract L F<L>(L a, L b) where L : ILane<L>;

    /// <summary>∂y/∂a.</summary>
    static abstract L DerivativeA<L>(L a, L b) where L : ILane<L>;

    /// <summary>∂y/∂b.</summary>
    static abstract L DerivativeB<L>(L a, L b) where L : ILane<L>;
}
