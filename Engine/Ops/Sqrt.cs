using System.Numerics;

namespace Engine;

/// <summary>y = √x, dy/dx = 1/(2y).</summary>
public readonly record struct SqrtFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Sqrt";

    /// <inheritdoc/>
    public L Value<L>(L x) where L : ILane<L> => L.Sqrt(x);

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => 0.5 / y;
}

/// <summary>The operation <c>Sqrt</c> on tensors.</summary>
public static class SqrtOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = √x, dy/dx = 1/(2y).</summary>
        public Tensor<T> Sqrt() => x.Apply(new SqrtFunction());
    }
}
