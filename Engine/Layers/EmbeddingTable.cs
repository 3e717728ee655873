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

    /// <summary>The shape of the vectors of indices.</summary>
    public static Shape Output(ReadOnlySpan<int> indices, ReadOnlySpan<int> shape, int features, string layer)
    {
        Span<int> extents = stackalloc int[Shape.MaxRank];
        int rank = Math.Max(1, shape.Length);
        if (rank >= Shape.MaxRank || (shape.Length > 0 && new Shape(shape).Length != indices.Length))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{layer}: got {indices.Length} indices for the shape {Shape.Format(shape)}, expected as many as it has elements, "
                        + $"and at "
                        + $"most {Shape.MaxRank - 1} axes."), nameof(shape));
        }
        extents[0] = indices.Length;
        shape.CopyTo(extents);
        extents[rank] = features;
        return new Shape(extents[..(rank + 1)]);
    }

    /// <summary>The elements of a tensor as indices, in memory that is reused.</summary>
    public static ReadOnlySpan<int> Indices<T>(in Tensor<T> x, ref int[] memory, string layer)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> elements = x.Span;
        if (memory.Length < elements.Length)
        {
            memory = new int[elements.Length];
        }
        for (int i = 0; i < elements.Length; i++)
        {
            memory[i] = int.CreateSaturating(elements[i]);
            if (T.CreateTruncating(memory[i]) != elements[i])
            {
                throw new ArgumentOutOfRangeException(
                    nameof(x),
                    string.Create(
                        CultureInfo.InvariantCulture, $"{layer}: got {elements[i]} at position {i}, expected a whole number: an index."));
            }
        }
        return memory.AsSpan(0, elements.Length);
    }
}
