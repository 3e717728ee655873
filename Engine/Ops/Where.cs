using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = then where mask ≠ 0, else otherwise; ∂y/∂then = 1 where mask ≠ 0 and 0 elsewhere, ∂y/∂otherwise the reverse; the mask gets no
/// gradient.
/// </summary>
public static class WhereOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// <paramref name="then"/> where <paramref name="mask"/> ≠ 0 (also where it is NaN), else <paramref name="otherwise"/>, all three
        /// with NumPy's broadcasting. What was not selected gets the gradient 0, whatever its value is.
        /// </summary>
        /// <param name="mask">What selects, such as the result of a comparison.</param>
        /// <param name="then">The values where the mask is not 0.</param>
        /// <param name="otherwise">The values where the mask is 0.</param>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> Where(in Tensor<T> mask, in Tensor<T> then, in Tensor<T> otherwise) =>
            SelectOp<T>.NotZero.Apply(new PairKernel<NotEqual, T>(), mask, Pairwise.Constant<T>(0), then, otherwise);
    }
}
