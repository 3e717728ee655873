using System.Buffers.Binary;
using System.Globalization;
using Engine.Formats;

namespace Engine;

/// <summary>Decodes the tensors that newer writers log in place of values: scalars, texts and pictures.</summary>
internal static class TensorDecoder
{
    /// <summary>Decodes a message <c>TensorProto</c>.</summary>
    public static RunEvent Decode(ReadOnlySpan<byte> message, double time, long step, string tag, string plugin)
    {
        long elements = EventDecoder.IntegerIn(message, EventFields.ElementType);
        return (plugin, elements) switch
        {
            (EventFields.ScalarsPlugin, EventFields.SingleElements) => new RunEvent.Scalar(time, step, tag, Single(message)),
            (EventFields.TextPlugin, EventFields.StringElements) => new RunEvent.Text(
                time, step, tag, ProtobufReader.Text(String(message, 0))),
            (EventFields.ImagesPlugin, EventFields.StringElements) => new RunEvent.Image(
                time, step, tag, Whole(String(message, 0)), Whole(String(message, 1)), String(message, 2).ToArray()),
            _ => new RunEvent.Other(time, step, tag, plugin),
        };
    }

    private static float Single(ReadOnlySpan<byte> message)
    {
        float? value = null;
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case EventFields.FloatValue:
                    value = reader.LastSingle() ?? value;
                    break;
                case EventFields.TensorContent:
                    ReadOnlySpan<byte> content = reader.Bytes();
                    value = content.Length == sizeof(float) ? BinaryPrimitives.ReadSingleLittleEndian(content) : value;
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }
        return value ?? throw ProtobufReader.Malformed($"got a scalar without a value, expected one float");
    }

    /// <summary>One of the strings; empty if there are not so many.</summary>
    private static ReadOnlySpan<byte> String(ReadOnlySpan<byte> message, int index)
    {
        ProtobufReader reader = new(message);
        while (reader.Next())
        {
            if (reader.Field == EventFields.StringValue && index-- == 0)
            {
                return reader.Bytes();
            }
            reader.Skip();
        }
        return [];
    }

    private static long Whole(ReadOnlySpan<byte> digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw ProtobufReader.Malformed($"got a picture whose width or height is no whole number, expected digits");
}
