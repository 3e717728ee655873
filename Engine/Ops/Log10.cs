using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = log₁₀ x = ln x/ln 10, dy/dx = 1/(x ln 10).</summary>
public readonly record struct Log10Function : IUnaryFunction
{
    private const double OneOverLn10 = 0.4342944819032518;

    /// <inheritdoc/>
    public static string Name => "Log10";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Log(x) * OneOverLn10;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => OneOverLn10 / x;
}

/// <summary>The operation <c>Log10</c> on tensors.</summary>
public static class Log10Op
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = log₁₀ x = ln x/ln 10, dy/dx = 1/(x ln 10).</summary>
        public Tensor<T> Log10() => x.Apply(new Log10Function());
    }
}
