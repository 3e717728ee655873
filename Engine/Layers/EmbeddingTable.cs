using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>What the two kinds of embedding have in common: the table's initial values, and the conversion of indices.</summary>
internal static class EmbeddingTable
{
    /// <summary>The initial table.</summary>
    public static Tensor<T> Create<T>(int count, int features, RandomKey key, Initializer? initializer, string layer)
        where T : unmanaged, IFloatingPointIeee754<T> => count >= 1 && features >= 1
        ? (initializer ?? Initializers.Normal(0, 1)).Create<T>([count, features], key.Fold("weight"))
        : throw new ArgumentOutOfRangeException(
            count < 1 ? nameof(count) : nameof(features),
            string.Create(CultureInfo.InvariantCulture, $"{layer}: got {count} vectors of {features}, expected at least 1 of each."));

    /// <summary>The shape of indices: that which is given, or a list of them.</summary>
    public static Shape ShapeOf(ReadOnlySpan<int> indices, ReadOnlySpan<int> shape, string layer)
    {
        Shape given = shape.IsEmpty ? [indices.Length] : new Shape(shape);
        return given.Length == indices.Length ? given : throw new ArgumentException(
            FormattableString.Invariant($"{layer}: got {indices.Length} indices for the shape {given}, expected {given.Length}."),
            nameof(shape));
    }

    /// <summary>The shape of the vectors of indices of a shape.</summary>
    public static Shape Output(in Shape indices, int features, string layer)
    {
        if (indices.Rank == Shape.MaxRank)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"{layer}: got indices of the shape {indices}, expected at most {Shape.MaxRank - 1} axes."),
                nameof(indices));
        }
        Span<int> extents = stackalloc int[indices.Rank + 1];
        indices.Extents.CopyTo(extents);
        extents[^1] = features;
        return new Shape(extents);
    }

    /// <summary>The elements of a tensor as indices.</summary>
    public static RentedIndices Indices<T>(in Tensor<T> x, string layer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> elements = x.Span;
        RentedIndices indices = new(elements.Length);
        for (int i = 0; i < elements.Length; i++)
        {
            int index = int.CreateSaturating(elements[i]);
            if (T.CreateTruncating(index) != elements[i])
            {
                indices.Dispose();
                throw new ArgumentOutOfRangeException(
                    nameof(x),
                    string.Create(
                        CultureInfo.InvariantCulture, $"{layer}: got {elements[i]} at position {i}, expected a whole number: an index."));
            }
            indices.Span[i] = index;
        }
        return indices;
    }
}
