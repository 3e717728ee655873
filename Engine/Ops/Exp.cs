using System.Numerics;

namespace Engine;

/// <summary>y = eˣ, dy/dx = y.</summary>
public readonly record struct ExpFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Exp";

    /// <inheritdoc/>
    public L Value<L>(L x) where L : ILane<L> => L.Exp(x);

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => y;
}

/// <summary>The operation <c>Exp</c> on tensors.</summary>
public static class ExpOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = eˣ, dy/dx = y.</summary>
        public Tensor<T> Exp() => x.Apply(new ExpFunction());
    }
}
