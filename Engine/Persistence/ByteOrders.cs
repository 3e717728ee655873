using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Engine;

/// <summary>The byte order of this machine, and the way from one order to the other.</summary>
internal static class ByteOrders
{
    /// <summary>The order in memory.</summary>
    public static ByteOrder OfThisMachine => BitConverter.IsLittleEndian ? ByteOrder.LittleEndian : ByteOrder.BigEndian;

    /// <summary>Reverses the bytes of each number.</summary>
    /// <param name="bytes">The bytes of whole numbers.</param>
    /// <param name="size">The bytes of a number: 1, 2, 4 or 8.</param>
    public static void Reverse(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2:
                Span<ushort> twos = MemoryMarshal.Cast<byte, ushort>(bytes);
                BinaryPrimitives.ReverseEndianness(twos, twos);
                break;
            case 4:
                Span<uint> fours = MemoryMarshal.Cast<byte, uint>(bytes);
                BinaryPrimitives.ReverseEndianness(fours, fours);
                break;
            case 8:
                Span<ulong> eights = MemoryMarshal.Cast<byte, ulong>(bytes);
                BinaryPrimitives.ReverseEndianness(eights, eights);
                break;
        }
    }
}
