using System.Numerics;

namespace Engine;

/// <summary>The parts of a tensor along an axis: slices.</summary>
public static class SplitOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>Parts of equal extent along an axis. The array of the parts is on the heap.</summary>
        /// <param name="parts">Their number, which divides the axis.</param>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">The number of parts is below 1 or does not divide the axis.</exception>
        public Tensor<T>[] Split(int parts, int axis = 0)
        {
            axis = x.Shape.Axis(axis, nameof(Split));
            int extent = x.Shape[axis];
            if (parts < 1 || extent % parts != 0)
            {
                throw new ArgumentException(
                    string.Create(
                        System.Globalization.CultureInfo.InvariantCulture,
                        $"Split: got {parts} parts for axis {axis} of the shape {x.Shape}, expected a number that divides {extent}."),
                    nameof(parts));
            }
            int[] extents = new int[parts];
            Array.Fill(extents, extent / parts);
            return x.Split(extents, axis);
        }

        /// <summary>Parts of given extents along an axis. The array of the parts is on the heap.</summary>
        /// <param name="extents">The parts' extents, whose sum is that of the axis.</param>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">An extent is negative, or their sum is not that of the axis.</exception>
        public Tensor<T>[] Split(ReadOnlySpan<int> extents, int axis = 0)
        {
            axis = x.Shape.Axis(axis, nameof(Split));
            long sum = 0;
            bool isNegative = false;
            foreach (int extent in extents)
            {
                sum += extent;
                isNegative |= extent < 0;
            }
            if (isNegative || sum != x.Shape[axis])
            {
                throw new ArgumentException(
                    $"Split: got the extents {Shape.Format(extents)} for axis {axis} of the shape {x.Shape}, expected "
                        + "non-negative numbers that add up to that of the axis.", nameof(extents));
            }
            Tensor<T>[] parts = new Tensor<T>[extents.Length];
            Span<AxisRange> ranges = stackalloc AxisRange[axis + 1];
            ranges.Fill(Range.All);
            int start = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                ranges[axis] = start..(start + extents[i]);
                start += extents[i];
                parts[i] = x.Slice(ranges);
            }
            return parts;
        }
    }
}
