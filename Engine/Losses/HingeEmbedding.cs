using System.Numerics;

namespace Engine;

/// <summary>
/// y = x where t &gt; 0, else max(0, m − x); ∂y/∂x = 1 where t &gt; 0, else −1 where x &lt; m, else 0 (at m too, as in PyTorch);
/// ∂y/∂t = 0.
/// </summary>
internal readonly record struct HingeEmbeddingFunction(double Margin) : IBinaryFunction
{
    public static string Name => "HingeEmbedding";

    public L Value<L>(L a, L b) where L : ILane<L> => L.WhereGreater(b, 0, a, L.Max(0, Margin - a));

    public L DerivativeA<L>(L a, L b) where L : ILane<L> => L.WhereGreater(b, 0, 1, L.WhereGreater(Margin, a, -1, 0));

    public L DerivativeB<L>(L a, L b) where L : ILane<L> => 0;
}

/// <summary>loss = mean of the distance x of similar pairs, and of max(0, margin − x) of dissimilar ones.</summary>
public static class HingeEmbeddingLoss
{
    extension<T>(Tensor<T> distances) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// x where the target is 1, and max(0, margin − x) where it is −1, for distances x: it pulls similar pairs together and pushes
        /// dissimilar ones apart up to the margin.
        /// </summary>
        /// <param name="target">Of the same shape, 1 or −1; it gets the gradient 0.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the distances.</param>
        /// <param name="margin">The distance beyond which dissimilar pairs have no loss.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A target is neither 1 nor −1, the margin is not finite, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> HingeEmbedding(Tensor<T> target, LossReduction reduction = LossReduction.Mean, double margin = 1)
        {
            LossOption.RequireFinite("HingeEmbedding", nameof(margin), margin);
            return ElementwiseLoss.Apply(new HingeEmbeddingFunction(margin), default(SignTargets), distances, target, reduction);
        }
    }
}
