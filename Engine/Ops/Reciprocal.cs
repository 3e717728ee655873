using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = 1/x, dy/dx = −y².</summary>
public readonly record struct ReciprocalFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Reciprocal";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => 1 / x;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => -y * y;
}

/// <summary>The operation <c>Reciprocal</c> on tensors.</summary>
public static class ReciprocalOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = 1/x, dy/dx = −y².</summary>
        public Tensor<T> Reciprocal() => x.Apply(new ReciprocalFunction());
    }
}
