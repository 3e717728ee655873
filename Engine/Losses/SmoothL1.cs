using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// y = d²/(2β) where d = |p − t| &lt; β, else d − β/2; ∂y/∂p = (p − t)/β where d &lt; β, else sign(p − t); ∂y/∂t = −∂y/∂p.
/// </summary>
internal readonly record struct SmoothL1Function(double Beta) : IBinaryFunction
{
    public static string Name => "SmoothL1";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L a, L b) where L : ILane<L>
    {
        L d = L.Abs(a - b);
        return L.WhereGreater(Beta, d, 0.5 * d * d / Beta, d - 0.5 * Beta);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeA<L>(L a, L b) where L : ILane<L>
    {
        L difference = a - b;
        return L.WhereGreater(Beta, L.Abs(difference), difference / Beta, L.Sign(difference));
    }

    public L DerivativeB<L>(L a, L b) where L : ILane<L> => DerivativeA(b, a);
}

/// <summary>loss = mean of d²/(2β) where d = |p − t| is below β, else of d − β/2.</summary>
public static class SmoothL1Loss
{
    extension<T>(Tensor<T> prediction) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// With d = |prediction − target|: d²/(2β) where d is below β, else d − β/2 (R. Girshick: Fast R-CNN, 2015). It is
        /// <c>Huber</c> with δ = β, divided by β. The target gets the negative gradient of the prediction.
        /// </summary>
        /// <param name="target">Of the prediction's shape.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the prediction.</param>
        /// <param name="beta">β ≥ 0; with 0 it is the absolute error.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// β is negative or not finite, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> SmoothL1(Tensor<T> target, LossReduction reduction = LossReduction.Mean, double beta = 1)
        {
            LossOption.RequireNotNegative("SmoothL1", nameof(beta), beta);
            return ElementwiseLoss.Apply(new SmoothL1Function(beta), prediction, target, reduction);
        }
    }
}
