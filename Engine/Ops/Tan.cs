using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = tan x = sin x/cos x, dy/dx = 1 + y².</summary>
public readonly record struct TanFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Tan";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Sin(x) / L.Cos(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => 1 + y * y;
}

/// <summary>The operation <c>Tan</c> on tensors.</summary>
public static class TanOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = tan x = sin x/cos x, dy/dx = 1 + y².</summary>
        public Tensor<T> Tan() => x.Apply(new TanFunction());
    }
}
