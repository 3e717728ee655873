using System.Numerics;

namespace Engine;

/// <summary>y = |x|, dy/dx = sign x, 0 at 0.</summary>
public static class AbsOp
{
    /// <summary>y = |x|, dy/dx = sign x, 0 at 0.</summary>
    public readonly struct Formula : IUnary
    {
        /// <inheritdoc/>
        public static string Name => "Abs";

        /// <inheritdoc/>
        public static L F<L>(L x) where L : ILane<L> => L.Abs(x);

        /// <inheritdoc/>
        public static L Derivative<L>(L x, L y) where L : ILane<L> => L.Sign(x);
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = |x|, dy/dx = sign x, 0 at 0.</summary>
        public Tensor<T> Abs() => Unary<Formula, T>.Apply(x);
    }
}
