using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Numbers in row-major order with a <see cref="Shape"/>; read-only. A tensor computed while a tape records is valid until that tape's
/// next recording: then it is expired and throws, and never silently shows other values. All other tensors own their memory; none needs
/// disposing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public readonly struct Tensor<T> where T : unmanaged, IFloatingPointIeee754<T>
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
    /// <exception cref="InvalidOperationException">The tensor is expired: its tape has begun another recording since.</exception>
    public ReadOnlySpan<T> Span => Buffer.Span;

    /// <summary>The value of a tensor with one element.</summary>
    /// <exception cref="InvalidOperationException">The tensor has not exactly one element, or is expired.</exception>
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
        : throw new InvalidOperationException(_buffer is null
            ? "Tensor: got the default tensor, which has no elements, expected one with a value."
            : $"Tensor: got a tensor of shape {Shape} that is expired: its tape has begun another recording since. "
                + "Keep values beyond a recording with ToArray or Clone.");

    /// <summary>The elements, writable: for the operation that computes them.</summary>
    internal Span<T> Output => Buffer.Span;

    /// <summary>The elements; none if the tensor is a missing optional input.</summary>
    internal ReadOnlySpan<T> OptionalSpan => IsDefault ? [] : Span;

    /// <summary>Whether the elements are in this buffer.</summary>
    internal bool Uses(Buffer<T> buffer) => ReferenceEquals(_buffer, buffer);

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

    /// <summary>All elements 0.</summary>
    public static Tensor<T> Zeros(in Shape shape) => new(new Buffer<T>(shape.Length, clear: true), shape);

    /// <summary>All elements <paramref name="value"/>.</summary>
    public static Tensor<T> Full(in Shape shape, T value)
    {
        Tensor<T> tensor = Uninitialized(shape);
        tensor.Output.Fill(value);
        return tensor;
    }

    internal static Tensor<T> Uninitialized(in Shape shape) => new(new Buffer<T>(shape.Length, clear: false), shape);

    /// <summary>A copy with memory of its own, which is a constant to every tape.</summary>
    public Tensor<T> Clone() => From(Span, Shape);

    /// <summary>A copy of the elements in row-major order.</summary>
    public T[] ToArray() => Span.ToArray();

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
                    nameof(indices), indices[axis],
                    $"Tensor: got index {indices[axis]} on axis {axis} of the shape {Shape}, expected 0 to {Shape[axis] - 1}.");
            }
            offset = offset * Shape[axis] + indices[axis];
        }
        return offset;
    }
}
