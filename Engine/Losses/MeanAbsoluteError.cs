using System.Numerics;

namespace Engine;

/// <summary>y = |p − t|, ∂y/∂p = sign(p − t), 0 where they are equal; ∂y/∂t = −∂y/∂p.</summary>
internal readonly record struct MeanAbsoluteErrorFunction : IBinaryFunction
{
    public static string Name => "MeanAbsoluteError";

    public L Value<L>(L a, L b) where L : ILane<L> => L.Abs(a - b);

    public L DerivativeA<L>(L a, L b) where L : ILane<L> => L.Sign(a - b);

    public L DerivativeB<L>(L a, L b) where L : ILane<L> => L.Sign(b - a);
}

/// <summary>loss = mean of |p − t|, which PyTorch calls L1 loss.</summary>
public static class MeanAbsoluteErrorLoss
{
    extension<T>(Tensor<T> prediction) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The mean or the sum of |prediction − target|, or each of them (PyTorch's L1 loss). The gradient is the sign of the difference,
        /// 0 where there is none; the target gets its negative.
        /// </summary>
        /// <param name="target">Of the prediction's shape.</param>
        /// <param name="reduction">Mean and sum give a scalar; none gives the shape of the prediction.</param>
        /// <exception cref="ArgumentException">The shapes differ, or there is nothing to take the mean of.</exception>
        /// <exception cref="ArgumentOutOfRangeException">The reduction is not a defined value.</exception>
        public Tensor<T> MeanAbsoluteError(Tensor<T> target, LossReduction reduction = LossReduction.Mean) =>
            ElementwiseLoss.Apply(new MeanAbsoluteErrorFunction(), prediction, target, reduction);
    }
}
