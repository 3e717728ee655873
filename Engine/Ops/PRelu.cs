using System.Numerics;

namespace Engine;

/// <summary>
/// y = a where a &gt; 0, else b·a; ∂y/∂a = 1 where a &gt; 0, else b; ∂y/∂b = 0 where a &gt; 0, else a (He, Zhang, Ren, Sun: Delving deep
/// into rectifiers, 2015).
/// </summary>
public readonly record struct PReluFunction : IBinaryFunction
{
    /// <inheritdoc/>
    public static string Name => "PRelu";

    /// <inheritdoc/>
    public L Value<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, a, b * a);

    /// <inheritdoc/>
    public L DerivativeA<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, 1, b);

    /// <inheritdoc/>
    public L DerivativeB<L>(L a, L b) where L : ILane<L> => L.WhereGreater(a, 0, 0, a);
}

/// <summary>The operation <c>PRelu</c> on tensors.</summary>
public static class PReluOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>x where it is positive, else weight·x: a rectifier whose slope is learned.</summary>
        /// <param name="weight">[1], one slope for all elements; or [channels], one for each channel, axis 1 of x.</param>
        /// <exception cref="ArgumentException">The weight has another shape.</exception>
        public Tensor<T> PRelu(Tensor<T> weight)
        {
            bool isOne = weight.Shape.Rank == 1 && weight.Length == 1;
            if (!isOne && (weight.Shape.Rank != 1 || x.Shape.Rank < 2 || weight.Length != x.Shape[1]))
            {
                throw new ArgumentException(
                    $"PRelu: got a weight of shape {weight.Shape} for the shape {x.Shape}, expected [1] or [channels].", nameof(weight));
            }
            Shape aligned = isOne ? Shape.Scalar : x.Shape.Without(~0b10, keep: true);
            return Tensor<T>.Apply(new PReluFunction(), x, weight.Reshape(aligned));
        }
    }
}
