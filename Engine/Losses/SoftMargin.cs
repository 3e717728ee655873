using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = ln(1 + e^(−t·x)) = −ln σ(t·x), ∂y/∂x = −t·σ(−t·x), ∂y/∂t = −x·σ(−t·x).</summary>
internal readonly record struct SoftMarginFunction : IBinaryFunction
{
    public static string Name => "SoftMargin";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L a, L b) where L : ILane<L> => -new LogSigmoidFunction().Value(b * a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeA<L>(L a, L b) where L : ILane<L> => -b * new SigmoidFunction().Value(-(b * a));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeB<L>(L a, L b) where L : ILane<L> => -a * new SigmoidFunction().Value(-(b * a));
}

/// <summary>loss = mean of ln(1 + e^(−t·x)).</summary>
public static class SoftMarginLoss
{
    extension<T>(Tensor<T> prediction) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>ln(1 + e^(−t·x)) for predictions x and targets t = ±1: the logistic loss, finite for predictions of any size.</summary>
        /// <param name="target">Of the prediction's shape, 1 or −1; its gradient is −x·σ(−t·x).</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the prediction.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A target is neither 1 nor −1, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> SoftMargin(Tensor<T> target, LossReduction reduction = LossReduction.Mean) =>
            ElementwiseLoss.Apply(new SoftMarginFunction(), default(SignTargets), prediction, target, reduction);
    }
}
