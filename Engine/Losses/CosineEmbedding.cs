using System.Numerics;

namespace Engine;

/// <summary>
/// y = 1 − c where t &gt; 0, else max(0, c − m); ∂y/∂c = −1 where t &gt; 0, else 1 where c &gt; m, else 0 (at m too, as in PyTorch);
/// ∂y/∂t = 0.
/// </summary>
internal readonly record struct CosineEmbeddingFunction(double Margin) : IBinaryFunction
{
    public static string Name => "CosineEmbedding";

    public L Value<L>(L a, L b) where L : ILane<L> => L.WhereGreater(b, 0, 1 - a, L.Max(0, a - Margin));

    public L DerivativeA<L>(L a, L b) where L : ILane<L> => L.WhereGreater(b, 0, -1, L.WhereGreater(a, Margin, 1, 0));

    public L DerivativeB<L>(L a, L b) where L : ILane<L> => 0;
}

/// <summary>loss = mean of 1 − cos of similar pairs of vectors, and of max(0, cos − margin) of dissimilar ones.</summary>
public static class CosineEmbeddingLoss
{
    /// <summary>What PyTorch adds to each squared norm, so that a zero vector has the cosine 0.</summary>
    private const double Epsilon = 1e-12;

    extension<T>(Tensor<T> first) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// 1 − c where the target is 1, and max(0, c − margin) where it is −1, for vectors a and b along the last axis with the cosine
        /// c = a·b / (√(‖a‖² + 10⁻¹²)·√(‖b‖² + 10⁻¹²)). Both inputs receive gradients.
        /// </summary>
        /// <param name="second">Of the first's shape.</param>
        /// <param name="target">
        /// One number for each pair: of the inputs' shape without the last axis, 1 or −1; it gets the gradient 0.
        /// </param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the target.</param>
        /// <param name="margin">The cosine below which dissimilar pairs have no loss, from −1 to 1.</param>
        /// <exception cref="ArgumentException">
        /// The shapes of the inputs differ or have no axis, the target does not fit, or there is nothing to take the mean of.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A target is neither 1 nor −1, the margin is not from −1 to 1, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> CosineEmbedding(
            Tensor<T> second, Tensor<T> target, LossReduction reduction = LossReduction.Mean, double margin = 0)
        {
            const string name = "CosineEmbedding";
            reduction.ThrowIfUndefined(name);
            LossOption.Require(margin is >= -1 and <= 1, name, nameof(margin), margin, "a number from -1 to 1");
            Shape shape = first.Shape;
            if (shape.Rank == 0 || shape != second.Shape || target.Shape != shape.Without(1 << (shape.Rank - 1), keep: false))
            {
                throw new ArgumentException(
                    $"{name}: got inputs of shape {shape} and {second.Shape} and a target of shape {target.Shape}, expected two of the "
                        + "same shape, with at least one axis, and the target's without the last axis.",
                    nameof(target));
            }
            reduction.ThrowIfMeanOfNothing(name, target.Shape);
            ElementwiseLoss.CheckDomain<SignTargets, T>(name, [], target.Span);
            Tensor<T> cosine = (first * second).Sum(-1) / (Norm(first) * Norm(second));
            return ElementwiseLoss.Apply(new CosineEmbeddingFunction(margin), cosine, target, reduction);
        }
    }

    private static Tensor<T> Norm<T>(in Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T> =>
        (x.Square().Sum(-1) + Epsilon).Sqrt();
}
