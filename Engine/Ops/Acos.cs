using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = arccos x = 2 arctan √((1 − x)/(1 + x)), dy/dx = −1/√(1 − x²).</summary>
public readonly record struct AcosFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Acos";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => 2 * L.Atan(L.Sqrt((1 - x) / (1 + x)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => -1 / L.Sqrt((1 - x) * (1 + x));
}

/// <summary>The operation <c>Acos</c> on tensors.</summary>
public static class AcosOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = arccos x, from 0 to π, NaN where |x| &gt; 1; dy/dx = −1/√(1 − x²).</summary>
        public Tensor<T> Acos() => x.Apply(new AcosFunction());
    }
}
