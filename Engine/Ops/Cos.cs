using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = cos x, dy/dx = −sin x.</summary>
public readonly record struct CosFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Cos";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Cos(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => -L.Sin(x);
}

/// <summary>The operation <c>Cos</c> on tensors.</summary>
public static class CosOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = cos x, dy/dx = −sin x.</summary>
        public Tensor<T> Cos() => x.Apply(new CosFunction());
    }
}
