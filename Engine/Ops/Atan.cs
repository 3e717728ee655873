using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = arctan x, from −π/2 to π/2, dy/dx = 1/(1 + x²).</summary>
public readonly record struct AtanFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Atan";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Atan(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => 1 / (1 + x * x);
}

/// <summary>The operation <c>Atan</c> on tensors.</summary>
public static class AtanOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = arctan x, from −π/2 to π/2, dy/dx = 1/(1 + x²).</summary>
        public Tensor<T> Atan() => x.Apply(new AtanFunction());
    }
}
