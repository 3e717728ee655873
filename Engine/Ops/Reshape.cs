using System.Numerics;

namespace Engine;

/// <summary>
/// The same elements under another shape. It is a view: gradients are accumulated by element, so that it needs no backward pass of its
/// own.
/// </summary>
public static class ReshapeOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The same elements, in the same order and the same memory, under another shape.</summary>
        /// <param name="extents">The extents, with as many elements as x; one may be −1 and is computed from the others.</param>
        /// <exception cref="ArgumentException">
        /// The number of elements differs, −1 is repeated or cannot be computed, or another extent is negative.
        /// </exception>
        public Tensor<T> Reshape(params ReadOnlySpan<int> extents)
        {
            int free = extents.IndexOf(-1);
            // the first negative extent must be the −1, and the last
            if (extents.IndexOfAnyInRange(int.MinValue, -1) != free || extents.LastIndexOfAnyInRange(int.MinValue, -1) != free)
            {
                throw new ArgumentException(
                    $"Reshape: got {Shape.Format(extents)} for the shape {x.Shape}, expected non-negative extents, or a single -1 among "
                        + "them.",
                    nameof(extents));
            }
            if (free < 0 || extents.Length > Shape.MaxRank)
            {
                return View(x, new Shape(extents, nameof(Reshape)));
            }
            Span<int> whole = stackalloc int[extents.Length];
            extents.CopyTo(whole);
            whole[free] = 1;
            int others = new Shape(whole, nameof(Reshape)).Length;
            if (others == 0 || x.Length % others != 0)
            {
                throw new ArgumentException(
                    $"Reshape: got {Shape.Format(extents)} for {x.Length} elements of shape {x.Shape}, expected a shape "
                        + "whose other extents divide that number.",
                    nameof(extents));
            }
            whole[free] = x.Length / others;
            return View(x, new Shape(whole));
        }

        /// <summary>The same elements with several axes in a row joined to one; all axes if none are named.</summary>
        /// <param name="first">The first of the axes; a negative one counts from the last.</param>
        /// <param name="last">The last of them.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">The last axis lies before the first.</exception>
        public Tensor<T> Flatten(int first = 0, int last = -1)
        {
            Shape shape = x.Shape;
            if (shape.Rank == 0)
            {
                return View(x, [1]);
            }
            int from = shape.Axis(first, nameof(Flatten)), to = shape.Axis(last, nameof(Flatten));
            if (from > to)
            {
                throw new ArgumentException($"Flatten: got the axes {first} to {last} of the shape {shape}, expected them in order.");
            }
            Span<int> extents = stackalloc int[Shape.MaxRank];
            shape.Extents[..from].CopyTo(extents);
            extents[from] = shape.ElementCount(from, to + 1);
            shape.Extents[(to + 1)..].CopyTo(extents[(from + 1)..]);
            return View(x, new Shape(extents[..(shape.Rank - to + from)]));
        }

        /// <summary>The same elements, in the same order and the same memory, under another shape.</summary>
        /// <exception cref="ArgumentException">The number of elements differs.</exception>
        public Tensor<T> Reshape(in Shape shape) => View(x, shape);
    }

    private static Tensor<T> View<T>(in Tensor<T> x, in Shape shape)
        where T : unmanaged, IFloatingPointIeee754<T> => shape.Length == x.Length
        ? new Tensor<T>(x.Buffer, shape)
        : throw new ArgumentException(
            $"Reshape: got the shape {shape} of {shape.Length} elements for the shape {x.Shape} of {x.Length}, expected the same number.",
            nameof(shape));
}
