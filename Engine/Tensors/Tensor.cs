using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Numbers in row-major order with a <see cref="Shape"/>; read-only. A tensor computed while a tape records is valid until that tape's
/// next recording, a gradient until the next one is written, and a tensor of a batch until the next batch is taken: then it is expired
/// and throws, and never silently shows other values. All other tensors own their memory; none needs disposing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly partial struct Tensor<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Buffer<T>? _buffer;
    private readonly int _generation;

    internal Tensor(Buffer<T> buffer, in Shape shape)
    {
        _buffer = buffer;
        _generation = buffer.Generation;
        Shape = shape;
    }

    /// <summary>The extents.</summary>
    public Shape Shape { get; }

    /// <summary>Whether this is the default value, which stands for a missing optional input, such as a bias.</summary>
    public bool IsDefault => _buffer is null;

    /// <summary>The number of elements.</summary>
    public int Length => Buffer.Length;

    /// <summary>The elements in row-major order.</summary>
    /// <exception cref="InvalidOperationException">The tensor is expired.</exception>
    public ReadOnlySpan<T> Span => Buffer.Span;

    /// <summary>The value of a tensor with one element.</summary>
    /// <exception cref="InvalidOperationException">The tensor does not have exactly one element, or is expired.</exception>
    public T Item =>
        Length == 1 ? Span[0] : throw new InvalidOperationException($"Item: got the shape {Shape}, expected exactly one element.");

    /// <summary>One element.</summary>
    /// <param name="indices">One index for each axis.</param>
    /// <exception cref="ArgumentException">There are not as many indices as axes.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An index lies outside its axis.</exception>
    [System.Runtime.CompilerServices.IndexerName("At")]
    public T this[params ReadOnlySpan<int> indices] => Span[Offset(indices)];

    /// <summary>The memory, if the tensor is still valid.</summary>
    internal Buffer<T> Buffer => _buffer is not null && _buffer.Generation == _generation
        ? _buffer
        : throw Invalid();

    /// <summary>The elements, to be written: by the operation that computes them, or by who changes a parameter.</summary>
    internal Span<T> Output
    {
        get
        {
            Buffer<T> buffer = Buffer;
            buffer.MarkWritten();
            return buffer.Span;
        }
    }

    /// <summary>The elements; none if the tensor is a missing optional input.</summary>
    internal ReadOnlySpan<T> OptionalSpan => IsDefault ? [] : Span;

    /// <summary>Whether the elements are in this buffer.</summary>
    internal bool Uses(Buffer<T> buffer) => ReferenceEquals(_buffer, buffer);

    /// <summary>Whether the elements are in the same memory as another tensor's.</summary>
    internal bool SharesMemoryWith(in Tensor<T> other) => ReferenceEquals(_buffer, other._buffer);

    /// <summary>A tensor with a copy of <paramref name="values"/>.</summary>
    /// <param name="values">Row-major; as many as <paramref name="shape"/> has elements.</param>
    /// <param name="shape">The extents.</param>
    /// <exception cref="ArgumentException">The number of values does not fit the shape.</exception>
    public static Tensor<T> From(ReadOnlySpan<T> values, in Shape shape)
    {
        if (values.Length != shape.Length)
        {
            throw new ArgumentException(
                $"Tensor.From: got {values.Length} values for the shape {shape}, expected {shape.Length}.", nameof(values));
        }
        Tensor<T> tensor = Uninitialized(shape);
        values.CopyTo(tensor.Output);
        return tensor;
    }

    /// <summary>A vector with a copy of <paramref name="values"/>.</summary>
    public static Tensor<T> From(params ReadOnlySpan<T> values) => From(values, [values.Length]);

    internal static Tensor<T> Uninitialized(in Shape shape) => new(Buffer<T>.ForResult(shape.Length, clear: false), shape);

    /// <summary>This tensor if its elements never change, else a copy.</summary>
    internal Tensor<T> Immutable() => Buffer is { Arena: null, Parameter: null, IsMutable: false, IsBatch: false } ? this : Clone();

    /// <summary>The shape with another extent on the first axis.</summary>
    internal Shape ShapeOfRows(int rows)
    {
        Span<int> extents = stackalloc int[Shape.MaxRank];
        Shape.Extents.CopyTo(extents);
        extents[0] = rows;
        return new Shape(extents[..Shape.Rank]);
    }

    /// <summary>A copy with memory of its own, which is a constant to every tape.</summary>
    public Tensor<T> Clone() => From(Span, Shape);

    /// <summary>A copy of the elements in row-major order.</summary>
    public T[] ToArray() => Span.ToArray();

    /// <summary>
    /// The index of the largest element along an axis, for each place on the other axes in row-major order. Of equal elements the first
    /// counts, and NaN counts as the largest.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    /// <exception cref="InvalidOperationException">There are no elements along the axis.</exception>
    public int[] ArgMax(int axis = -1) => IndicesOf(axis, largest: true, nameof(ArgMax));

    /// <summary>
    /// The index of the smallest element along an axis, for each place on the other axes in row-major order. Of equal elements the first
    /// counts, and NaN counts as the smallest.
    /// </summary>
    /// <param name="axis">The axis; a negative one counts from the last.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    /// <exception cref="InvalidOperationException">There are no elements along the axis.</exception>
    public int[] ArgMin(int axis = -1) => IndicesOf(axis, largest: false, nameof(ArgMin));

    private int[] IndicesOf(int axis, bool largest, string operation)
    {
        axis = Shape.AxisOrElement(axis, operation);
        int extent = Shape.Rank == 0 ? 1 : Shape[axis], inner = Shape.ElementCount(axis + 1, Shape.Rank);
        if (extent == 0)
        {
            throw new InvalidOperationException($"{operation}: got the shape {Shape} without elements, expected at least one.");
        }
        ReadOnlySpan<T> values = Span;
        int[] indices = new int[values.Length / extent];
        for (int place = 0; place < indices.Length; place++)
        {
            int start = place / inner * extent * inner + place % inner, found = 0;
            for (int i = 1; i < extent && !T.IsNaN(values[start + found * inner]); i++)
            {
                T value = values[start + i * inner], other = values[start + found * inner];
                found = largest ? value <= other ? found : i : value >= other ? found : i; // not "greater", which NaN is not
            }
            indices[place] = found;
        }
        return indices;
    }

    /// <summary>The shape and the first elements.</summary>
    public override string ToString()
    {
        if (_buffer is null || _buffer.Generation != _generation)
        {
            return _buffer is null ? "no tensor" : $"{Shape} expired";
        }
        const int shown = 8;
        ReadOnlySpan<T> span = Span;
        List<string> texts = [];
        for (int i = 0; i < Math.Min(shown, span.Length); i++)
        {
            texts.Add(span[i].ToString("G6", CultureInfo.InvariantCulture));
        }
        return $"{Shape} {{ {string.Join(", ", texts)}{(span.Length > shown ? ", …" : "")} }}";
    }

    private InvalidOperationException Invalid() => new(
        _buffer is null ? "Tensor: got the default tensor, which has no elements, expected one with a value."
        : _buffer.GradientOf is { } parameter
            ? $"Tensor: got the gradient of '{parameter.Name}' of shape {Shape} that is expired: another was written in its place since. "
                + "Keep a gradient with ToArray or Clone."
        : _buffer.IsBatch
            ? $"Tensor: got a tensor of shape {Shape} from a batch that is expired: the next batch was written in its place since. "
                + "End the recording and its backward pass before the next batch, or keep values with ToArray or Clone."
        : $"Tensor: got a tensor of shape {Shape} that is expired: its tape has begun another recording since. "
            + "Keep values beyond a recording with ToArray or Clone.");

    private int Offset(ReadOnlySpan<int> indices)
    {
        if (indices.Length != Shape.Rank)
        {
            throw new ArgumentException(
                $"Tensor: got {indices.Length} indices for the shape {Shape}, expected {Shape.Rank}.", nameof(indices));
        }
        int offset = 0;
        for (int axis = 0; axis < indices.Length; axis++)
        {
            if ((uint)indices[axis] >= (uint)Shape[axis])
            {
                throw new ArgumentOutOfRangeException(
                    nameof(indices),
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"Tensor: got index {indices[axis]} on axis {axis} of the shape {Shape}, ")
                        + (Shape[axis] == 0 ? "which has no elements." : $"expected 0 to {Shape[axis] - 1}."));
            }
            offset = offset * Shape[axis] + indices[axis];
        }
        return offset;
    }
}
