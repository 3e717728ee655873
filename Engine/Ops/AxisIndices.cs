using System.Globalization;

namespace Engine;

/// <summary>Indices along an axis, as the operations take them that choose by them.</summary>
internal static class AxisIndices
{
    /// <summary>Checks that no index is out of range.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One is.</exception>
    public static void Check(ReadOnlySpan<int> indices, in Shape shape, int axis, string operation)
    {
        int extent = shape[axis];
        for (int i = 0; i < indices.Length; i++)
        {
            if ((uint)indices[i] >= (uint)extent)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{operation}: got index {indices[i]} at position {i} for axis {axis} of the shape {shape}, expected ")
                        + $"{Expected(extent)}.");
            }
        }
    }

    /// <summary>The indices of an axis, for messages.</summary>
    public static string Expected(int extent) => extent == 0 ? "none: the axis has no elements" : $"one from 0 to {extent - 1}";

    /// <summary>The shape with another extent on one axis.</summary>
    public static Shape WithExtent(in Shape shape, int axis, int extent)
    {
        Span<int> extents = stackalloc int[Shape.MaxRank];
        shape.Extents.CopyTo(extents);
        extents[axis] = extent;
        return new Shape(extents[..shape.Rank]);
    }
}
