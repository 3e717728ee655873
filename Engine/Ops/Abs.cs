using System.Numerics;

namespace Engine;

/// <summary>y = |x|, dy/dx = sign x, 0 at 0.</summary>
public readonly record struct AbsFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Abs";

    /// <inheritdoc/>
    public L Value<L>(L x) where L : ILane<L> => L.Abs(x);

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.Sign(x);
}

/// <summary>The operation <c>Abs</c> on tensors.</summary>
public static class AbsOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = |x|, dy/dx = sign x, 0 at 0.</summary>
        public Tensor<T> Abs() => x.Apply(new AbsFunction());
    }
}
