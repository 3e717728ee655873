using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = min(max(x + 3, 0), 6)/6; dy/dx = 1/6 where −3 &lt; x &lt; 3, else 0.</summary>
public readonly record struct HardSigmoidFunction : IUnaryFunction
{
    /// <inheritdoc/>
    public static string Name => "HardSigmoid";

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L x) where L : ILane<L> => L.Min(L.Max(x + 3, 0), 6) / 6;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Derivative<L>(L x, L y) where L : ILane<L> => L.WhereGreater(x, -3, L.WhereGreater(3, x, 1.0 / 6, 0), 0);
}

/// <summary>The operation <c>HardSigmoid</c> on tensors.</summary>
public static class HardSigmoidOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>y = min(max(x + 3, 0), 6)/6; dy/dx = 1/6 where −3 &lt; x &lt; 3, else 0.</summary>
        public Tensor<T> HardSigmoid() => x.Apply(new HardSigmoidFunction());
    }
}
