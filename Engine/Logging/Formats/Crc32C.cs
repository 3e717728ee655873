using System.Buffers.Binary;
using System.Numerics;

namespace Engine.Formats;

/// <summary>CRC-32C (Castagnoli's polynomial, reflected 0x82F63B78; RFC 3720, appendix B.4), plain and as TFRecord files mask it.</summary>
internal static class Crc32C
{
    private const uint MaskDelta = 0xA282EAD8;

    /// <summary>The checksum, by an instruction where there is one, and to the same bits by the runtime's table elsewhere.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }
        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }
        return ~crc;
    }

    /// <summary>The checksum rotated and shifted, so that a file of records inside a record does not check itself.</summary>
    public static uint Masked(ReadOnlySpan<byte> bytes) => unchecked(BitOperations.RotateRight(Of(bytes), 15) + MaskDelta);
}
