using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x/(1 + |x|), dy/dx = 1/(1 + |x|)².</summary>
public readonly record struct SoftsignFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Softsign";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => x / (1 + L.Abs(x));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L>
    {
        L d = 1 / (1 + L.Abs(x));
        return d * d;
    }
}

/// <summary>The operation <c>Softsign</c> on tensors.</summary>
public static class SoftsignOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x/(1 + |x|), dy/dx = 1/(1 + |x|)².</summary>
        public Tensor<T> Softsign() => x.Apply(new SoftsignFunction());
    }
}
