using System.Numerics;

namespace Engine;

/// <summary>y = tanh x, dy/dx = 1 − y².</summary>
public static class TanhOp
{
    /// <summary>y = tanh x, dy/dx = 1 − y².</summary>
    public readonly struct Formula : IUnary
    {
        /// <inheritdoc/>
        public static string Name => "Tanh";

        /// <inheritdoc/>
        public static L F<L>(L x) where L : ILane<L> => L.Tanh(x);

        /// <inheritdoc/>
        public static L Derivative<L>(L x, L y) where L : ILane<L> => 1 - y * y;
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = tanh x, dy/dx = 1 − y².</summary>
        public Tensor<T> Tanh() => Unary<Formula, T>.Apply(x);
    }
}
