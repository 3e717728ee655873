using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Engine;

/// <summary>
/// Encodes one protocol-buffers message, field by field (https://protobuf.dev/programming-guides/encoding/). A message inside it is written
/// with a writer of its own, and added whole with <see cref="Message"/>. Every number is in its shortest form, so that a message whose
/// fields are written in the order of their numbers has the bytes that Google's encoders give it.
/// </summary>
internal sealed class ProtobufWriter
{
    /// <summary>The largest number of a field.</summary>
    private const int LastField = (1 << 29) - 1;

    private const uint VarintType = 0, Fixed64Type = 1, LengthDelimitedType = 2, Fixed32Type = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <summary>The number of bytes so far.</summary>
    public int Length => _bytes.WrittenCount;

    /// <summary>The bytes so far; they are valid until the next call.</summary>
    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    /// <summary>Forgets everything written, and keeps the memory.</summary>
    public void Clear() => _bytes.ResetWrittenCount();

    /// <summary>An int32, int64, uint64, bool or enum; a negative number takes ten bytes.</summary>
    public void Varint(int field, long value)
    {
        Tag(field, VarintType);
        Number((ulong)value);
    }

    /// <summary>A float.</summary>
    public void Float(int field, float value) => Fixed32(field, BitConverter.SingleToUInt32Bits(value));

    /// <summary>A double.</summary>
    public void Double(int field, double value) => Fixed64(field, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>A fixed32, which also holds a float's bits.</summary>
    public void Fixed32(int field, uint value)
    {
        Tag(field, Fixed32Type);
        BinaryPrimitives.WriteUInt32LittleEndian(_bytes.GetSpan(sizeof(uint)), value);
        _bytes.Advance(sizeof(uint));
    }

    /// <summary>A fixed64, which also holds a double's bits.</summary>
    public void Fixed64(int field, ulong value)
    {
        Tag(field, Fixed64Type);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(sizeof(ulong)), value);
        _bytes.Advance(sizeof(ulong));
    }

    /// <summary>A string, as UTF-8.</summary>
    public void Text(int field, string value)
    {
        int length = Encoding.UTF8.GetByteCount(value);
        Delimit(field, length);
        _bytes.Advance(Encoding.UTF8.GetBytes(value, _bytes.GetSpan(length)));
    }

    /// <summary>Bytes.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        Delimit(field, value.Length);
        _bytes.Write(value);
    }

    /// <summary>A message inside this one.</summary>
    public void Message(int field, ProtobufWriter message) => Bytes(field, message.Written);

    /// <summary>A packed list of int32, int64, uint64, bool or enum.</summary>
    public void PackedVarints(int field, ReadOnlySpan<long> values)
    {
        int length = 0;
        foreach (long value in values)
        {
            length += NumberLength((ulong)value);
        }
        Delimit(field, length);
        foreach (long value in values)
        {
            Number((ulong)value);
        }
    }

    /// <summary>A packed list of floats.</summary>
    public void PackedFloats(int field, ReadOnlySpan<float> values)
    {
        Delimit(field, checked(values.Length * sizeof(float)));
        if (BitConverter.IsLittleEndian)
        {
            _bytes.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleLittleEndian(_bytes.GetSpan(sizeof(float)), value);
            _bytes.Advance(sizeof(float));
        }
    }

    /// <summary>A packed list of doubles.</summary>
    public void PackedDoubles(int field, ReadOnlySpan<double> values)
    {
        Delimit(field, checked(values.Length * sizeof(double)));
        if (BitConverter.IsLittleEndian)
        {
            _bytes.Write(MemoryMarshal.AsBytes(values));
            return;
        }
        foreach (double value in values)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(_bytes.GetSpan(sizeof(double)), value);
            _bytes.Advance(sizeof(double));
        }
    }

    private void Delimit(int field, int length)
    {
        Tag(field, LengthDelimitedType);
        Number((ulong)length);
    }

    private void Tag(int field, uint type)
    {
        if (field is < 1 or > LastField)
        {
            throw new ArgumentOutOfRangeException(
                nameof(field),
                string.Create(CultureInfo.InvariantCulture, $"ProtobufWriter: got the field {field}, expected one from 1 to {LastField}."));
        }
        Number(((uint)field << 3) | type);
    }

    /// <summary>Seven bits a byte, the lowest first; the eighth says that more follow.</summary>
    private void Number(ulong value)
    {
        Span<byte> bytes = _bytes.GetSpan(NumberLength(value));
        int length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            bytes[length++] = (byte)(value | 0x80);
        }
        bytes[length++] = (byte)value;
        _bytes.Advance(length);
    }

    private static int NumberLength(ulong value)
    {
        int length = 1;
        for (; value >= 0x80; value >>= 7)
        {
            length++;
        }
        return length;
    }
}
