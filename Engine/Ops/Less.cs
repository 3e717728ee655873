using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y = 1 where a &lt; b, else 0; 0 where a or b is NaN. A mask is a constant: no gradient flows through it.</summary>
public static class LessOp
{
    extension<T>(Tensor<T> a) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// 1 where a &lt; b, else 0 (0 where a or b is NaN), with NumPy's broadcasting; a constant for recordings.
        /// </summary>
        /// <param name="b">The right side.</param>
        /// <exception cref="ArgumentException">The shapes do not broadcast.</exception>
        public Tensor<T> Less(in Tensor<T> b) => Pairwise.Mask(new PairKernel<LessThan, T>(), a, b, "Less");

        /// <summary>
        /// 1 where a &lt; b, else 0 (0 where a or b is NaN); a constant for recordings. The number is rounded to a's precision.
        /// </summary>
        /// <param name="b">The right side.</param>
        public Tensor<T> Less(double b) => a.Less(Pairwise.Constant<T>(b));
    }
}
