using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = erf x = 2/√π·∫₀ˣ e^(−t²) dt, dy/dx = 2/√π·e^(−x²).</summary>
public readonly record struct ErfFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Erf";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Erf(x);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => 1.1283791670955126 * L.Exp(-x * x);
}

/// <summary>The operation <c>Erf</c> on tensors.</summary>
public static class ErfOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = erf x = 2/√π·∫₀ˣ e^(−t²) dt, dy/dx = 2/√π·e^(−x²).</summary>
        public Tensor<T> Erf() => x.Apply(new ErfFunction());
    }
}
