using System.Globalization;

namespace Engine;

/// <summary>A tensor in a file, as the header describes it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Shape">The extents, outermost first; none for a scalar. Any number of them, of any size.</param>
/// <param name="Offset">The byte of the file where its elements begin.</param>
/// <param name="ByteLength">The number of bytes of its elements.</param>
public sealed record StoredTensor(string Name, DataType Type, IReadOnlyList<long> Shape, long Offset, long ByteLength)
{
    /// <summary>The number of elements.</summary>
    public long Length => ByteLength * 8 / Type.Bits;

    /// <summary>Name, type and shape.</summary>
    public override string ToString() => $"{Name} {Type} {Format(Shape)}";

    /// <summary>For example <c>[2, 3]</c>; a scalar is <c>[]</c>.</summary>
    internal static string Format(IEnumerable<long> shape) =>
        $"[{string.Join(", ", shape.Select(static extent => extent.ToString(CultureInfo.InvariantCulture)))}]";

    /// <summary>The shape of a tensor in memory.</summary>
    /// <exception cref="NotSupportedException">A tensor cannot have so many dimensions or elements.</exception>
    internal static Shape InMemory(IReadOnlyList<long> shape, string operation, string name)
    {
        // numbers of elements were checked when the file was opened, except of those without elements, whose extents may be anything
        bool fits = shape.Count <= Engine.Shape.MaxRank && shape.All(static extent => extent <= Engine.Shape.MaxLength)
            && (shape.Contains(0) || shape.Aggregate(1L, static (length, extent) => length * extent) <= Engine.Shape.MaxLength);
        return fits
            ? new Shape([.. shape.Select(static extent => (int)extent)])
            : throw new NotSupportedException(string.Create(
                CultureInfo.InvariantCulture,
                $"{operation}: got the shape {Format(shape)} of '{name}', expected at most {Engine.Shape.MaxRank} dimensions and ")
                + string.Create(CultureInfo.InvariantCulture, $"{Engine.Shape.MaxLength} elements, the most that a tensor can hold."));
    }
}
