using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = eˣ − t·x, ∂y/∂x = eˣ − t, ∂y/∂t = −x.</summary>
internal readonly record struct PoissonNegativeLogLikelihoodFunction : IBinaryFunction
{
    public static string Name => "PoissonNegativeLogLikelihood";

    public L Value<L>(L a, L b) where L : ILane<L> => L.Exp(a) - b * a;

    public L DerivativeA<L>(L a, L b) where L : ILane<L> => L.Exp(a) - b;

    public L DerivativeB<L>(L a, L b) where L : ILane<L> => -a;
}

/// <summary>The negative logarithm of a Poisson distribution's probability of a count, without the term ln t!.</summary>
public static class PoissonNegativeLogLikelihoodLoss
{
    extension<T>(Tensor<T> prediction) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// eˣ − t·x for logarithms x of rates and counts t; without <paramref name="logInput"/> x − t·ln(x + ε) for rates x. The term
        /// ln t!, which does not depend on the prediction, is left out. Where the rate eˣ overflows, the loss is
        /// infinite.
        /// </summary>
        /// <param name="target">Counts, of the prediction's shape; their gradient is −x or −ln(x + ε).</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the prediction.</param>
        /// <param name="logInput">Whether the prediction is the logarithm of the rate.</param>
        /// <param name="epsilon">ε ≥ 0, which keeps the logarithm of a rate 0 finite; not used with <paramref name="logInput"/>.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// ε is negative or not finite, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> PoissonNegativeLogLikelihood(
            Tensor<T> target, LossReduction reduction = LossReduction.Mean, bool logInput = true, double epsilon = 1e-8)
        {
            LossOption.RequireNotNegative("PoissonNegativeLogLikelihood", nameof(epsilon), epsilon);
            return logInput
                ? ElementwiseLoss.Apply(new PoissonNegativeLogLikelihoodFunction(), prediction, target, reduction)
                : ElementwiseLoss.Apply(new OfRates(epsilon), prediction, target, reduction);
        }
    }

    /// <summary>y = x − t·ln(x + ε), ∂y/∂x = 1 − t/(x + ε), ∂y/∂t = −ln(x + ε).</summary>
    private readonly record struct OfRates(double Epsilon) : IBinaryFunction
    {
        public static string Name => "PoissonNegativeLogLikelihood";

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Value<L>(L a, L b) where L : ILane<L> => a - b * L.Log(a + Epsilon);

        public L DerivativeA<L>(L a, L b) where L : ILane<L> => 1 - b / (a + Epsilon);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L DerivativeB<L>(L a, L b) where L : ILane<L> => -L.Log(a + Epsilon);
    }
}
