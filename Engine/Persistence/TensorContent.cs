using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// A tensor to be written into a file: elements of any type with their shape. The elements are read when they are written.
/// </summary>
public abstract class TensorContent
{
    private TensorContent(DataType type, long[] shape, long byteLength)
    {
        Type = type;
        Shape = shape;
        ByteLength = byteLength;
    }

    /// <summary>The type of the elements.</summary>
    public DataType Type { get; }

    /// <summary>The extents, outermost first; none for a scalar.</summary>
    public IReadOnlyList<long> Shape { get; }

    /// <summary>The number of bytes that the elements take in a file.</summary>
    public long ByteLength { get; }

    /// <summary>Writes the elements, the least significant byte first.</summary>
    internal abstract void WriteTo(Stream stream);

    /// <summary>A tensor, which must not be expired when it is written.</summary>
    /// <param name="tensor">The tensor; not copied.</param>
    /// <exception cref="InvalidOperationException">It is the default tensor, or expired.</exception>
    public static TensorContent Of<T>(in Tensor<T> tensor) where T : unmanaged, IFloatingPointIeee754<T> => new OfTensor<T>(tensor);

    /// <summary>Numbers or Booleans in row-major order.</summary>
    /// <param name="elements">As many as the shape has; not copied.</param>
    /// <param name="shape">The extents, outermost first; none for a scalar.</param>
    /// <typeparam name="TElement">
    /// <see cref="float"/>, <see cref="double"/>, <see cref="Half"/>, <see cref="bool"/> or an integer of 8 to 64 bits.
    /// </typeparam>
    /// <exception cref="NotSupportedException">The type of the elements is another.</exception>
    /// <exception cref="ArgumentException">The number of elements is not that of the shape, or an extent is negative.</exception>
    public static TensorContent From<TElement>(ReadOnlyMemory<TElement> elements, params ReadOnlySpan<long> shape)
        where TElement : unmanaged
    {
        DataType type = DataTypes.Of<TElement>();
        return CountOf(shape) == elements.Length
            ? new OfMemory<TElement>(type, elements, shape.ToArray())
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"TensorContent: got {elements.Length} elements for the shape {StoredTensor.Format(shape.ToArray())}, ")
                    + string.Create(CultureInfo.InvariantCulture, $"expected {CountOf(shape)}."),
                nameof(elements));
    }

    /// <summary>
    /// Elements of any type, as the bytes that a file has of them: the least significant byte first, rows one after the other.
    /// </summary>
    /// <param name="type">The type of the elements.</param>
    /// <param name="bytes">As many as the elements fill; not copied.</param>
    /// <param name="shape">The extents, outermost first; none for a scalar.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such type.</exception>
    /// <exception cref="ArgumentException">
    /// The number of bytes is not that of the shape, an extent is negative, or the elements do not fill whole bytes.
    /// </exception>
    public static TensorContent FromBytes(DataType type, ReadOnlyMemory<byte> bytes, params ReadOnlySpan<long> shape)
    {
        if (!Enum.IsDefined(type))
        {
            throw new ArgumentOutOfRangeException(nameof(type), $"TensorContent: got the type {type}, expected one that is defined.");
        }
        return (Int128)CountOf(shape) * type.Bits == (Int128)bytes.Length * 8
            ? new OfBytes(type, bytes, shape.ToArray())
            : throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"TensorContent: got {bytes.Length} bytes for the shape {StoredTensor.Format(shape.ToArray())} of {type}, ")
                    + string.Create(
                        CultureInfo.InvariantCulture, $"expected {(Int128)CountOf(shape) * type.Bits} bits, which fill whole bytes."),
                nameof(bytes));
    }

    /// <summary>A tensor, as <see cref="Of"/> makes it.</summary>
    public static implicit operator TensorContent(Tensor<float> tensor) => Of(tensor);

    /// <summary>A tensor, as <see cref="Of"/> makes it.</summary>
    public static implicit operator TensorContent(Tensor<double> tensor) => Of(tensor);

    private static long CountOf(ReadOnlySpan<long> shape)
    {
        long count = shape.Contains(0) ? 0 : 1;
        foreach (long extent in shape)
        {
            if (extent < 0 || (extent > 0 && count > long.MaxValue / extent))
            {
                throw new ArgumentException(
                    $"TensorContent: got the shape {StoredTensor.Format(shape.ToArray())}, expected extents from 0 on and a number of "
                        + "elements below 2⁶³.",
                    nameof(shape));
            }
            count *= extent;
        }
        return count;
    }

    private sealed class OfTensor<T>(Tensor<T> tensor) : TensorContent(
        DataTypes.Of<T>(), Array.ConvertAll(tensor.Shape.ToArray(), static extent => (long)extent), BytesOf<T>(tensor.Length))
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        internal override void WriteTo(Stream stream) => ElementWriter.Write(stream, tensor.Span, ByteOrders.OfThisMachine);
    }

    private sealed class OfMemory<TElement>(DataType type, ReadOnlyMemory<TElement> elements, long[] shape)
        : TensorContent(type, shape, BytesOf<TElement>(elements.Length)) where TElement : unmanaged
    {
        internal override void WriteTo(Stream stream) => ElementWriter.Write(stream, elements.Span, ByteOrders.OfThisMachine);
    }

    private sealed class OfBytes(DataType type, ReadOnlyMemory<byte> bytes, long[] shape) : TensorContent(type, shape, bytes.Length)
    {
        internal override void WriteTo(Stream stream) => stream.Write(bytes.Span);
    }

    private static unsafe long BytesOf<TElement>(int length) where TElement : unmanaged => (long)length * sizeof(TElement);
}
