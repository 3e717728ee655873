using System.Text;

namespace Engine;

/// <summary>A named setting of a node: an integer, a number, a text, or a list of integers or texts.</summary>
internal readonly struct OnnxAttribute
{
    private readonly string _name;
    private readonly object _value;

    public OnnxAttribute(string name, long value) => (_name, _value) = (name, value);

    public OnnxAttribute(string name, double value) => (_name, _value) = (name, (float)value);

    public OnnxAttribute(string name, string value) => (_name, _value) = (name, value);

    public OnnxAttribute(string name, long[] value) => (_name, _value) = (name, value);

    public OnnxAttribute(string name, string[] value) => (_name, _value) = (name, value);

    /// <summary>The message AttributeProto of onnx.proto.</summary>
    public ProtobufWriter Encode()
    {
        ProtobufWriter message = new();
        message.Text(1, _name);
        switch (_value)
        {
            case float number:
                message.Float(2, number);
                break;
            case long integer:
                message.Varint(3, integer);
                break;
            case string text:
                message.Bytes(4, Encoding.UTF8.GetBytes(text));
                break;
            case long[] integers:
                message.PackedVarints(8, integers);
                break;
            case string[] texts:
                foreach (string item in texts)
                {
                    message.Bytes(9, Encoding.UTF8.GetBytes(item));
                }
                break;
        }
        message.Varint(20, _value switch { float => 1, long => 2, string => 3, long[] => 7, _ => 8 });
        return message;
    }
}
