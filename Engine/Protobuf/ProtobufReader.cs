using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Engine;

/// <summary>
/// Reads the fields of one message in the wire format of Protocol Buffers, in the order in which they come: <c>while (reader.Next())</c>,
/// then one of the methods that read a value, or <see cref="Skip"/>. It never reads outside its bytes, and allocates strings alone.
/// </summary>
internal ref struct ProtobufReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> _rest = bytes;
    private WireType _type;

    /// <summary>The number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>Goes to the next field; false at the end.</summary>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }
        ulong tag = Varint();
        int type = (int)(tag & 7);
        if (tag > uint.MaxValue || tag >> 3 == 0)
        {
            throw Malformed($"got the field number {tag >> 3}, expected 1 to 536870911");
        }
        if (type is not ((int)WireType.Varint or (int)WireType.Fixed64 or (int)WireType.Bytes or (int)WireType.Fixed32))
        {
            throw Malformed($"got the wire type {type} of field {tag >> 3}, expected 0, 1, 2 or 5");
        }
        Field = (int)(tag >> 3);
        _type = (WireType)type;
        return true;
    }

    /// <summary>The value of an int64, int32, bool or enum.</summary>
    public long Integer()
    {
        Expect(WireType.Varint);
        return (long)Varint();
    }

    /// <summary>The value of a double.</summary>
    public double Double()
    {
        Expect(WireType.Fixed64);
        return BinaryPrimitives.ReadDoubleLittleEndian(Take(sizeof(double)));
    }

    /// <summary>The value of a float.</summary>
    public float Single()
    {
        Expect(WireType.Fixed32);
        return BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
    }

    /// <summary>The value of a bytes field, or the bytes of a string or message.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        Expect(WireType.Bytes);
        ulong length = Varint();
        return length <= (ulong)_rest.Length
            ? Take((int)length)
            : throw Malformed($"got the length {length} of field {Field}, expected at most the {_rest.Length} bytes that are left");
    }

    /// <summary>The value of a string.</summary>
    public string String() => Text(Bytes());

    /// <summary>A string of UTF-8.</summary>
    public static string Text(ReadOnlySpan<byte> utf8)
    {
        try
        {
            return StrictUtf8.GetString(utf8);
        }
        catch (DecoderFallbackException e)
        {
            throw Malformed($"got text that is not UTF-8 at byte {e.Index}, expected UTF-8");
        }
    }

    /// <summary>The number of doubles in one occurrence of a repeated field, packed or not, which is then skipped.</summary>
    public int CountDoubles()
    {
        if (_type == WireType.Fixed64)
        {
            Take(sizeof(double));
            return 1;
        }
        return PackedDoubles().Length / sizeof(double);
    }

    /// <summary>Copies the doubles of one occurrence of a repeated field, packed or not.</summary>
    /// <returns>How many there were.</returns>
    public int CopyDoubles(Span<double> destination)
    {
        if (_type == WireType.Fixed64)
        {
            destination[0] = Double();
            return 1;
        }
        ReadOnlySpan<byte> packed = PackedDoubles();
        for (int i = 0; i < packed.Length / sizeof(double); i++)
        {
            destination[i] = BinaryPrimitives.ReadDoubleLittleEndian(packed[(i * sizeof(double))..]);
        }
        return packed.Length / sizeof(double);
    }

    /// <summary>The last float of one occurrence of a repeated field, packed or not; null if it is packed and empty.</summary>
    public float? LastSingle()
    {
        if (_type == WireType.Fixed32)
        {
            return Single();
        }
        ReadOnlySpan<byte> packed = Bytes();
        if (packed.Length % sizeof(float) != 0)
        {
            throw Malformed($"got {packed.Length} bytes of floats in field {Field}, expected a multiple of 4");
        }
        return packed.IsEmpty ? null : BinaryPrimitives.ReadSingleLittleEndian(packed[^sizeof(float)..]);
    }

    /// <summary>Skips the current field.</summary>
    public void Skip()
    {
        switch (_type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Fixed64:
                Take(sizeof(ulong));
                break;
            case WireType.Fixed32:
                Take(sizeof(uint));
                break;
            default:
                Bytes();
                break;
        }
    }

    /// <summary>The error of a message that is none.</summary>
    public static MalformedMessageException Malformed(FormattableString what) => new(what.ToString(CultureInfo.InvariantCulture));

    private ReadOnlySpan<byte> PackedDoubles()
    {
        ReadOnlySpan<byte> packed = Bytes();
        return packed.Length % sizeof(double) == 0
            ? packed
            : throw Malformed($"got {packed.Length} bytes of doubles in field {Field}, expected a multiple of 8");
    }

    private readonly void Expect(WireType type)
    {
        if (_type != type)
        {
            throw Malformed($"got the wire type {(int)_type} of field {Field}, expected {(int)type}");
        }
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < _rest.Length && i < 10; i++)
        {
            byte part = _rest[i];
            value |= (ulong)(part & 0x7F) << 7 * i;
            if (part < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }
        throw Malformed($"got a whole number that does not end within {Math.Min(10, _rest.Length)} bytes, expected its end");
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length)
        {
            throw Malformed($"got {_rest.Length} bytes for field {Field}, expected {count}");
        }
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
