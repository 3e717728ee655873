using System.Numerics;

namespace Engine;

/// <summary>y = −x, dy/dx = −1.</summary>
public static class NegateOp
{
    /// <summary>y = −x, dy/dx = −1.</summary>
    public readonly struct Formula : IUnary
    {
        /// <inheritdoc/>
        public static string Name => "Negate";

        /// <inheritdoc/>
        public static L F<L>(L x) where L : ILane<L> => -x;

        /// <inheritdoc/>
        public static L Derivative<L>(L x, L y) where L : ILane<L> => -1;
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = −x, dy/dx = −1.</summary>
        public Tensor<T> Negate() => Unary<Formula, T>.Apply(x);

        /// <summary>−x.</summary>
        public static Tensor<T> operator -(Tensor<T> value) => value.Negate();
    }
}
