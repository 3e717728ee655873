using System.Numerics;

namespace Engine;

/// <summary>y = −q·x for the logarithm x of a probability, 0 where q = 0, even if x is −∞; ∂y/∂x = −q, ∂y/∂q = −x.</summary>
internal readonly record struct SoftCrossEntropyFunction : IBinaryFunction
{
    public static string Name => "CrossEntropy";

    public L Value<L>(L a, L b) where L : ILane<L> => L.WhereGreater(L.Abs(b), 0, -(b * a), b);

    public L DerivativeA<L>(L a, L b) where L : ILane<L> => -b;

    public L DerivativeB<L>(L a, L b) where L : ILane<L> => -a;
}

/// <summary>
/// The cross-entropy of class probabilities under softmax: for a row x with targets t, loss = −Σₖ tₖ ln pₖ with p = softmax(x).
/// </summary>
public static class SoftCrossEntropyLoss
{
    extension<T>(Tensor<T> logits) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// −Σₖ wₖ·qₖ·ln pₖ of each row, with p = softmax(logits), q = (1 − s)·target + s/n and weights w. The mean divides by the number
        /// of rows, whatever the weights are. ∂loss/∂x = p·Σₖ wₖqₖ − w·q, and the target gets −(1 − s)·w·ln p.
        /// </summary>
        /// <param name="target">The probabilities of the classes, of the logits' shape [rows, n].</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives [rows].</param>
        /// <param name="weights">w of [n], or the default tensor for 1 each.</param>
        /// <param name="labelSmoothing">s in [0, 1].</param>
        /// <exception cref="ArgumentException">
        /// The logits are not [rows, n], the target has another shape, the weights are not [n]; or there is nothing to take the mean of.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// s lies outside [0, 1], or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> CrossEntropy(
            Tensor<T> target, LossReduction reduction = LossReduction.Mean, Tensor<T> weights = default, double labelSmoothing = 0)
        {
            const string name = "CrossEntropy";
            reduction.ThrowIfUndefined(name);
            if (logits.Shape.Rank != 2 || logits.Shape != target.Shape)
            {
                throw new ArgumentException(
                    $"{name}: got logits of shape {logits.Shape} and a target of shape {target.Shape}, expected [rows, classes] for both.",
                    nameof(target));
            }
            ClassTargets.CheckWeights(name, logits.Shape, weights);
            ClassTargets.CheckSmoothing(name, labelSmoothing);
            reduction.ThrowIfMeanOfNothing(name, new Shape(logits.Shape[0]));
            Tensor<T> q = labelSmoothing > 0 ? (1 - labelSmoothing) * target + labelSmoothing / logits.Shape[1] : target;
            Tensor<T> weighted = weights.IsDefault ? q : q * weights;
            return reduction.Of(Tensor<T>.Apply(new SoftCrossEntropyFunction(), logits.LogSoftmax(), weighted).Sum(1));
        }
    }
}
