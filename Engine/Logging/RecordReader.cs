using System.Buffers.Binary;
using System.Globalization;
using Engine.Formats;

namespace Engine;

/// <summary>
/// Reads the records of a file one by one. A length is believed only if its checksum is right and the file has that many bytes, so that no
/// file can make the reader allocate more than its own size.
/// </summary>
internal sealed class RecordReader(Stream stream, string path)
{
    private readonly byte[] _header = new byte[TfRecord.HeaderLength];
    private byte[] _buffer = new byte[512];
    private int _length;

    /// <summary>Where the current record begins.</summary>
    public long Offset { get; private set; }

    /// <summary>The data of the current record, until the next is read.</summary>
    public ReadOnlySpan<byte> Data => _buffer.AsSpan(0, _length);

    /// <summary>The bytes after the last whole record, if the file ends in the middle of one.</summary>
    public long IncompleteBytes { get; private set; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if there is none, or only the beginning of one, as in a file that is being written.</returns>
    /// <exception cref="MalformedFileException">A checksum is wrong.</exception>
    public bool Read()
    {
        Offset = stream.Position;
        long available = stream.Length - Offset; // the file may be growing: its length counts once
        if (available < TfRecord.HeaderLength)
        {
            IncompleteBytes = available;
            return false;
        }
        stream.ReadExactly(_header);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(_header);
        Check(BinaryPrimitives.ReadUInt32LittleEndian(_header.AsSpan(8)), _header.AsSpan(0, 8), "length");
        if (length > (ulong)(available - TfRecord.HeaderLength) || available - TfRecord.HeaderLength - (long)length < TfRecord.FooterLength)
        {
            IncompleteBytes = available;
            return false;
        }
        if (length > (ulong)(Array.MaxLength - TfRecord.FooterLength))
        {
            throw new MalformedFileException(path, Offset, FileDefect.Overflow, string.Create(
                CultureInfo.InvariantCulture,
                $"got a record of {length} bytes, expected at most {Array.MaxLength - TfRecord.FooterLength}"));
        }
        _length = (int)length;
        if (_buffer.Length < _length + TfRecord.FooterLength)
        {
            _buffer = new byte[_length + TfRecord.FooterLength];
        }
        stream.ReadExactly(_buffer, 0, _length + TfRecord.FooterLength);
        Check(BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_length)), Data, "data");
        return true;
    }

    private void Check(uint written, ReadOnlySpan<byte> bytes, string what)
    {
        uint computed = Crc32C.Masked(bytes);
        if (written != computed)
        {
            throw new MalformedFileException(path, Offset, FileDefect.ChecksumMismatch, string.Create(
                CultureInfo.InvariantCulture, $"got the checksum {written:X8} of the record's {what}, expected {computed:X8}"));
        }
    }
}
