using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// The content of a file in the IDX format: two zero bytes, the type of the elements, the number of dimensions, the extents as 32-bit
/// numbers, and the elements; all with the highest byte first.
/// </summary>
internal sealed class IdxContent
{
    private const int FirstExtent = 4, Chunk = 1 << 16;

    private readonly string _name;
    private readonly IdxType _type;
    private readonly int[] _extents;
    private readonly byte[] _bytes;

    private IdxContent(string name, IdxType type, int[] extents, byte[] bytes)
    {
        _name = name;
        _type = type;
        _extents = extents;
        _bytes = bytes;
    }

    private int Start => FirstExtent + sizeof(int) * _extents.Length;

    /// <summary>Reads all of it. Memory grows with the bytes that are there, not with those that the header promises.</summary>
    /// <exception cref="InvalidDataException">It is not in the format.</exception>
    public static IdxContent Read(DataStream stream)
    {
        Span<byte> word = stackalloc byte[FirstExtent];
        Fill(stream, word, "4 bytes that say the type");
        IdxType type = (IdxType)word[2];
        if (word[0] != 0 || word[1] != 0 || SizeOf(type) == 0)
        {
            throw Wrong(
                stream.Name, 0, $"the magic number {Convert.ToHexString(word)}",
                "00 00, a type from 08, 09, 0B, 0C, 0D, 0E, and the number of dimensions");
        }
        if (word[3] is 0 or > Shape.MaxRank)
        {
            throw Wrong(stream.Name, 3, $"{word[3]} dimensions", $"1 to {Shape.MaxRank}");
        }
        int[] extents = new int[word[3]];
        long elements = 1;
        for (int axis = 0; axis < extents.Length; axis++)
        {
            Fill(stream, word, "the extent of a dimension");
            extents[axis] = BinaryPrimitives.ReadInt32BigEndian(word);
            elements *= extents[axis];
            if (extents[axis] < 0 || elements * SizeOf(type) > Shape.MaxLength)
            {
                throw Wrong(
                    stream.Name, stream.Position - word.Length, $"the extents {Shape.Format(extents.AsSpan(0, axis + 1))}",
                    string.Create(CultureInfo.InvariantCulture, $"extents from 0 on, and at most {Shape.MaxLength} bytes"));
            }
        }
        return new IdxContent(stream.Name, type, extents, Bytes(stream, (int)elements * SizeOf(type)));
    }

    /// <summary>The elements, divided by a number.</summary>
    public Tensor<T> ToTensor<T>(T divisor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Tensor<T> tensor = Tensor<T>.Uninitialized(new Shape(_extents));
        Span<T> elements = tensor.Output;
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = Element<T>(i) / divisor;
            if (!T.IsFinite(elements[i]))
            {
                throw Wrong(
                    _name, Start + i * SizeOf(_type), string.Create(CultureInfo.InvariantCulture, $"{elements[i]}"), "finite numbers");
            }
        }
        return tensor;
    }

    /// <summary>The elements as labels.</summary>
    public int[] ToLabels()
    {
        if (_extents.Length != 1 || _type is IdxType.Single or IdxType.Double)
        {
            throw Wrong(
                _name, 2, $"{_type} numbers in {_extents.Length} dimensions", "labels, which are whole numbers in one dimension");
        }
        int[] labels = new int[_extents[0]];
        for (int i = 0; i < labels.Length; i++)
        {
            labels[i] = Whole(i);
            if (labels[i] < 0)
            {
                throw Wrong(
                    _name, Start + i * SizeOf(_type), string.Create(CultureInfo.InvariantCulture, $"the label {labels[i]}"),
                    "a number from 0 on");
            }
        }
        return labels;
    }

    private T Element<T>(int index) where T : unmanaged, IFloatingPointIeee754<T> => _type switch
    {
        IdxType.Single => T.CreateTruncating(BinaryPrimitives.ReadSingleBigEndian(_bytes.AsSpan(index * sizeof(float)))),
        IdxType.Double => T.CreateTruncating(BinaryPrimitives.ReadDoubleBigEndian(_bytes.AsSpan(index * sizeof(double)))),
        _ => T.CreateTruncating(Whole(index)),
    };

    private int Whole(int index) => _type switch
    {
        IdxType.Byte => _bytes[index],
        IdxType.SByte => (sbyte)_bytes[index],
        IdxType.Int16 => BinaryPrimitives.ReadInt16BigEndian(_bytes.AsSpan(index * sizeof(short))),
        _ => BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(index * sizeof(int))),
    };

    private static int SizeOf(IdxType type) => type switch
    {
        IdxType.Byte or IdxType.SByte => sizeof(byte),
        IdxType.Int16 => sizeof(short),
        IdxType.Int32 or IdxType.Single => sizeof(int),
        IdxType.Double => sizeof(double),
        _ => 0,
    };

    /// <summary>Reads bytes that must be the last.</summary>
    private static byte[] Bytes(DataStream stream, int count)
    {
        byte[] bytes = new byte[Math.Min(count, Chunk)];
        int read = 0;
        while (true)
        {
            read += stream.Read(bytes.AsSpan(read));
            if (read == count)
            {
                break;
            }
            if (read < bytes.Length)
            {
                throw Wrong(
                    stream.Name, stream.Position, "the end of the file",
                    string.Create(CultureInfo.InvariantCulture, $"{count - read} more bytes of elements"));
            }
            Array.Resize(ref bytes, (int)Math.Min(count, 2L * bytes.Length));
        }
        long end = stream.Position;
        Span<byte> further = stackalloc byte[1];
        return stream.Read(further) == 0
            ? bytes
            : throw Wrong(stream.Name, end, "further bytes", "the end of the file after the last element");
    }

    private static void Fill(DataStream stream, Span<byte> bytes, string expected)
    {
        if (stream.Read(bytes) < bytes.Length)
        {
            throw Wrong(stream.Name, stream.Position, "the end of the file", expected);
        }
    }

    private static InvalidDataException Wrong(string name, long position, string got, string expected) => new(
        string.Create(CultureInfo.InvariantCulture, $"Idx: {name}, byte {position}: got {got}, expected {expected}."));
}
