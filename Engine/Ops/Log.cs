using System.Numerics;

namespace Engine;

/// <summary>y = ln x, dy/dx = 1/x.</summary>
public readonly record struct LogFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Log";

    /// <inheritdoc/>
    public L Value<L>(L x) where L : ILane<L> => L.Log(x);

    /// <inheritdoc/>
    public L Derivative<L>(L x, L y) where L : ILane<L> => 1 / x;
}

/// <summary>The operation <c>Log</c> on tensors.</summary>
public static class LogOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = ln x, dy/dx = 1/x.</summary>
        public Tensor<T> Log() => x.Apply(new LogFunction());
    }
}
