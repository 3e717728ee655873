using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x − tanh x, dy/dx = tanh² x.</summary>
public readonly record struct TanhshrinkFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Tanhshrink";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => x - L.Tanh(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L>
    {
        L t = L.Tanh(x);
        return t * t;
    }
}

/// <summary>The operation <c>Tanhshrink</c> on tensors.</summary>
public static class TanhshrinkOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x − tanh x, dy/dx = tanh² x.</summary>
        public Tensor<T> Tanhshrink() => x.Apply(new TanhshrinkFunction());
    }
}
