using System.Numerics;

namespace Engine;

/// <summary>y = x², dy/dx = 2x.</summary>
public static class SquareOp
{
    /// <summary>y = x², dy/dx = 2x.</summary>
    public readonly struct Formula : IUnary
    {
        /// <inheritdoc/>
        public static string Name => "Square";

        /// <inheritdoc/>
        public static L F<L>(L x) where L : ILane<L> => x * x;

        /// <inheritdoc/>
        public static L Derivative<L>(L x, L y) where L : ILane<L> => 2 * x;
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x², dy/dx = 2x.</summary>
        public Tensor<T> Square() => Unary<Formula, T>.Apply(x);
    }
}
