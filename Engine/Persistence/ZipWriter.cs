using System.Buffers.Binary;
using System.Text;

namespace Engine;

/// <summary>
/// Writes a zip archive of files that are not compressed, with the bytes that Python's zipfile writes for NumPy (PKWARE's APPNOTE 6.3):
/// no times, and the lengths of each file in 64 bits. The platform's own writer notes on which system it ran.
/// </summary>
internal sealed class ZipWriter
{
    private const ushort VersionOfZip64 = 45, Unix = 3, FirstOfJanuary1980 = 0x21;
    private const uint In64Bits = uint.MaxValue, ReadAndWriteByOwner = 0x180u << 16;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly List<(byte[] Name, Action<Stream> Write)> _files = [];
    private readonly HashSet<string> _names = [];

    /// <summary>Adds a file.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="write">Writes its bytes, the same whenever it is called: first they are counted, then written.</param>
    /// <exception cref="ArgumentException">The name is taken, too long, or cannot be written in UTF-8.</exception>
    public void Add(string name, Action<Stream> write)
    {
        byte[] bytes;
        try
        {
            bytes = s_utf8.GetBytes(name);
        }
        catch (EncoderFallbackException cause)
        {
            throw new ArgumentException(
                FormattableString.Invariant(
                    $"Write: got half of a surrogate pair at {cause.Index} of '{name}', expected a text that can be written in UTF-8."),
                nameof(name), cause);
        }
        if (bytes.Length > ushort.MaxValue || !_names.Add(name))
        {
            throw new ArgumentException(
                bytes.Length > ushort.MaxValue
                    ? FormattableString.Invariant($"Write: got a name of {bytes.Length} bytes, expected at most {ushort.MaxValue}.")
                    : $"Write: got two files with the name '{name}', expected different names.",
                nameof(name));
        }
        _files.Add((bytes, write));
    }

    /// <summary>Writes the archive.</summary>
    public void WriteTo(Stream stream)
    {
        using MemoryStream directory = new();
        long offset = 0;
        foreach ((byte[] name, Action<Stream> write) in _files)
        {
            using ChecksumStream counted = new();
            write(counted);
            offset += WriteFile(stream, directory, name, write, counted.Length, counted.Checksum, offset);
        }
        WriteEnd(directory, directory.Length, offset);
        stream.Write(directory.GetBuffer().AsSpan(0, (int)directory.Length));
    }

    /// <summary>Writes a file with its header, and adds it to the directory.</summary>
    /// <returns>The number of bytes written.</returns>
    private static long WriteFile(
        Stream stream, MemoryStream directory, byte[] name, Action<Stream> write, long length, uint checksum, long offset)
    {
        using MemoryStream header = new();
        Put4(header, 0x04034B50);
        PutCommon(header, name, checksum);
        Put4(header, In64Bits);
        Put4(header, In64Bits);
        Put2(header, (ushort)name.Length);
        Put2(header, 20);
        header.Write(name);
        PutLengths(header, length, length);
        stream.Write(header.GetBuffer().AsSpan(0, (int)header.Length));
        write(stream);

        bool isLong = length >= In64Bits, isFar = offset >= In64Bits;
        Put4(directory, 0x02014B50);
        Put2(directory, VersionOfZip64 | Unix << 8);
        PutCommon(directory, name, checksum);
        Put4(directory, isLong ? In64Bits : (uint)length);
        Put4(directory, isLong ? In64Bits : (uint)length);
        Put2(directory, (ushort)name.Length);
        Put2(directory, (ushort)(isLong || isFar ? 4 + (isLong ? 16 : 0) + (isFar ? 8 : 0) : 0));
        Put2(directory, 0); // no comment
        Put2(directory, 0); // on the first disk
        Put2(directory, 0); // not a text
        Put4(directory, ReadAndWriteByOwner);
        Put4(directory, isFar ? In64Bits : (uint)offset);
        directory.Write(name);
        if (isLong || isFar)
        {
            PutLengths(directory, [.. isLong ? (long[])[length, length] : [], .. isFar ? (long[])[offset] : []]);
        }
        return header.Length + length;
    }

    /// <summary>What both headers of a file have: version, flags, no compression, no time, the checksum.</summary>
    private static void PutCommon(MemoryStream stream, byte[] name, uint checksum)
    {
        const ushort nameIsUtf8 = 1 << 11;
        Put2(stream, VersionOfZip64);
        Put2(stream, name.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)0x7F) >= 0 ? nameIsUtf8 : (ushort)0);
        Put2(stream, 0);
        Put2(stream, 0);
        Put2(stream, FirstOfJanuary1980);
        Put4(stream, checksum);
    }

    /// <summary>The end of the directory; before it the one in 64 bits, if a number needs them.</summary>
    private void WriteEnd(MemoryStream stream, long directoryLength, long directoryOffset)
    {
        int count = _files.Count;
        bool isLarge = count >= ushort.MaxValue || directoryLength >= In64Bits || directoryOffset >= In64Bits;
        if (isLarge)
        {
            Put4(stream, 0x06064B50);
            Put8(stream, 44); // the bytes that follow
            Put2(stream, VersionOfZip64);
            Put2(stream, VersionOfZip64);
            Put4(stream, 0);
            Put4(stream, 0);
            Put8(stream, count);
            Put8(stream, count);
            Put8(stream, directoryLength);
            Put8(stream, directoryOffset);
            Put4(stream, 0x07064B50);
            Put4(stream, 0);
            Put8(stream, directoryOffset + directoryLength);
            Put4(stream, 1);
        }
        Put4(stream, 0x06054B50);
        Put2(stream, 0);
        Put2(stream, 0);
        Put2(stream, (ushort)Math.Min(count, ushort.MaxValue));
        Put2(stream, (ushort)Math.Min(count, ushort.MaxValue));
        Put4(stream, (uint)Math.Min(directoryLength, In64Bits));
        Put4(stream, (uint)Math.Min(directoryOffset, In64Bits));
        Put2(stream, 0);
    }

    /// <summary>The extra field of numbers in 64 bits.</summary>
    private static void PutLengths(MemoryStream stream, params ReadOnlySpan<long> numbers)
    {
        Put2(stream, 1);
        Put2(stream, (ushort)(8 * numbers.Length));
        foreach (long number in numbers)
        {
            Put8(stream, number);
        }
    }

    private static void Put2(MemoryStream stream, int number)
    {
        Span<byte> bytes = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, checked((ushort)number));
        stream.Write(bytes);
    }

    private static void Put4(MemoryStream stream, uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, number);
        stream.Write(bytes);
    }

    private static void Put8(MemoryStream stream, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        stream.Write(bytes);
    }
}
