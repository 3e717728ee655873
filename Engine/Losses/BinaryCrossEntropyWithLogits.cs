using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// y = −t·ln σ(x) − (1 − t)·ln(1 − σ(x)) = max(x, 0) − x·t + ln(1 + e^−|x|); ∂y/∂x = (1 − t)·σ(x) − t·σ(−x) = σ(x) − t, ∂y/∂t = −x.
/// </summary>
internal readonly record struct BinaryCrossEntropyWithLogitsFunction : IBinaryFunction
{
    public static string Name => "BinaryCrossEntropyWithLogits";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L a, L b) where L : ILane<L> => L.Max(a, 0) - a * b + L.LogP1(L.Exp(-L.Abs(a)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeA<L>(L a, L b) where L : ILane<L>
    {
        // σ(x) − t would lose all digits where σ(x) rounds to t
        L e = L.Exp(-L.Abs(a));
        return ((1 - b) * L.WhereGreater(0, a, e, 1) - b * L.WhereGreater(0, a, 1, e)) / (1 + e);
    }

    public L DerivativeB<L>(L a, L b) where L : ILane<L> => -a;
}

/// <summary>loss = mean of −t·ln σ(x) − (1 − t)·ln(1 − σ(x)).</summary>
public static class BinaryCrossEntropyWithLogitsLoss
{
    extension<T>(Tensor<T> logits) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// −w⁺·t·ln σ(x) − (1 − t)·ln(1 − σ(x)) for logits x and targets t in [0, 1], with σ(x) = 1/(1 + e⁻ˣ): finite and accurate for
        /// logits of any size; ∂y/∂x = σ(x) − t without weights.
        /// </summary>
        /// <param name="target">
        /// Of the same shape; its gradient is −x without weights. A number outside [0, 1] is not refused, as in PyTorch: the formula holds,
        /// but the loss may be negative.
        /// </param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the logits.</param>
        /// <param name="positiveWeights">
        /// w⁺, of a shape that broadcasts to the logits': usually one for each column; the default tensor for 1. Above 1 it favors recall.
        /// </param>
        /// <param name="weights">
        /// Factors of the losses, of a shape that broadcasts to the losses'; the default tensor for 1 each. The mean still divides by the
        /// number of losses.
        /// </param>
        /// <exception cref="ArgumentException">
        /// The shapes differ, weights do not broadcast to them, or there is nothing to take the mean of.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">The reduction is not a defined value.</exception>
        public Tensor<T> BinaryCrossEntropyWithLogits(
            Tensor<T> target, LossReduction reduction = LossReduction.Mean, Tensor<T> positiveWeights = default,
            Tensor<T> weights = default)
        {
            const string name = "BinaryCrossEntropyWithLogits";
            if (positiveWeights.IsDefault && weights.IsDefault)
            {
                return ElementwiseLoss.Apply(new BinaryCrossEntropyWithLogitsFunction(), logits, target, reduction);
            }
            reduction.ThrowIfUndefined(name);
            ElementwiseLoss.CheckShapes(name, logits.Shape, target.Shape);
            ElementwiseLoss.CheckWeights(name, nameof(positiveWeights), positiveWeights.Shape, logits.Shape);
            ElementwiseLoss.CheckWeights(name, nameof(weights), weights.Shape, logits.Shape);
            reduction.ThrowIfMeanOfNothing(name, logits.Shape);
            Tensor<T> losses = positiveWeights.IsDefault
                ? Tensor<T>.Apply(new BinaryCrossEntropyWithLogitsFunction(), logits, target)
                : Tensor<T>.Apply(new PositivePart(), logits, target * positiveWeights)
                    + Tensor<T>.Apply(new PositivePart(), -logits, 1.0 - target);
            return reduction.Of(weights.IsDefault ? losses : losses * weights);
        }
    }

    /// <summary>y = −t·ln σ(x); ∂y/∂x = −t·σ(−x), ∂y/∂t = −ln σ(x).</summary>
    private readonly record struct PositivePart : IBinaryFunction
    {
        public static string Name => "BinaryCrossEntropyWithLogits";

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Value<L>(L a, L b) where L : ILane<L> => -b * new LogSigmoidFunction().Value(a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L DerivativeA<L>(L a, L b) where L : ILane<L> => -b * new SigmoidFunction().Value(-a);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L DerivativeB<L>(L a, L b) where L : ILane<L> => -new LogSigmoidFunction().Value(a);
    }
}
