using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// y = d²/2 where d = |p − t| ≤ δ, else δ(d − δ/2); ∂y/∂p = p − t, limited to ±δ; ∂y/∂t = −∂y/∂p.
/// </summary>
internal readonly record struct HuberFunction(double Delta) : IBinaryFunction
{
    public static string Name => "Huber";

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L Value<L>(L a, L b) where L : ILane<L>
    {
        L d = L.Abs(a - b);
        return L.WhereGreater(d, Delta, Delta * (d - 0.5 * Delta), 0.5 * d * d);
    }

    public L DerivativeA<L>(L a, L b) where L : ILane<L> => L.Min(L.Max(a - b, -Delta), Delta);

    public L DerivativeB<L>(L a, L b) where L : ILane<L> => L.Min(L.Max(b - a, -Delta), Delta);
}

/// <summary>loss = mean of d²/2 where d = |p − t| is at most δ, else of δ(d − δ/2).</summary>
public static class HuberLoss
{
    extension<T>(Tensor<T> prediction) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// With d = |prediction − target|: d²/2 where d is at most δ, else δ(d − δ/2), so that outliers have gradients of ±δ (P. J. Huber:
        /// Robust estimation of a location parameter, 1964). The target gets the negative gradient of the prediction.
        /// </summary>
        /// <param name="target">Of the prediction's shape.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the prediction.</param>
        /// <param name="delta">δ &gt; 0.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// δ is not above 0 or not finite, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> Huber(Tensor<T> target, LossReduction reduction = LossReduction.Mean, double delta = 1)
        {
            LossOption.RequirePositive("Huber", nameof(delta), delta);
            return ElementwiseLoss.Apply(new HuberFunction(delta), prediction, target, reduction);
        }
    }
}
