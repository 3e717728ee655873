using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Engine;

/// <summary>What the beginning of an .npy file says of its array (NumPy Enhancement Proposal 1, versions 1.0 to 3.0).</summary>
/// <param name="Type">The type of the elements.</param>
/// <param name="Order">The order of the bytes of an element.</param>
/// <param name="IsColumnMajor">Whether the first index varies fastest: NumPy's <c>fortran_order</c>.</param>
/// <param name="Shape">The extents.</param>
/// <param name="DataOffset">Where the elements begin.</param>
internal sealed record NpyHeader(DataType Type, ByteOrder Order, bool IsColumnMajor, long[] Shape, long DataOffset)
{
    /// <summary>The longest header that NumPy itself reads without being told to.</summary>
    private const int MaxLength = 10_000;

    private const int Alignment = 64, MaxRank = 64;

    /// <summary>The digits that NumPy keeps free, so that an array can grow along its first axis in place.</summary>
    private const int GrowthDigits = 21;

    private static readonly (DataType Type, string Name)[] s_types =
    [
        (DataType.Bool, "b1"), (DataType.Int8, "i1"), (DataType.UInt8, "u1"), (DataType.Int16, "i2"), (DataType.UInt16, "u2"),
        (DataType.Float16, "f2"), (DataType.Int32, "i4"), (DataType.UInt32, "u4"), (DataType.Float32, "f4"), (DataType.Int64, "i8"),
        (DataType.UInt64, "u8"), (DataType.Float64, "f8"),
    ];

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The number of elements; the header has been checked.</summary>
    public long Length => Shape.Aggregate(1L, static (length, extent) => length * extent);

    /// <summary>The number of bytes of the elements.</summary>
    public long ByteLength => Length * Type.Bits / 8;

    /// <summary>Reads and checks a header.</summary>
    /// <exception cref="MalformedFileException">The file is malformed.</exception>
    public static NpyHeader Read(ByteSource source)
    {
        const int prefixLength = 8;
        Span<byte> prefix = stackalloc byte[prefixLength + 4];
        if (source.Length < prefixLength)
        {
            throw Fail(0, FileDefect.HeaderTooShort, $"got {source.Length} bytes, expected at least {prefixLength}");
        }
        source.Read(0, prefix[..prefixLength]);
        if (!prefix.StartsWith(Magic))
        {
            throw Fail(
                0, FileDefect.WrongFormat,
                $"got the bytes {Convert.ToHexString(prefix[..6])}, expected 934E554D5059, as .npy files have");
        }
        (int major, int minor) = (prefix[6], prefix[7]);
        if (major is < 1 or > 3 || minor != 0)
        {
            throw Fail(6, FileDefect.UnsupportedVersion, $"got the version {major}.{minor}, expected 1.0, 2.0 or 3.0");
        }
        int start = prefixLength + (major == 1 ? 2 : 4);
        if (source.Length < start)
        {
            throw Fail(prefixLength, FileDefect.HeaderTooShort, $"got {source.Length} bytes, expected at least {start}");
        }
        source.Read(prefixLength, prefix[prefixLength..start]);
        uint length = major == 1
            ? BinaryPrimitives.ReadUInt16LittleEndian(prefix[prefixLength..]) : BinaryPrimitives.ReadUInt32LittleEndian(
                prefix[prefixLength..]);
        if (length > MaxLength)
        {
            throw Fail(prefixLength, FileDefect.HeaderTooLong, $"got a header of {length} bytes, expected at most {MaxLength}");
        }
        if (start + length > source.Length)
        {
            throw Fail(prefixLength, FileDefect.HeaderBeyondFile,
                $"got a header of {length} bytes in {source.Length} bytes, expected at most {source.Length - start}");
        }
        byte[] text = new byte[length];
        source.Read(start, text);
        (string type, bool isColumnMajor, long[] shape) = new NpyLiteral(text, start, source.Name).Read();
        DataType known = Find(type) ?? throw Fail(start, FileDefect.UnsupportedType,
            $"got elements of the type '{type}', expected floats of 2, 4 or 8 bytes, integers of 1 to 8, or b1, with '<' or '>' before");
        NpyHeader header = new(known, type[0] == '>' ? ByteOrder.BigEndian : ByteOrder.LittleEndian, isColumnMajor, shape, start + length);
        header.CheckLength(source, start);
        return header;

        MalformedFileException Fail(long offset, FileDefect defect, FormattableString problem) =>
            new(source.Name, offset, defect, FormattableString.Invariant(problem));
    }

    /// <summary>The bytes before the elements, as NumPy writes them.</summary>
    /// <exception cref="ArgumentException">NumPy does not have the type or the shape.</exception>
    public static byte[] Format(TensorContent content)
    {
        string type = Array.Find(s_types, pair => pair.Type == content.Type).Name ?? throw new ArgumentException(
            $"Write: got elements of the type {content.Type}, expected one that NumPy has.", nameof(content));
        if (content.Shape.Count > MaxRank)
        {
            throw new ArgumentException(
                FormattableString.Invariant($"Write: got {content.Shape.Count} dimensions, expected at most the {MaxRank} that NumPy has."),
                nameof(content));
        }
        if (IsTooLarge(content.Shape, content.Type))
        {
            throw new ArgumentException(
                $"Write: got the shape {StoredTensor.Format([.. content.Shape])}, expected fewer than 2⁶³ bytes.", nameof(content));
        }
        IEnumerable<string> extents = content.Shape.Select(static extent => extent.ToString(CultureInfo.InvariantCulture));
        string shape = content.Shape.Count == 1 ? $"{extents.First()}," : string.Join(", ", extents);
        string text = $"{{'descr': '{(content.Type.Bits == 8 ? '|' : '<')}{type}', 'fortran_order': False, 'shape': ({shape}), }}";
        text += new string(' ', content.Shape.Count > 0 ? GrowthDigits - extents.First().Length : 0);
        const int start = 10;
        int length = text.Length + 1 + Alignment - (start + text.Length + 1) % Alignment;
        byte[] header = new byte[start + length];
        header.AsSpan().Fill((byte)' ');
        Magic.CopyTo(header);
        header[6] = 1;
        header[7] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        Encoding.ASCII.GetBytes(text, header.AsSpan(start));
        header[^1] = (byte)'\n';
        return header;
    }

    private static DataType? Find(string name)
    {
        if (name.Length != 3)
        {
            return null;
        }
        int index = Array.FindIndex(s_types, pair => name.EndsWith(pair.Name, StringComparison.Ordinal));
        bool hasOrder = name[0] is '<' or '>' || (name[0] == '|' && name[2] == '1');
        return index >= 0 && hasOrder ? s_types[index].Type : null;
    }

    /// <summary>Throws unless the elements fill the rest of the file.</summary>
    private void CheckLength(ByteSource source, int start)
    {
        if (IsTooLarge(Shape, Type))
        {
            throw new MalformedFileException(
                source.Name, start, FileDefect.Overflow, $"got the shape {StoredTensor.Format(Shape)}, expected fewer than 2⁶³ bytes");
        }
        if (ByteLength != source.Length - DataOffset)
        {
            throw new MalformedFileException(
                source.Name, DataOffset + Math.Min(ByteLength, source.Length - DataOffset), FileDefect.DataLength,
                FormattableString.Invariant(
                    $"got {source.Length - DataOffset} bytes of elements, expected {ByteLength} ")
                    + $"for {StoredTensor.Format(Shape)} of {Type}");
        }
    }

    /// <summary>Whether the elements take 2⁶³ bytes or more, the extents of 0 counted as 1.</summary>
    private static bool IsTooLarge(IEnumerable<long> shape, DataType type)
    {
        Int128 bytes = type.Bits / 8;
        foreach (long extent in shape)
        {
            bytes *= Math.Max(extent, 1);
            if (bytes > long.MaxValue)
            {
                return true;
            }
        }
        return false;
    }
}
