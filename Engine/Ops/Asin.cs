using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = arcsin x = arctan(x/√(1 − x²)), dy/dx = 1/√(1 − x²).</summary>
public readonly record struct AsinFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Asin";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Atan(x / L.Sqrt((1 - x) * (1 + x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => 1 / L.Sqrt((1 - x) * (1 + x));
}

/// <summary>The operation <c>Asin</c> on tensors.</summary>
public static class AsinOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = arcsin x, from −π/2 to π/2, NaN where |x| &gt; 1; dy/dx = 1/√(1 − x²).</summary>
        public Tensor<T> Asin() => x.Apply(new AsinFunction());
    }
}
