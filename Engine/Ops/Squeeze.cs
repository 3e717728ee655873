using System.Numerics;

namespace Engine;

/// <summary>The same elements with an axis of extent 1 removed or inserted: views, as <c>Reshape</c> gives them.</summary>
public static class SqueezeOp
{
    extension<T>(Tensor<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>The same elements without an axis of extent 1.</summary>
        /// <param name="axis">The axis; a negative one counts from the last.</param>
        /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
        /// <exception cref="ArgumentException">The axis has another extent than 1.</exception>
        public Tensor<T> Squeeze(int axis)
        {
            axis = x.Shape.Axis(axis, nameof(Squeeze));
            return x.Shape[axis] == 1
                ? x.Reshape(x.Shape.Without(1 << axis, keep: false))
                : throw new ArgumentException(
                    $"Squeeze: got axis {axis} of the shape {x.Shape}, expected one of extent 1.", nameof(axis));
        }

        /// <summary>The same elements with a further axis of extent 1.</summary>
        /// <param name="axis">Where the axis is in the result; a negative one counts from the last of the result.</param>
        /// <exception cref="ArgumentOutOfRangeException">The result cannot have such an axis.</exception>
        /// <exception cref="ArgumentException">x has as many axes as a tensor can have.</exception>
        public Tensor<T> Unsqueeze(int axis) => WithAxis(x, axis, nameof(Unsqueeze));
    }

    /// <summary>The same elements with a further axis, for an operation that names itself in messages.</summary>
    internal static Tensor<T> WithAxis<T>(in Tensor<T> x, int axis, string operation) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int rank = x.Shape.Rank + 1;
        if (axis < -rank || axis >= rank)
        {
            throw new ArgumentOutOfRangeException(
                nameof(axis),
                string.Create(
                    System.Globalization.CultureInfo.InvariantCulture,
                    $"{operation}: got axis {axis} for the shape {x.Shape}, expected one from {-rank} to {rank - 1}."));
        }
        if (rank > Shape.MaxRank)
        {
            throw new ArgumentException($"{operation}: got the shape {x.Shape}, expected fewer than {Shape.MaxRank} axes.", nameof(axis));
        }
        int at = axis < 0 ? axis + rank : axis;
        Span<int> extents = stackalloc int[Shape.MaxRank];
        x.Shape.Extents[..at].CopyTo(extents);
        extents[at] = 1;
        x.Shape.Extents[at..].CopyTo(extents[(at + 1)..]);
        return x.Reshape(new Shape(extents[..rank]));
    }
}
