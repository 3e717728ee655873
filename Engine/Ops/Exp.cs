using System.Numerics;

namespace Engine;

/// <summary>y = eˣ, dy/dx = y.</summary>
public static class ExpOp
{
    /// <summary>y = eˣ, dy/dx = y.</summary>
    public readonly struct Formula : IUnary
    {
        /// <inheritdoc/>
        public static string Name => "Exp";

        /// <inheritdoc/>
        public static L F<L>(L x) where L : ILane<L> => L.Exp(x);

        /// <inheritdoc/>
        public static L Derivative<L>(L x, L y) where L : ILane<L> => y;
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = eˣ, dy/dx = y.</summary>
        public Tensor<T> Exp() => Unary<Formula, T>.Apply(x);
    }
}
