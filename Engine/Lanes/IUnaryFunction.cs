namespace Engine;

/// <summary>
/// A function of one number with its derivative, written once for every lane. Implement it as a <c>readonly record struct</c>, whose
/// fields are the function's parameters, and apply it to a tensor with <c>x.Apply(new Swish(1.5))</c>: it is then recorded, differentiated
/// and as fast as a built-in function. Put <c>[MethodImpl(MethodImplOptions.AggressiveInlining)]</c> on long methods, so that no call
/// stays in the loop over the elements.
/// </summary>
public interface IUnaryFunction
{
    /// <summary>The function's name in messages.</summary>
    static abstract string Name { get; }

    /// <summary>y = f(x).</summary>
    L Value<L>(L x) where L : ILane<L>;

    /// <summary>
    /// dy/dx at <paramref name="x"/>, given <paramref name="y"/> = f(x). It may be infinite or NaN where the function has no derivative.
    /// </summary>
    L Derivative<L>(L x, L y) where L : ILane<L>;
}
