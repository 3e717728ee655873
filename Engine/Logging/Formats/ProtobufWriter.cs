using System.Buffers.Binary;
using System.Text;

namespace Engine.Formats;

/// <summary>
/// Writes messages in the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding), each length in as few bytes as
/// possible. What it writes is written, be it a default or not: the caller leaves defaults out.
/// </summary>
internal sealed class ProtobufWriter
{
    private byte[] _bytes = new byte[256];
    private int _length;

    /// <summary>What was written since the last <see cref="Clear"/>.</summary>
    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, _length);

    /// <summary>Begins anew, in the same memory.</summary>
    public void Clear() => _length = 0;

    /// <summary>Writes an int32, int64, bool or enum.</summary>
    public void Integer(int field, long value)
    {
        Tag(field, WireType.Varint);
        Varint((ulong)value);
    }

    /// <summary>Writes a double.</summary>
    public void Double(int field, double value)
    {
        Tag(field, WireType.Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(Append(sizeof(double)), value);
    }

    /// <summary>Writes a float.</summary>
    public void Single(int field, float value)
    {
        Tag(field, WireType.Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(Append(sizeof(float)), value);
    }

    /// <summary>Writes a string; a half of a surrogate pair without the other becomes U+FFFD.</summary>
    public void String(int field, ReadOnlySpan<char> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, Append(Encoding.UTF8.GetByteCount(value)));
    }

    /// <summary>Writes bytes.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)value.Length);
        value.CopyTo(Append(value.Length));
    }

    /// <summary>Writes repeated doubles, packed.</summary>
    public void Doubles(int field, ReadOnlySpan<double> values)
    {
        Tag(field, WireType.Bytes);
        Varint((ulong)values.Length * sizeof(double));
        Span<byte> bytes = Append(values.Length * sizeof(double));
        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes[(i * sizeof(double))..], values[i]);
        }
    }

    /// <summary>Begins a message inside the message; what is written until <see cref="End"/> is in it.</summary>
    /// <returns>The mark that <see cref="End"/> needs.</returns>
    public int Begin(int field)
    {
        Tag(field, WireType.Bytes);
        Append(1);
        return _length;
    }

    /// <summary>Ends the message that began at <paramref name="mark"/>.</summary>
    public void End(int mark)
    {
        int length = _length - mark, more = 0;
        for (int rest = length >> 7; rest > 0; rest >>= 7)
        {
            more++;
        }
        if (more > 0)
        {
            Append(more); // Begin left one byte for the length
            _bytes.AsSpan(mark, length).CopyTo(_bytes.AsSpan(mark + more));
        }
        int end = _length;
        _length = mark - 1;
        Varint((ulong)length);
        _length = end;
    }

    private void Tag(int field, WireType type) => Varint((ulong)(field << 3 | (int)type));

    private void Varint(ulong value)
    {
        for (; value > 0x7F; value >>= 7)
        {
            Append(1)[0] = (byte)(value | 0x80);
        }
        Append(1)[0] = (byte)value;
    }

    private Span<byte> Append(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(checked(_length + count), (int)Math.Min(2L * _bytes.Length, Array.MaxLength)));
        }
        _length += count;
        return _bytes.AsSpan(_length - count, count);
    }
}
