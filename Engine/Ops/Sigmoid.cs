using System.Numerics;

namespace Engine;

/// <summary>y = 1/(1 + e⁻ˣ), dy/dx = y(1 − y).</summary>
public static class SigmoidOp
{
    /// <summary>y = 1/(1 + e⁻ˣ), dy/dx = y(1 − y).</summary>
    public readonly struct Formula : IUnary
    {
        /// <inheritdoc/>
        public static string Name => "Sigmoid";

        /// <inheritdoc/>
        public static L F<L>(L x) where L : ILane<L>
        {
            L e = L.Exp(-L.Abs(x)); // never overflows; for x < 0 the form e/(1 + e) keeps every digit
            return L.WhereGreater(0, x, e, 1) / (1 + e);
        }

        /// <inheritdoc/>
        public static L Derivative<L>(L x, L y) where L : ILane<L> => y * (1 - y);
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = 1/(1 + e⁻ˣ), dy/dx = y(1 − y).</summary>
        public Tensor<T> Sigmoid() => Unary<Formula, T>.Apply(x);
    }
}
