using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// A table of vectors, one for each word or class: it replaces indices, of any shape, by their vectors. The gradient is as large as
/// the table; where that is too large, use <see cref="SparseEmbedding{T}"/>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Embedding<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A table initialized with the standard normal distribution, as in PyTorch, unless an initializer is given.</summary>
    /// <param name="count">The number of vectors, at least 1.</param>
    /// <param name="features">The length of a vector, at least 1.</param>
    /// <param name="key">The key of the initial values.</param>
    /// <param name="initializer">The initial table.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public Embedding(int count, int features, RandomKey key, Initializer? initializer = null) =>
        Weight = AddParameter("weight", EmbeddingTable.Create<T>(count, features, key, initializer, nameof(Embedding<>)));

    /// <summary>The table, [count, features].</summary>
    public Parameter<T> Weight { get; }

    /// <summary>The layer and its extents.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"Embedding({Weight.Shape[0]} × {Weight.Shape[1]})");

    /// <summary>The vectors of indices.</summary>
    /// <param name="indices">From 0 to count − 1; not retained.</param>
    /// <param name="shape">The extents of the indices; none for a list of them.</param>
    /// <returns>[.. shape, features].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index has no vector.</exception>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public Tensor<T> Forward(ReadOnlySpan<int> indices, params ReadOnlySpan<int> shape) =>
        Read(indices, EmbeddingTable.ShapeOf(indices, shape, nameof(Embedding<>)));

    /// <summary>The vectors of indices that a tensor holds, as whole numbers.</summary>
    /// <param name="x">Of any shape, with elements from 0 to count − 1.</param>
    /// <returns>[.. the shape of x, features].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An element is not a whole number, or has no vector.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        using RentedIndices indices = EmbeddingTable.Indices(x, nameof(Embedding<>));
        return Read(indices.Span, x.Shape);
    }

    private Tensor<T> Read(ReadOnlySpan<int> indices, in Shape shape) =>
        IndexSelectOp.Apply(Weight.Value, 0, indices, nameof(Embedding<>))
            .Reshape(EmbeddingTable.Output(shape, Weight.Shape[1], nameof(Embedding<>)));
}
