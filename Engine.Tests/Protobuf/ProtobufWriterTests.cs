using Google.Protobuf;

namespace Engine.Tests;

/// <summary>The encoder of protocol buffers against Google's.</summary>
internal sealed class ProtobufWriterTests
{
    private static readonly int[] s_fields = [1, 15, 16, 2047, 2048, (1 << 29) - 1];

    private static readonly long[] s_integers =
        [0, 1, 127, 128, 300, 16383, 16384, int.MaxValue, long.MaxValue, -1, int.MinValue, long.MinValue];

    private static readonly double[] s_numbers =
        [0, -0.0, 1, -1.5, 1e-40, 1e300, double.NaN, double.PositiveInfinity, double.NegativeInfinity];

    /// <summary>A wrong wire type, a tag or number cut off at seven bits, big-endian bytes, a length in characters.</summary>
    [Test]
    public void Every_kind_of_field_has_the_bytes_of_Google_Protobuf([ValueSource(nameof(s_fields))] int field)
    {
        foreach (long value in s_integers)
        {
            Same(writer => writer.Varint(field, value), output => Write(output, field, WireFormat.WireType.Varint).WriteInt64(value));
            Same(
                writer => writer.Fixed64(field, (ulong)value),
                output => Write(output, field, WireFormat.WireType.Fixed64).WriteFixed64((ulong)value));
            Same(
                writer => writer.Fixed32(field, (uint)value),
                output => Write(output, field, WireFormat.WireType.Fixed32).WriteFixed32((uint)value));
        }
        foreach (double value in s_numbers)
        {
            Same(writer => writer.Double(field, value), output => Write(output, field, WireFormat.WireType.Fixed64).WriteDouble(value));
            Same(
                writer => writer.Float(field, (float)value),
                output => Write(output, field, WireFormat.WireType.Fixed32).WriteFloat((float)value));
        }
        foreach (string value in (string[])["", "batch", "β₁ 𝛽", new string('x', 200)])
        {
            Same(
                writer => writer.Text(field, value),
                output => Write(output, field, WireFormat.WireType.LengthDelimited).WriteString(value));
        }
        foreach (byte[] value in (byte[][])[[], [0], [255, 128, 0], new byte[20_000]])
        {
            Same(
                writer => writer.Bytes(field, value),
                output => Write(output, field, WireFormat.WireType.LengthDelimited).WriteBytes(ByteString.CopyFrom(value)));
        }
    }

    /// <summary>A packed list whose length is a count of elements.</summary>
    [Test]
    public void Packed_lists_have_the_bytes_of_Google_Protobuf([ValueSource(nameof(s_fields))] int field)
    {
        float[] floats = Array.ConvertAll(s_numbers, static number => (float)number);
        Same(
            writer => writer.PackedVarints(field, s_integers),
            output => List(output, static (list, value) => list.WriteInt64(value), s_integers));
        Same(writer => writer.PackedFloats(field, floats), output => List(output, static (list, value) => list.WriteFloat(value), floats));
        Same(
            writer => writer.PackedDoubles(field, s_numbers),
            output => List(output, static (list, value) => list.WriteDouble(value), s_numbers));

        void List<TElement>(CodedOutputStream output, Action<CodedOutputStream, TElement> write, TElement[] values)
        {
            using MemoryStream inner = new();
            using CodedOutputStream list = new(inner);
            Array.ForEach(values, value => write(list, value));
            list.Flush();
            Write(output, field, WireFormat.WireType.LengthDelimited).WriteBytes(ByteString.CopyFrom(inner.ToArray()));
        }
    }

    /// <summary>A message inside another without its length, and memory that still holds the last message.</summary>
    [Test]
    public void A_message_inside_another_is_delimited()
    {
        ProtobufWriter inner = new(), outer = new();
        inner.Varint(1, 7);
        inner.Clear();
        Assert.That(inner.Length, Is.Zero);
        inner.Text(2, "ab");
        outer.Message(3, inner);
        outer.Varint(4, 1);
        Assert.That(outer.Written.ToArray(), Is.EqualTo(new byte[] { 0x1A, 4, 0x12, 2, (byte)'a', (byte)'b', 0x20, 1 }));
        Assert.That(outer.Length, Is.EqualTo(8));
    }

    [TestCase(0)]
    [TestCase(-1)]
    [TestCase(1 << 29)]
    public void A_field_that_protocol_buffers_do_not_have_is_refused(int field) =>
        Assert.That(() => new ProtobufWriter().Varint(field, 1), Throws.TypeOf<ArgumentOutOfRangeException>());

    private static CodedOutputStream Write(CodedOutputStream output, int field, WireFormat.WireType type)
    {
        output.WriteTag(field, type);
        return output;
    }

    private static void Same(Action<ProtobufWriter> write, Action<CodedOutputStream> expected)
    {
        ProtobufWriter writer = new();
        write(writer);
        using MemoryStream stream = new();
        using CodedOutputStream output = new(stream);
        expected(output);
        output.Flush();
        Assert.That(writer.Written.ToArray(), Is.EqualTo(stream.ToArray()));
    }
}
