using System.Buffers.Binary;
using System.Globalization;
using System.Text.Unicode;

namespace Engine;

/// <summary>What the beginning of a safetensors file says of it, checked against the file's length.</summary>
/// <param name="Tensors">The tensors, in the order of their data.</param>
/// <param name="Metadata">The texts that were saved with them.</param>
internal sealed record SafetensorsHeader(StoredTensor[] Tensors, Dictionary<string, string> Metadata)
{
    /// <summary>Where the header begins: after the eight bytes of its length.</summary>
    public const int Start = 8;

    /// <summary>Reads and checks a header.</summary>
    /// <exception cref="MalformedFileException">The file is malformed.</exception>
    public static SafetensorsHeader Read(ByteSource source)
    {
        if (source.Length < Start)
        {
            throw new MalformedFileException(
                source.Name, 0, FileDefect.HeaderTooShort, Text($"got a file of {source.Length} bytes, expected at least {Start}"));
        }
        Span<byte> prefix = stackalloc byte[Start];
        source.Read(0, prefix);
        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > Safetensors.MaxHeaderLength)
        {
            throw new MalformedFileException(
                source.Name, 0, FileDefect.HeaderTooLong,
                Text($"got {Kind(prefix)} with a header of {length} bytes, expected at most {Safetensors.MaxHeaderLength}"));
        }
        long dataStart = Start + (long)length;
        if (dataStart > source.Length)
        {
            throw new MalformedFileException(
                source.Name, 0, FileDefect.HeaderBeyondFile,
                Text($"got {Kind(prefix)} with a header of {length} bytes in {source.Length}, expected at most {source.Length - Start}"));
        }
        byte[] text = GC.AllocateUninitializedArray<byte>((int)length);
        source.Read(Start, text);
        if (!Utf8.IsValid(text))
        {
            throw new MalformedFileException(
                source.Name, Start + InvalidFrom(text), FileDefect.InvalidUtf8, "got bytes that are not UTF-8, expected a text");
        }
        (List<SafetensorsMember> members, Dictionary<string, string> metadata) = new SafetensorsJson(text, source.Name).Read();
        return new(Place(members, dataStart, source), metadata);
    }

    /// <summary>Checks that the data of the tensors fill the file one after the other.</summary>
    private static StoredTensor[] Place(List<SafetensorsMember> members, long dataStart, ByteSource source)
    {
        // those without data stand before the one at the same place; else in the order of the header
        members.Sort(static (a, b) => (a.Begin, a.End, a.Position).CompareTo((b.Begin, b.End, b.Position)));
        StoredTensor[] tensors = new StoredTensor[members.Count];
        ulong end = 0;
        for (int i = 0; i < tensors.Length; i++)
        {
            SafetensorsMember member = members[i];
            if (member.Begin != end || member.End < member.Begin)
            {
                throw Fail(FileDefect.InvalidOffsets,
                    Text($"got the data of '{member.Name}' from {member.Begin} to {member.End}, expected them from {end} on"));
            }
            end = member.End;
            UInt128 bits = BitsOf(member) ?? throw Fail(FileDefect.Overflow,
                $"got the shape [{string.Join(", ", member.Shape.Select(static extent => extent.ToString(CultureInfo.InvariantCulture)))}] "
                    + $"of '{member.Name}', expected fewer than 2⁶⁴ bits");
            if (bits % 8 != 0)
            {
                throw Fail(FileDefect.PartialByte, Text($"got {bits} bits of '{member.Name}', expected whole bytes"));
            }
            if (end - member.Begin != bits / 8)
            {
                throw Fail(FileDefect.SizeMismatch,
                    Text($"got {end - member.Begin} bytes of '{member.Name}', expected {bits / 8} by its shape and type"));
            }
            // beyond 63 bits only where the file is too short, as the last check finds
            long offset = unchecked(dataStart + (long)member.Begin);
            tensors[i] = new(
                member.Name, member.Type, Array.ConvertAll(member.Shape, static extent => (long)extent), offset, (long)(bits / 8));

            MalformedFileException Fail(FileDefect defect, string problem) => new(source.Name, Start + member.Position, defect, problem);
        }
        UInt128 expected = (UInt128)end + (UInt128)dataStart;
        return expected == (UInt128)source.Length
            ? tensors
            : throw new MalformedFileException(
                source.Name, expected > (UInt128)source.Length ? source.Length : (long)expected,
                expected > ulong.MaxValue ? FileDefect.Overflow : FileDefect.DataLength,
                Text($"got a file of {source.Length} bytes, expected {expected} by its header"));
    }

    /// <summary>
    /// The bits of all elements; null if they are beyond 64 bits. The extents of a tensor without elements must not overflow either,
    /// wherever the 0 stands.
    /// </summary>
    private static ulong? BitsOf(in SafetensorsMember member)
    {
        UInt128 product = (UInt128)member.Type.Bits;
        bool isEmpty = false;
        foreach (ulong extent in member.Shape)
        {
            isEmpty |= extent == 0;
            product *= Math.Max(extent, 1);
            if (product > ulong.MaxValue)
            {
                return null;
            }
        }
        return isEmpty ? 0 : (ulong)product;
    }

    /// <summary>The first byte that does not belong to a text.</summary>
    private static int InvalidFrom(ReadOnlySpan<byte> text)
    {
        int position = 0;
        while (System.Text.Rune.DecodeFromUtf8(text[position..], out _, out int length) == System.Buffers.OperationStatus.Done)
        {
            position += length;
        }
        return position;
    }

    /// <summary>What a file of another format may be.</summary>
    private static string Kind(ReadOnlySpan<byte> start) =>
        start.StartsWith("PK\u0003\u0004"u8) ? "a zip archive, as torch.save and numpy.savez write,"
        : start[0] == 0x80 && start[1] is >= 2 and <= 5 ? "a pickle"
        : start.StartsWith("GGUF"u8) ? "a GGUF file"
        : start[0] == '<' ? "a web page"
        : "a file";

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
