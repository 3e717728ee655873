using System.Numerics;

namespace Engine;

/// <summary>y = tanh x, dy/dx = 1 − y².</summary>
public readonly record struct TanhFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Tanh";

    /// <inheritdoc/>
    public L Value<L>(L x) where L : ILane<L> => L.Tanh(x);

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => 1 - y * y;
}

/// <summary>The operation <c>Tanh</c> on tensors.</summary>
public static class TanhOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = tanh x, dy/dx = 1 − y².</summary>
        public Tensor<T> Tanh() => x.Apply(new TanhFunction());
    }
}
