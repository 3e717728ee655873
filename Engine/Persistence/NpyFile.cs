using System.Numerics;

namespace Engine;

/// <summary>
/// An open .npy file, or one in an open .npz archive. Its header has been checked; its elements are read when they are asked for.
/// </summary>
public sealed class NpyFile : IDisposable
{
    /// <summary>So many elements of a column-major array are read before they are put into their rows.</summary>
    private const int ScatteredElements = 1024;

    private readonly ByteSource _source;
    private readonly NpyHeader _header;

    private NpyFile(ByteSource source, NpyHeader header)
    {
        _source = source;
        _header = header;
    }

    /// <summary>The type of the elements.</summary>
    public DataType Type => _header.Type;

    /// <summary>The extents, outermost first; none for a scalar.</summary>
    public IReadOnlyList<long> Shape => _header.Shape;

    /// <summary>The number of elements.</summary>
    public long Length => _header.Length;

    /// <summary>
    /// Reads the array. Numbers of other types are converted: rounded to the nearest, ties to even, beyond the largest to infinity;
    /// Booleans become 0 and 1.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <exception cref="NotSupportedException">The array has more dimensions or elements than a tensor can have.</exception>
    /// <exception cref="MalformedFileException">
    /// The file has become shorter since it was opened; or, in an archive, its data are damaged.
    /// </exception>
    public Tensor<T> Read<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        Tensor<T> tensor = Tensor<T>.Uninitialized(StoredTensor.InMemory(Shape, nameof(Read), _source.Name));
        ReadElements(tensor.Output);
        return tensor;
    }

    /// <summary>
    /// Reads the elements into memory of the caller's, in row-major order: into float and double from all numbers, as <see cref="Read"/>
    /// does, into other types from the same type alone.
    /// </summary>
    /// <param name="destination">As many elements as the array has.</param>
    /// <typeparam name="TElement">
    /// <see cref="float"/>, <see cref="double"/>, <see cref="Half"/>, <see cref="bool"/> or an integer of 8 to 64 bits.
    /// </typeparam>
    /// <exception cref="NotSupportedException">The elements cannot be read as this type.</exception>
    /// <exception cref="ArgumentException">The destination has more or fewer elements.</exception>
    /// <exception cref="MalformedFileException">
    /// The file has become shorter since it was opened; or, in an archive, its data are damaged.
    /// </exception>
    public void ReadInto<TElement>(Span<TElement> destination) where TElement : unmanaged
    {
        ElementReader.CheckConverts<TElement>(Type, nameof(ReadInto), _source.Name);
        if (destination.Length != Length)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"ReadInto: got room for {destination.Length} elements of '{_source.Name}', expected {Length}."),
                nameof(destination));
        }
        ReadElements(destination);
    }

    /// <summary>Closes the file, or the stream if it was not to be left open.</summary>
    public void Dispose() => _source.Dispose();

    internal static NpyFile Open(ByteSource source)
    {
        try
        {
            return new(source, NpyHeader.Read(source));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    private void ReadElements<TElement>(Span<TElement> destination) where TElement : unmanaged
    {
        if (_header.IsColumnMajor && Shape.Count(static extent => extent > 1) > 1)
        {
            ReadColumns(destination);
        }
        else
        {
            ElementReader.Read(_source, _header.DataOffset, Type, _header.Order, destination);
        }
    }

    /// <summary>Reads elements of which the first index varies fastest, and puts each where its indices belong.</summary>
    private void ReadColumns<TElement>(Span<TElement> destination) where TElement : unmanaged
    {
        long[] strides = new long[Shape.Count], indices = new long[Shape.Count];
        long stride = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= Shape[axis];
        }
        TElement[] read = new TElement[Math.Min(ScatteredElements, destination.Length)];
        long offset = _header.DataOffset, place = 0;
        for (int done = 0; done < destination.Length; done += read.Length)
        {
            Span<TElement> elements = read.AsSpan(0, Math.Min(read.Length, destination.Length - done));
            ElementReader.Read(_source, offset, Type, _header.Order, elements);
            offset += (long)elements.Length * Type.Bits / 8;
            foreach (TElement element in elements)
            {
                destination[(int)place] = element;
                for (int axis = 0; axis < indices.Length; axis++)
                {
                    place += strides[axis];
                    if (++indices[axis] < Shape[axis])
                    {
                        break;
                    }
                    place -= strides[axis] * Shape[axis];
                    indices[axis] = 0;
                }
            }
        }
    }
}
