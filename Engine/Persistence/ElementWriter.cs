using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Engine;

/// <summary>Writes the elements of a tensor, the least significant byte first: straight from memory where they stand so there.</summary>
internal static class ElementWriter
{
    /// <summary>The bytes of one call, of which a span can have 2³¹ − 1.</summary>
    private const int PieceBytes = 1 << 28;

    private const int ChunkBytes = 16 << 10;

    /// <summary>Writes elements one after the other.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="elements">The elements.</param>
    /// <param name="memory">The order of the bytes in memory.</param>
    public static void Write<TElement>(Stream stream, ReadOnlySpan<TElement> elements, ByteOrder memory) where TElement : unmanaged
    {
        int size = Unsafe.SizeOf<TElement>();
        bool isAsInFile = memory == ByteOrder.LittleEndian;
        Span<byte> chunk = stackalloc byte[isAsInFile ? 0 : ChunkBytes];
        int piece = (isAsInFile ? PieceBytes : ChunkBytes) / size;
        while (elements.Length > 0)
        {
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(elements[..Math.Min(piece, elements.Length)]);
            if (isAsInFile)
            {
                stream.Write(bytes);
            }
            else
            {
                bytes.CopyTo(chunk);
                ByteOrders.Reverse(chunk[..bytes.Length], size);
                stream.Write(chunk[..bytes.Length]);
            }
            elements = elements[(bytes.Length / size)..];
        }
    }
}
