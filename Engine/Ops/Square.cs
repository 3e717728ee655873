using System.Numerics;

namespace Engine;

/// <summary>y = x², dy/dx = 2x.</summary>
public readonly record struct SquareFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Square";

    /// <inheritdoc/>
    public L Value<L>(L x) where L : ILane<L> => x * x;

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => 2 * x;
}

/// <summary>The operation <c>Square</c> on tensors.</summary>
public static class SquareOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x², dy/dx = 2x.</summary>
        public Tensor<T> Square() => x.Apply(new SquareFunction());
    }
}
