using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = ln σ(x) = min(x, 0) − ln(1 + e^(−|x|)), dy/dx = 1 − σ(x) = 1 − eʸ.</summary>
public readonly record struct LogSigmoidFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "LogSigmoid";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Min(x, 0) - L.LogP1(L.Exp(-L.Abs(x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => -L.ExpM1(y);
}

/// <summary>The operation <c>LogSigmoid</c> on tensors.</summary>
public static class LogSigmoidOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = ln σ(x) = min(x, 0) − ln(1 + e^(−|x|)), dy/dx = 1 − σ(x) = 1 − eʸ.</summary>
        public Tensor<T> LogSigmoid() => x.Apply(new LogSigmoidFunction());
    }
}
