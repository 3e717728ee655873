using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = t(ln t − x), 0 where t = 0; ∂y/∂x = −t, ∂y/∂t = ln t + 1 − x, 0 where t = 0.</summary>
internal readonly record struct KullbackLeiblerFunction : IBinaryFunction
{
    public static string Name => "KullbackLeibler";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L a, L b) where L : ILane<L> => L.WhereGreater(L.Abs(b), 0, b * (L.Log(b) - a), b);

    public L DerivativeA<L>(L a, L b) where L : ILane<L> => -b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeB<L>(L a, L b) where L : ILane<L> => L.WhereGreater(L.Abs(b), 0, L.Log(b) + 1 - a, b);
}

/// <summary>The divergence D(target ‖ prediction) = Σ t(ln t − x), where x is the logarithm of the predicted probability.</summary>
public static class KullbackLeiblerLoss
{
    extension<T>(Tensor<T> logProbabilities) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// t(ln t − x) for logarithms x of probabilities, as from <c>LogSoftmax</c>, and probabilities t, 0 where t is 0; with
        /// <paramref name="logTarget"/> eᵗ(t − x) for logarithms t. The divergence of distributions in rows is the sum divided by the
        /// number of rows (PyTorch's "batchmean"): the mean divides by the number of elements.
        /// </summary>
        /// <param name="target">
        /// Of the same shape; a negative probability gives NaN. Its gradient is ln t + 1 − x, and 0 where t is 0; with
        /// <paramref name="logTarget"/> eᵗ(t + 1 − x).
        /// </param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the prediction.</param>
        /// <param name="logTarget">Whether the target holds logarithms of probabilities.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The reduction is not a defined value.</exception>
        public Tensor<T> KullbackLeibler(
            Tensor<T> target, LossReduction reduction = LossReduction.Mean, bool logTarget = false) => logTarget
            ? ElementwiseLoss.Apply(new OfLogarithms(), logProbabilities, target, reduction)
            : ElementwiseLoss.Apply(new KullbackLeiblerFunction(), logProbabilities, target, reduction);
    }

    /// <summary>y = eᵗ(t − x), ∂y/∂x = −eᵗ, ∂y/∂t = eᵗ(t + 1 − x), each 0 where eᵗ is.</summary>
    private readonly record struct OfLogarithms : IBinaryFunction
    {
        public static string Name => "KullbackLeibler";

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L Value<L>(L a, L b) where L : ILane<L>
        {
            L p = L.Exp(b);
            return L.WhereGreater(p, 0, p * (b - a), p);
        }

        public L DerivativeA<L>(L a, L b) where L : ILane<L> => -L.Exp(b);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public L DerivativeB<L>(L a, L b) where L : ILane<L>
        {
            L p = L.Exp(b);
            return L.WhereGreater(p, 0, p * (b + 1 - a), p);
        }
    }
}
