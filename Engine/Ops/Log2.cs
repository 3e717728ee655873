using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = log₂ x = ln x/ln 2, dy/dx = 1/(x ln 2).</summary>
public readonly record struct Log2Function : IUnaryFunction
{
    private const double OneOverLn2 = 1.4426950408889634;

    /// <inheritdoc/>
    public static string Name => "Log2";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Log2(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => OneOverLn2 / x;
}

/// <summary>The operation <c>Log2</c> on tensors.</summary>
public static class Log2Op
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = log₂ x = ln x/ln 2, dy/dx = 1/(x ln 2).</summary>
        public Tensor<T> Log2() => x.Apply(new Log2Function());
    }
}
