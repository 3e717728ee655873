using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = ln(1 + x), accurate near zero too, dy/dx = 1/(1 + x).</summary>
public readonly record struct LogP1Function : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "LogP1";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.LogP1(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => 1 / (1 + x);
}

/// <summary>The operation <c>LogP1</c> on tensors.</summary>
public static class LogP1Op
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = ln(1 + x), accurate near zero too, dy/dx = 1/(1 + x).</summary>
        public Tensor<T> LogP1() => x.Apply(new LogP1Function());
    }
}
