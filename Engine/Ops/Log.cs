using System.Numerics;

namespace Engine;

/// <summary>y = ln x, dy/dx = 1/x.</summary>
public static class LogOp
{
    /// <summary>y = ln x, dy/dx = 1/x.</summary>
    public readonly struct Formula : IUnary
    {
        /// <inheritdoc/>
        public static string Name => "Log";

        /// <inheritdoc/>
        public static L F<L>(L x) where L : ILane<L> => L.Log(x);

        /// <inheritdoc/>
        public static L Derivative<L>(L x, L y) where L : ILane<L> => 1 / x;
    }

    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = ln x, dy/dx = 1/x.</summary>
        public Tensor<T> Log() => Unary<Formula, T>.Apply(x);
    }
}
