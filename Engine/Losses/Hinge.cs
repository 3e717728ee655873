using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>y = max(0, 1 − t·x); ∂y/∂x = −t where t·x &lt; 1, else 0 (at 1 too); ∂y/∂t = −x there.</summary>
internal readonly record struct HingeFunction : IBinaryFunction
{
    public static string Name => "Hinge";

    public L Value<L>(L a, L b) where L : ILane<L> => L.Max(0, 1 - b * a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeA<L>(L a, L b) where L : ILane<L> => L.WhereGreater(1, b * a, -b, 0);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public L DerivativeB<L>(L a, L b) where L : ILane<L> => L.WhereGreater(1, b * a, -a, 0);
}

/// <summary>loss = mean of max(0, 1 − t·x).</summary>
public static class HingeLoss
{
    extension<T>(Tensor<T> prediction) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// max(0, 1 − t·x) for predictions x and targets t = ±1: the loss of support vector machines (C. Cortes, V. Vapnik: Support-vector
        /// networks, 1995). The gradient is −t where t·x is below 1, else 0.
        /// </summary>
        /// <param name="target">Of the prediction's shape, 1 or −1; its gradient is −x where t·x is below 1, else 0.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the prediction.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
        /// <exception cref="ArgumentOutOfRangeException">
        /// A target is neither 1 nor −1, or the reduction is not a defined value.
        /// </exception>
        public Tensor<T> Hinge(Tensor<T> target, LossReduction reduction = LossReduction.Mean) =>
            ElementwiseLoss.Apply(new HingeFunction(), default(SignTargets), prediction, target, reduction);
    }
}
