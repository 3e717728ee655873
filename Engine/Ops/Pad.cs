using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// y is x as a region of a larger tensor, which is a constant elsewhere; ∂loss/∂x is the region of g. It is the reverse of a slice.
/// </summary>
public static class PadOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>A copy of x with a constant added before and after it along each axis.</summary>
        /// <param name="amounts">
        /// How many elements to add before and after, for each of the last axes: a single pair pads the last axis.
        /// </param>
        /// <param name="value">The constant.</param>
        /// <exception cref="ArgumentException">There are more amounts than axes, or the result is too large.</exception>
        /// <exception cref="ArgumentOutOfRangeException">An amount is negative.</exception>
        public Tensor<T> Pad(ReadOnlySpan<(int Before, int After)> amounts, double value = 0)
        {
            int rank = x.Shape.Rank, first = rank - amounts.Length;
            if (first < 0)
            {
                throw new ArgumentException(
                    $"Pad: got {amounts.Length} amounts for the shape {x.Shape}, expected at most {rank}.", nameof(amounts));
            }
            Span<int> extents = stackalloc int[rank], bounds = stackalloc int[2 * rank];
            x.Shape.Extents.CopyTo(extents);
            bounds[..rank].Clear();
            bounds[rank..].Fill(1);
            for (int axis = first; axis < rank; axis++)
            {
                (int before, int after) = amounts[axis - first];
                if (before < 0 || after < 0)
                {
                    throw new ArgumentOutOfRangeException(
                        nameof(amounts),
                        string.Create(
                            System.Globalization.CultureInfo.InvariantCulture,
                            $"Pad: got {before} before and {after} after axis {axis} of the shape {x.Shape}, expected ")
                            + "non-negative numbers.");
                }
                long extent = (long)extents[axis] + before + after;
                if (extent > int.MaxValue)
                {
                    throw new ArgumentException(
                        string.Create(
                            System.Globalization.CultureInfo.InvariantCulture,
                            $"Pad: got {before} before and {after} after axis {axis} of the shape {x.Shape}, expected an extent of at ")
                            + $"most {int.MaxValue}.",
                        nameof(amounts));
                }
                (bounds[axis], extents[axis]) = (before, (int)extent);
            }
            return Apply(x, new Shape(extents, "Pad"), bounds, T.CreateTruncating(value));
        }
    }

    /// <summary>Zeros of a shape, but x in a region.</summary>
    /// <param name="x">The region's elements.</param>
    /// <param name="shape">The shape around it.</param>
    /// <param name="bounds">The first index on each axis, then the distance from one element to the next on each.</param>
    internal static Tensor<T> Embed<T>(in Tensor<T> x, in Shape shape, ReadOnlySpan<int> bounds)
        where T : unmanaged, IFloatingPointIeee754<T> => Apply(x, shape, bounds, T.Zero);

    private static Tensor<T> Apply<T>(in Tensor<T> x, in Shape shape, ReadOnlySpan<int> bounds, T value)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rank = shape.Rank;
        Tensor<T> y = Tape<T>.Allocate(shape, out Span<T> elements);
        elements.Fill(value);
        Region.Write(elements, shape.Extents, bounds[..rank], bounds[rank..], x.Span, x.Shape.Extents);
        return Tape<T>.Record(new Node<T> { Op = PadBackward<T>.Instance, A = x }, y, [], bounds);
    }

    private sealed class PadBackward<T> : Op<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public static readonly PadBackward<T> Instance = new();

        public override string Name => "Pad";

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            int rank = node.A.Shape.Rank;
            ReadOnlySpan<int> bounds = context.Indices;
            Tensor<T> dx = context.Allocate(node.A, out Span<T> elements), g = context.OutputGradient;
            Region.Read(g.Span, g.Shape.Extents, bounds[..rank], bounds[rank..], elements, dx.Shape.Extents);
            context.Accumulate(node.A, dx);
        }

        protected internal override void RecordBackward(in Node<T> node, in BackwardContext<T> context)
        {
            int rank = node.A.Shape.Rank;
            ReadOnlySpan<int> bounds = context.Indices;
            Span<AxisRange> ranges = stackalloc AxisRange[rank];
            for (int axis = 0; axis < rank; axis++)
            {
                int start = bounds[axis], step = bounds[rank + axis];
                ranges[axis] = (start..(start + (node.A.Shape[axis] - 1) * step + 1), step);
            }
            context.Accumulate(node.A, node.A.Length == 0 ? node.A.Detach() : context.OutputGradient.Slice(ranges));
        }
    }
}
