using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = then where a &gt; b, else otherwise; ∂y/∂then = 1 where a &gt; b and 0 elsewhere, ∂y/∂otherwise the reverse; a and b only select
/// and get no gradient.
/// </summary>
public static class WhereGreaterOp
{
    extension<T>(Tensor<T>) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// <paramref name="then"/> where a &gt; b, else <paramref name="otherwise"/> (also where a or b is NaN), all four with NumPy's
        /// broadcasting.
        /// </summary>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public static Tensor<T> WhereGreater(in Tensor<T> a, in Tensor<T> b, in Tensor<T> then, in Tensor<T> otherwise) =>
            SelectOp<T>.Greater.Apply(new PairKernel<GreaterThan, T>(), a, b, then, otherwise);
    }
}
