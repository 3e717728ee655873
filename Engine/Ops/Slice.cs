using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>y is a region of x: a range of each axis; ∂loss/∂x is g there and 0 elsewhere.</summary>
public static class SliceOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// A copy of a region: <c>x.Slice(1..3, .., (.., 2))</c> takes rows 1 and 2, all of the second axis and every other element of the
        /// third.
        /// </summary>
        /// <param name="ranges">A range for each of the first axes; the axes that are left out are taken whole.</param>
        /// <exception cref="ArgumentException">There are more ranges than axes.</exception>
        /// <exception cref="ArgumentOutOfRangeException">A range leaves its axis, or a step is below 1.</exception>
        public Tensor<T> Slice(params ReadOnlySpan<AxisRange> ranges)
        {
            Shape shape = x.Shape;
            int rank = shape.Rank;
            if (ranges.Length > rank)
            {
                throw new ArgumentException(
                    $"Slice: got {ranges.Length} ranges for the shape {shape}, expected at most {rank}.", nameof(ranges));
            }
            Span<int> bounds = stackalloc int[2 * rank], region = stackalloc int[rank];
            Span<int> starts = bounds[..rank], steps = bounds[rank..];
            for (int axis = 0; axis < rank; axis++)
            {
                AxisRange range = axis < ranges.Length ? ranges[axis] : Range.All;
                (starts[axis], region[axis]) = Bounds(range, shape, axis);
                steps[axis] = range.Step;
            }
            Tensor<T> y = Tape<T>.Allocate(new Shape(region), out Span<T> elements);
            Region.Read(x.Span, shape.Extents, starts, steps, elements, region);
            return Tape<T>.Record(new Node<T> { Op = SliceBackward<T>.Instance, A = x }, y, [], bounds);
        }

        /// <summary>A copy of what has one index on an axis; the result lacks the axis.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <param name="index">From 0; <c>^1</c> is the last.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis, or it has no such index.</exception>
        public Tensor<T> Select(int axis, Index index)
        {
            axis = x.Shape.Axis(axis, nameof(Select));
            int extent = x.Shape[axis], at = index.GetOffset(extent);
            if ((uint)at >= (uint)extent)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(index),
                    $"Select: got index {index} for axis {axis} of the shape {x.Shape}, expected {AxisIndices.Expected(extent)}.");
            }
            Span<AxisRange> ranges = stackalloc AxisRange[axis + 1];
            ranges.Fill(Range.All);
            ranges[axis] = at..(at + 1);
            return x.Slice(ranges).Squeeze(axis);
        }
    }

    /// <summary>The first index of a range, and how many there are.</summary>
    private static (int Start, int Count) Bounds(AxisRange range, in Shape shape, int axis)
    {
        int extent = shape[axis], start = range.Range.Start.GetOffset(extent), end = range.Range.End.GetOffset(extent);
        return range.Step >= 1 && start >= 0 && start <= end && end <= extent
            ? (start, (int)(((long)end - start + range.Step - 1) / range.Step))
            : throw new ArgumentOutOfRangeException(
                "ranges",
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"Slice: got the range {range.Range} with step {range.Step} on axis {axis} of the shape {shape}, expected a range "
                        + $"within 0..{extent} and a step of at least 1."));
    }

    private sealed class SliceBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly SliceBackward<T> Instance = new();

        public override string Name => "Slice";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            int rank = node.A.Shape.Rank;
            ReadOnlySpan<int> bounds = context.Indices;
            Tensor<T> g = context.OutputGradient;
            Region.Add(
                context.AccumulatedGradient(node.A), node.A.Shape.Extents, bounds[..rank], bounds[rank..], g.Span, g.Shape.Extents);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context) =>
            context.Accumulate(node.A, PadOp.Embed(context.OutputGradient, node.A.Shape, context.Indices));
    }
}
