using System.Numerics;

namespace Engine;

/// <summary>y = 1 where x &gt; 0, −1 where x &lt; 0, else x; dy/dx = 0.</summary>
public readonly record struct SignFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Sign";

    /// <inheritdoc/>
    public L Value<L>(L x) where L : ILane<L> => L.Sign(x);

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => 0;
}

/// <summary>The operation <c>Sign</c> on tensors.</summary>
public static class SignOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = 1 where x &gt; 0, −1 where x &lt; 0, else x; dy/dx = 0.</summary>
        public Tensor<T> Sign() => x.Apply(new SignFunction());
    }
}
