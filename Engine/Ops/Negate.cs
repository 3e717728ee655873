using System.Numerics;

namespace Engine;

/// <summary>y = −x, dy/dx = −1.</summary>
public readonly record struct NegateFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Negate";

    /// <inheritdoc/>
    public L Value<L>(L x) where L : ILane<L> => -x;

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => -1;
}

/// <summary>The operation <c>Negate</c> on tensors.</summary>
public static class NegateOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = −x, dy/dx = −1.</summary>
        public Tensor<T> Negate() => x.Apply(new NegateFunction());

        /// <summary>−x.</summary>
        public static Tensor<T> operator -(Tensor<T> value) => value.Negate();
    }
}
