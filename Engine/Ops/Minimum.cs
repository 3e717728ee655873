using System.Numerics;

namespace Engine;

/// <summary>y = min(a, b), ∂y/∂a = 1 where a &lt; b, ½ where they are equal, else 0; ∂y/∂b likewise.</summary>
public readonly record struct MinimumFunction : IBinaryFunction
{
    /// <inheritdoc/>
    public static string Name => "Minimum";

    /// <inheritdoc/>
    public L Value<L>(L a, L b) where L : ILane<L> => L.Min(a, b);

    /// <inheritdoc/>
    public L DerivativeA<L>(L a, L b) where L : ILane<L> => L.WhereGreater(b, a, 1, L.WhereGreater(a, b, 0, 0.5));

    /// <inheritdoc/>
    public L DerivativeB<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, b, 1, L.WhereGreater(b, a, 0, 0.5));
}

/// <summary>The operation <c>Minimum</c> on tensors.</summary>
public static class MinimumOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The smaller of a and b elementwise, with NumPy's broadcasting; NaN if either is NaN.</summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> Minimum(in Tensor<T> a, in Tensor<T> b) => Tensor<T>.Apply(new MinimumFunction(), a, b);
    }
}
