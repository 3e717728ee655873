using System.Numerics;

namespace Engine;

/// <summary>y = 1 where x &gt; 0, −1 where x &lt; 0, else x; dy/dx = 0.</summary>
public static class SignOp
{
    /// <summary>y = 1 where x &gt; 0, −1 where x &lt; 0, else x; dy/dx = 0.</summary>
    public readonly struct Formula : IUnary
    {
        /// <inheritdoc/>
        public static string Name => "Sign";

        /// <inheritdoc/>
        public static L F<L>(L x) where L : ILane<L> => L.Sign(x);

        /// <inheritdoc/>
        public static L Derivative<L>(L x, L y) where L : ILane<L> => 0;
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = 1 where x &gt; 0, −1 where x &lt; 0, else x; dy/dx = 0.</summary>
        public Tensor<T> Sign() => Unary<Formula, T>.Apply(x);
    }
}
