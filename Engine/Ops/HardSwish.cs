using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = x·min(max(x + 3, 0), 6)/6; dy/dx = 0 where x ≤ −3, 1 where x ≥ 3, else x/3 + ½.</summary>
/// <remarks>
/// A. Howard et al.: Searching for MobileNetV3, 2019.
/// </remarks>
public readonly record struct HardSwishFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "HardSwish";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => x * L.Min(L.Max(x + 3, 0), 6) / 6;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, -3, L.WhereGreater(3, x, x / 3 + 0.5, 1), 0);
}

/// <summary>The operation <c>HardSwish</c> on tensors.</summary>
public static class HardSwishOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = x·min(max(x + 3, 0), 6)/6; dy/dx = 0 where x ≤ −3, 1 where x ≥ 3, else x/3 + ½.</summary>
        public Tensor<T> HardSwish() => x.Apply(new HardSwishFunction());
    }
}
