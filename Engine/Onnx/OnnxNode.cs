namespace Engine;

/// <summary>One use of an operator in a graph.</summary>
/// <param name="Operator">The operator's name, as in https://onnx.ai/onnx/operators/.</param>
/// <param name="Inputs">The names of its inputs; an empty one for an optional input that is not given.</param>
/// <param name="Output">The name of its first output, which is also the node's.</param>
/// <param name="Attributes">Its settings.</param>
internal sealed record OnnxNode(string Operator, string[] Inputs, string Output, OnnxAttribute[] Attributes)
{
    /// <summary>The message NodeProto of onnx.proto.</summary>
    public ProtobufWriter Encode()
    {
        ProtobufWriter message = new();
        foreach (string input in Inputs)
        {
            message.Text(1, input);
        }
        message.Text(2, Output);
        message.Text(3, Output);
        message.Text(4, Operator);
        foreach (OnnxAttribute attribute in Attributes)
        {
            message.Message(5, attribute.Encode());
        }
        return message;
    }
}
