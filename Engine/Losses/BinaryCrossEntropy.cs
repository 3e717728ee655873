using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// y = −t·ln p − (1 − t)·ln(1 − p), each logarithm at least −100; ∂y/∂p = (p − t)/(p(1 − p)), the denominator at least 10⁻¹², as in
/// PyTorch; ∂y/∂t = ln(1 − p) − ln p.
/// </summary>
internal readonly record struct BinaryCrossEntropyFunction : IBinaryFunction
{
    private const double LeastLogarithm = -100, LeastDenominator = 1e-12;

    public static string Name => "BinaryCrossEntropy";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L a, L b) where L : ILane<L> =>
        (b - 1) * L.Max(L.LogP1(-a), LeastLogarithm) - b * L.Max(L.Log(a), LeastLogarithm);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeA<L>(L a, L b) where L : ILane<L> => (a - b) / L.Max((1 - a) * a, LeastDenominator);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeB<L>(L a, L b) where L : ILane<L> =>
        L.Max(L.LogP1(-a), LeastLogarithm) - L.Max(L.Log(a), LeastLogarithm);
}

/// <summary>loss = mean of −t·ln p − (1 − t)·ln(1 − p).</summary>
public static class BinaryCrossEntropyLoss
{
    extension<T>(Tensor<T> probabilities) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// −t·ln p − (1 − t)·ln(1 − p) for probabilities p and targets t in [0, 1]. Logarithms are bounded below by −100, and p(1 − p),
        /// which the gradient is divided by, by 10⁻¹², so that both stay finite at 0 and 1. A p that is NaN gives NaN. For logits, use
        /// <c>BinaryCrossEntropyWithLogits</c>, which is accurate for logits of any size.
        /// </summary>
        /// <param name="target">t, of the same shape; its gradient is ln(1 − p) − ln p.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the probabilities.</param>
        /// <param name="weights">
        /// Factors of the losses, of a shape that broadcasts to the losses'; the default tensor for 1 each. The mean still divides by the
        /// number of losses.
        /// </param>
        /// <exception cref="ArgumentException">
        /// The shapes differ, the weights do not broadcast to them, or there is nothing to take the mean of.
        /// </exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A p or t is outside [0, 1], a t is NaN, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> BinaryCrossEntropy(
            Tensor<T> target, LossReduction reduction = LossReduction.Mean, Tensor<T> weights = default)
        {
            const string name = "BinaryCrossEntropy";
            if (weights.IsDefault)
            {
                return ElementwiseLoss.Apply(new BinaryCrossEntropyFunction(), default(Probabilities), probabilities, target, reduction);
            }
            reduction.ThrowIfUndefined(name);
            ElementwiseLoss.CheckWeights(name, nameof(weights), weights.Shape, probabilities.Shape);
            reduction.ThrowIfMeanOfNothing(name, probabilities.Shape);
            Tensor<T> losses = ElementwiseLoss.Apply(
                new BinaryCrossEntropyFunction(), default(Probabilities), probabilities, target, LossReduction.None);
            return reduction.Of(losses * weights);
        }
    }
}
