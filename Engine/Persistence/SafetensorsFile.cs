namespace Engine;

/// <summary>
/// An open safetensors file. Its header has been checked; each tensor is read from the file when it is asked for. Any number of threads may
/// read; a stream serves them in turn.
/// </summary>
/// <remarks>
/// Stricter than the format's own reader, which takes the last of two tensors of one name and ignores fields that it does not know: both
/// are refused here, as are blanks before the header.
/// </remarks>
public sealed class SafetensorsFile : IDisposable
{
    private readonly ByteSource _source;
    private readonly Dictionary<string, StoredTensor> _tensors;

    private SafetensorsFile(ByteSource source, SafetensorsHeader header)
    {
        _source = source;
        _tensors = header.Tensors.ToDictionary(static tensor => tensor.Name);
        Tensors = header.Tensors;
        Metadata = header.Metadata;
    }

    /// <summary>The path of the file, or <c>stream</c>.</summary>
    public string Path => _source.Name;

    /// <summary>The tensors, in the order of their data.</summary>
    public IReadOnlyList<StoredTensor> Tensors { get; }

    /// <summary>The texts that were saved with the tensors; none if the file has no metadata.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What the file says of one tensor.</summary>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    public StoredTensor this[string name] => Find(name) ?? throw new KeyNotFoundException(
        $"{Path}: got the name '{name}', expected one of the {FormattableString.Invariant($"{Tensors.Count}")} tensors in the file"
            + $"{string.Concat(Tensors.Take(5).Select(static (tensor, i) => $"{(i == 0 ? ": " : ", ")}{tensor.Name}"))}"
            + $"{(Tensors.Count > 5 ? ", …" : ".")}");

    /// <summary>What the file says of one tensor, or null.</summary>
    public StoredTensor? Find(string name) => _tensors.GetValueOrDefault(name);

    /// <summary>
    /// Reads a tensor. Numbers of other types are converted: rounded to the nearest, ties to even, beyond the largest to infinity; Booleans
    /// become 0 and 1.
    /// </summary>
    /// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    /// <exception cref="NotSupportedException">
    /// Its elements are no numbers that convert, or it has more dimensions or elements than a tensor can have.
    /// </exception>
    /// <exception cref="MalformedFileException">The file has become shorter since it was opened.</exception>
    public Tensor<T> Read<T>(string name) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        ElementType.Check<T>();
        StoredTensor stored = this[name];
        ElementReader.CheckConverts<T>(stored.Type, nameof(Read), name);
        Tensor<T> tensor = Tensor<T>.Uninitialized(StoredTensor.InMemory(stored.Shape, nameof(Read), name));
        ReadInto(stored, tensor.Output);
        return tensor;
    }

    /// <summary>
    /// Reads the elements of a tensor into memory of the caller's, in row-major order: into float and double from all numbers, as
    /// <see cref="Read"/> does, into other types from the same type alone.
    /// </summary>
    /// <param name="name">The name of the tensor.</param>
    /// <param name="destination">As many elements as the tensor has.</param>
    /// <typeparam name="TElement">
    /// <see cref="float"/>, <see cref="double"/>, <see cref="Half"/>, <see cref="bool"/> or an integer of 8 to 64 bits.
    /// </typeparam>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    /// <exception cref="NotSupportedException">Its elements cannot be read as this type.</exception>
    /// <exception cref="ArgumentException">The destination has more or fewer elements.</exception>
    /// <exception cref="MalformedFileException">The file has become shorter since it was opened.</exception>
    public void ReadInto<TElement>(string name, Span<TElement> destination) where TElement : unmanaged
    {
        StoredTensor stored = this[name];
        ElementReader.CheckConverts<TElement>(stored.Type, nameof(ReadInto), name);
        CheckLength(destination.Length, stored.Length, name, "elements");
        ReadInto(stored, destination);
    }

    /// <summary>Reads the bytes of a tensor of any type as they are in the file.</summary>
    /// <param name="name">The name of the tensor.</param>
    /// <param name="destination">As many bytes as the tensor has.</param>
    /// <exception cref="KeyNotFoundException">There is none of this name.</exception>
    /// <exception cref="ArgumentException">The destination has more or fewer bytes.</exception>
    /// <exception cref="MalformedFileException">The file has become shorter since it was opened.</exception>
    public void ReadBytes(string name, Span<byte> destination)
    {
        StoredTensor stored = this[name];
        CheckLength(destination.Length, stored.ByteLength, name, "bytes");
        _source.Read(stored.Offset, destination);
    }

    /// <summary>Closes the file, or the stream if it was not to be left open.</summary>
    public void Dispose() => _source.Dispose();

    internal static SafetensorsFile Open(ByteSource source)
    {
        try
        {
            return new(source, SafetensorsHeader.Read(source));
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Reads bytes of the file as they are.</summary>
    internal void ReadRaw(long offset, Span<byte> destination) => _source.Read(offset, destination);

    /// <summary>Reads a tensor whose type and length have been checked.</summary>
    internal void ReadInto<TElement>(StoredTensor stored, Span<TElement> destination) where TElement : unmanaged =>
        ElementReader.Read(_source, stored.Offset, stored.Type, ByteOrder.LittleEndian, destination);

    private static void CheckLength(int got, long expected, string name, string what)
    {
        if (got != expected)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"ReadInto: got room for {got} {what} of '{name}', expected {expected}."), "destination");
        }
    }
}
