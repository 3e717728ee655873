using System.Numerics;

namespace Engine;

/// <summary>y = √x, dy/dx = 1/(2y).</summary>
public static class SqrtOp
{
    /// <summary>y = √x, dy/dx = 1/(2y).</summary>
    public readonly struct Formula : IUnary
    {
        /// <inheritdoc/>
        public static string Name => "Sqrt";

        /// <inheritdoc/>
        public static L F<L>(L x) where L : ILane<L> => L.Sqrt(x);

        /// <inheritdoc/>
        public static L Derivative<L>(L x, L y) where L : ILane<L> => 0.5 / y;
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = √x, dy/dx = 1/(2y).</summary>
        public Tensor<T> Sqrt() => Unary<Formula, T>.Apply(x);
    }
}
