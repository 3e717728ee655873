using System.Numerics;

namespace Engine;

/// <summary>loss = mean of max(0, d(anchor, positive) − d(anchor, negative) + margin) with d(a, b) = ‖a − b + 10⁻⁶‖ₚ.</summary>
public static class TripletMarginLoss
{
    /// <summary>What PyTorch adds to each difference, so that the norm has a derivative where two vectors are equal.</summary>
    private const double Epsilon = 1e-6;

    extension<T>(Tensor<T> anchor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// max(0, d(anchor, positive) − d(anchor, negative) + margin) for vectors along the last axis, with the distance d(a, b) =
        /// ‖a − b + 10⁻⁶‖ₚ (V. Balntas et al.: Learning local feature descriptors with triplets and shallow convolutional neural networks,
        /// 2016). All three inputs receive gradients.
        /// </summary>
        /// <param name="positive">Vectors of the anchor's class, of the anchor's shape.</param>
        /// <param name="negative">Vectors of other classes, of the anchor's shape.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the anchor's shape without its last axis.</param>
        /// <param name="margin">By how much the negative has to be farther away than the positive; not negative.</param>
        /// <param name="p">The norm's exponent, at least 1; ∞ for the largest difference.</param>
        /// <exception cref="ArgumentException">
        /// The shapes differ or have no axis, or there is nothing to take the mean of.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// The margin is negative or not finite, p is below 1, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> TripletMargin(
            Tensor<T> positive, Tensor<T> negative, LossReduction reduction = LossReduction.Mean, double margin = 1, double p = 2)
        {
            const string name = "TripletMargin";
            reduction.ThrowIfUndefined(name);
            LossOption.RequireNotNegative(name, nameof(margin), margin);
            LossOption.Require(p >= 1, name, nameof(p), p, "a number of at least 1");
            if (anchor.Shape.Rank == 0 || anchor.Shape != positive.Shape || anchor.Shape != negative.Shape)
            {
                throw new ArgumentException(
                    $"{name}: got an anchor of shape {anchor.Shape}, a positive of shape {positive.Shape} and a negative of shape "
                        + $"{negative.Shape}, expected the same, with at least one axis.",
                    nameof(anchor));
            }
            reduction.ThrowIfMeanOfNothing(name, anchor.Shape.Without(1 << (anchor.Shape.Rank - 1), keep: false));
            Tensor<T> near = (anchor - positive + Epsilon).Norm(-1, p: p), far = (anchor - negative + Epsilon).Norm(-1, p: p);
            return reduction.Of((near - far + margin).Relu());
        }
    }
}
