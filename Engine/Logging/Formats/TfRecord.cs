using System.Buffers;
using System.Buffers.Binary;

namespace Engine.Formats;

/// <summary>
/// The framing of TensorFlow's record files: the length (8 bytes, little-endian), its masked CRC-32C, the data, and their masked CRC-32C.
/// </summary>
internal static class TfRecord
{
    /// <summary>The bytes before the data, and after.</summary>
    public const int HeaderLength = 12, FooterLength = 4;

    /// <summary>Writes a record.</summary>
    public static void Write(IBufferWriter<byte> destination, ReadOnlySpan<byte> data)
    {
        int length = HeaderLength + data.Length + FooterLength;
        Span<byte> record = destination.GetSpan(length);
        BinaryPrimitives.WriteInt64LittleEndian(record, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[8..], Crc32C.Masked(record[..8]));
        data.CopyTo(record[HeaderLength..]);
        BinaryPrimitives.WriteUInt32LittleEndian(record[(HeaderLength + data.Length)..], Crc32C.Masked(data));
        destination.Advance(length);
    }
}
