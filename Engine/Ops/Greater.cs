using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y = 1 where a &gt; b, else 0; 0 where a or b is NaN. A mask is a constant: no gradient flows through it.</summary>
public static class GreaterOp
{
    extension<T>(Tensor<T> a) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// 1 where a &gt; b, else 0 (0 where a or b is NaN), with NumPy's broadcasting; a constant for recordings.
        /// </summary>
        /// <param name="b">The right side.</param>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Greater(in Tensor<T> b) => Pairwise.Mask(new PairKernel<GreaterThan, T>(), a, b, "Greater");

        /// <summary>
        /// 1 where a &gt; b, else 0 (0 where a or b is NaN); a constant for recordings. The number is rounded to a's precision.
        /// </summary>
        /// <param name="b">The right side.</param>
        public Tensor<T> Greater(double b) => a.Greater(Pairwise.Constant<T>(b));
    }
}
