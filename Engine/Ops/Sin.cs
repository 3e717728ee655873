using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = sin x, dy/dx = cos x.</summary>
public readonly record struct SinFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Sin";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Sin(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.Cos(x);
}

/// <summary>The operation <c>Sin</c> on tensors.</summary>
public static class SinOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = sin x, dy/dx = cos x.</summary>
        public Tensor<T> Sin() => x.Apply(new SinFunction());
    }
}
