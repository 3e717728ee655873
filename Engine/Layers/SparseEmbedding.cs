using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// A table of vectors whose gradient is kept for the rows that were used, so that a step costs the same however large the table is. The
/// table's <see cref="Parameter{T}"/> never has a gradient: <see cref="StepRows"/> updates its rows in place of the optimizer's own step.
/// </summary>
/// <example>
/// <code>
/// tape.Backward(loss);
/// embedding.StepRows(optimizer);
/// optimizer.Step();
/// </code>
/// </example>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class SparseEmbedding<T> : Layer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Lookup _lookup;
    private readonly Buffer<T> _buffer = new(0, clear: false);
    private int[] _rows = [];
    private T[] _gradients = [];
    private int _count;

    /// <summary>A table initialized with the standard normal distribution, unless an initializer is given.</summary>
    /// <param name="count">The number of vectors, at least 1.</param>
    /// <param name="features">The length of a vector, at least 1.</param>
    /// <param name="key">The key of the initial values.</param>
    /// <param name="initializer">The initial table.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is below 1.</exception>
    public SparseEmbedding(int count, int features, RandomKey key, Initializer? initializer = null)
    {
        Weight = AddParameter("weight", EmbeddingTable.Create<T>(count, features, key, initializer, nameof(SparseEmbedding<>)));
        _lookup = new(this);
    }

    /// <summary>The table, [count, features].</summary>
    public Parameter<T> Weight { get; }

    /// <summary>
    /// The rows that have a gradient, in the order of the backward pass; a row that was used several times is several times here.
    /// </summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>The gradients of <see cref="Rows"/>, one row after another.</summary>
    public ReadOnlySpan<T> Gradients => _gradients.AsSpan(0, _count * Weight.Shape[1]);

    /// <summary>The layer and its extents.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"SparseEmbedding({Weight.Shape[0]} × {Weight.Shape[1]})");

    /// <summary>The vectors of indices.</summary>
    /// <param name="indices">From 0 to count − 1; not retained.</param>
    /// <param name="shape">The extents of the indices; none for a list of them.</param>
    /// <returns>[.. shape, features].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An index has no vector.</exception>
    /// <exception cref="ArgumentException">The shape has another number of elements.</exception>
    public Tensor<T> Forward(ReadOnlySpan<int> indices, params ReadOnlySpan<int> shape) =>
        Read(indices, EmbeddingTable.ShapeOf(indices, shape, nameof(SparseEmbedding<>)));

    /// <summary>The vectors of indices that a tensor holds, as whole numbers.</summary>
    /// <param name="x">Of any shape, with elements from 0 to count − 1.</param>
    /// <returns>[.. the shape of x, features].</returns>
    /// <exception cref="ArgumentOutOfRangeException">An element is not a whole number, or has no vector.</exception>
    public override Tensor<T> Forward(Tensor<T> x)
    {
        using RentedIndices indices = EmbeddingTable.Indices(x, nameof(SparseEmbedding<>));
        return Read(indices.Span, x.Shape);
    }

    /// <summary>Updates the rows that have a gradient, and clears it. Does nothing if none has.</summary>
    /// <param name="optimizer">An optimizer that has the table, in a group of an elementwise rule.</param>
    /// <exception cref="ArgumentException">The table is not in this optimizer.</exception>
    /// <exception cref="InvalidOperationException">The table's rule is not elementwise, or the optimizer is in use.</exception>
    public void StepRows(Optimizer<T> optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        if (_count > 0)
        {
            _buffer.Assign(_gradients, 0, _count * Weight.Shape[1]);
            optimizer.StepRows(Weight, Rows, new Tensor<T>(_buffer, [_count, Weight.Shape[1]]));
            ClearGradients();
        }
    }

    /// <summary>Forgets the gradients.</summary>
    public void ClearGradients() => _count = 0;

    private Tensor<T> Read(ReadOnlySpan<int> indices, in Shape shape)
    {
        AxisIndices.Check(indices, Weight.Shape, 0, nameof(SparseEmbedding<>));
        Tensor<T> y = Tape<T>.Allocate(
            EmbeddingTable.Output(shape, Weight.Shape[1], nameof(SparseEmbedding<>)), out Span<T> elements);
        Kernels.IndexedRows.Read(Weight.Value.Span, Weight.Shape[0], Weight.Shape[1], indices, elements);
        return Tape<T>.Record(new Node<T> { Op = _lookup, A = Weight.Value }, y, [], indices);
    }

    private void Receive(ReadOnlySpan<int> rows, ReadOnlySpan<T> gradients)
    {
        int features = Weight.Shape[1], count = _count + rows.Length;
        if (_rows.Length < count)
        {
            Array.Resize(ref _rows, Math.Max(count, 2 * _rows.Length));
            Array.Resize(ref _gradients, _rows.Length * features);
        }
        rows.CopyTo(_rows.AsSpan(_count));
        gradients.CopyTo(_gradients.AsSpan(_count * features));
        _count = count;
    }

    /// <summary>The lookup of rows: its backward pass hands their gradients to the layer.</summary>
    private sealed class Lookup(SparseEmbedding<T> owner) : Op<T>, IGradientSink
    {
        public override string Name => "SparseEmbedding";

        public int Count => owner._count;

        public void Truncate(int count) => owner._count = count;

        protected internal override void Backward(in Node<T> node, in BackwardContext<T> context)
        {
            context.WriteTo(this);
            owner.Receive(context.Indices, context.OutputGradient.Span);
        }
    }
}
