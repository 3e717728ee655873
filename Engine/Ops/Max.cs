using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y = max x over some axes or all; ∂y/∂x = 1/k at each of the k elements that are equal to y, and 0 elsewhere: a tie is divided evenly, as
/// by PyTorch's amax and by <see cref="MaximumOp"/>, so that the order of the elements does not matter.
/// </summary>
public static class MaxOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The largest element, a scalar whose number is its <see cref="Tensor{T}.Item"/>; NaN if one is NaN.</summary>
        /// <exception cref="InvalidOperationException">There are no elements.</exception>
        public Tensor<T> Max() => ExtremumOp<MaxFold, T>.Apply(x, axisSet: -1, keep: false);

        /// <summary>The largest element along one axis; NaN if one is NaN.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="keepDimensions">Whether the axis is kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="InvalidOperationException">There are no elements along the axis.</exception>
        public Tensor<T> Max(int axis, bool keepDimensions = false) => x.Max([axis], keepDimensions);

        /// <summary>The largest element along some axes; NaN if one is NaN.</summary>
        /// <param name="axes">The axes, each once; a negative one counts from the last. Without any the result is a copy of x.</param>
        /// <param name="keepDimensions">Whether the axes are kept, with extent 1.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">An axis is repeated.</exception>
        /// <exception cref="InvalidOperationException">There are no elements along the axes.</exception>
        public Tensor<T> Max(ReadOnlySpan<int> axes, bool keepDimensions = false) =>
            ExtremumOp<MaxFold, T>.Apply(x, x.Shape.AxisSet(axes, "Max"), keepDimensions);
    }
}
