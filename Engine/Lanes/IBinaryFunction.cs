namespace Engine;

/// <summary>
/// A function of two numbers with its partial derivatives, written once for every lane. Implement it as a <c>readonly record struct</c>,
/// whose fields are the function's parameters, and apply it to two tensors, with broadcasting, by <c>Tensor&lt;float&gt;.Apply(function,
/// a, b)</c>.
/// </summary>
public interface IBinaryFunction
{
    /// <summary>The function's name in messages.</summary>
    static abstract string Name { get; }

    /// <summary>y = f(a, b).</summary>
    L Value<L>(L a, L b) where L : ILane<L>;

    /// <summary>∂y/∂a.</summary>
    L DerivativeA<L>(L a, L b) where L : ILane<L>;

    /// <summary>∂y/∂b.</summary>
    L DerivativeB<L>(L a, L b) where L : ILane<L>;
}
