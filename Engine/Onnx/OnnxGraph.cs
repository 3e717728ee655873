using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// A graph of ONNX operators in the making: nodes in the order of execution and constant tensors, all known by their names. It has one
/// input and one output, whose first axis is the batch and free.
/// </summary>
internal sealed class OnnxGraph
{
    /// <summary>The name of the graph's input.</summary>
    public const string Input = "input";

    /// <summary>The name of the graph's output.</summary>
    public const string Output = "output";

    /// <summary>The name of the extent that is free.</summary>
    private const string Batch = "batch";

    /// <summary>
    /// The version of the operators: the first that has Gelu. It is of December 2023, with version 9 of the format (ONNX 1.15), so that
    /// runtimes since then read the file.
    /// </summary>
    private const int OperatorVersion = 20, FormatVersion = 9;

    private readonly List<OnnxNode> _nodes = [];
    private readonly List<ProtobufWriter> _constants = [];
    private readonly HashSet<string> _names = [Input, Output];

    /// <summary>The type of the input's elements.</summary>
    public OnnxElementType InputType { get; init; } = OnnxElementType.Single;

    /// <summary>The path in the model of the layer whose nodes are being added: the beginning of their names.</summary>
    public string Path { get; set; } = "";

    /// <summary>A name of the present layer.</summary>
    public string Named(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    /// <summary>Adds a node.</summary>
    /// <returns>The name of its first output.</returns>
    public string Add(string @operator, ReadOnlySpan<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        string first = Named(@operator), name = first;
        for (int i = 1; !_names.Add(name); i++)
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{first}_{i}");
        }
        _nodes.Add(new(@operator, inputs.ToArray(), name, attributes.ToArray()));
        return name;
    }

    /// <summary>A parameter of the present layer as a constant, under its own name.</summary>
    public string Constant<T>(Parameter<T> parameter) where T : unmanaged, IFloatingPointIeee754<T> =>
        Constant(Own(parameter.Name), parameter.Value);

    /// <summary>A tensor that the present layer keeps as a constant, under its own name.</summary>
    public string Constant<T>(NamedTensor<T> buffer) where T : unmanaged, IFloatingPointIeee754<T> =>
        Constant(Own(buffer.Name), buffer.Value);

    /// <summary>A constant tensor; if the name is known, the tensor of that name.</summary>
    /// <exception cref="NotSupportedException">An element is beyond single precision.</exception>
    public string Constant<T>(string name, in Tensor<T> value) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!_names.Add(name))
        {
            return name;
        }
        ReadOnlySpan<T> elements = value.Span;
        byte[] bytes = new byte[sizeof(float) * elements.Length];
        for (int i = 0; i < elements.Length; i++)
        {
            float element = float.CreateTruncating(elements[i]);
            if (float.IsInfinity(element) && !T.IsInfinity(elements[i]))
            {
                throw new NotSupportedException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"ExportOnnx: got {elements[i]} at position {i} of '{name}', expected numbers within single precision."));
            }
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(sizeof(float) * i), element);
        }
        AddTensor(name, OnnxElementType.Single, Array.ConvertAll(value.Shape.ToArray(), static extent => (long)extent), bytes);
        return name;
    }

    /// <summary>A number as a constant without axes.</summary>
    public string Number(double value)
    {
        string name = ((float)value).ToString(CultureInfo.InvariantCulture);
        if (_names.Add(name))
        {
            byte[] bytes = new byte[sizeof(float)];
            BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
            AddTensor(name, OnnxElementType.Single, [], bytes);
        }
        return name;
    }

    /// <summary>A list of integers, such as axes or extents, as a constant.</summary>
    public string Integers(params ReadOnlySpan<long> values) =>
        Integers($"[{string.Join(", ", values.ToArray().Select(Text))}]", [values.Length], values);

    /// <summary>An integer, such as an index, as a constant without axes.</summary>
    public string Integer(long value) => Integers($"index {Text(value)}", [], [value]);

    /// <summary>The whole file: the message ModelProto of onnx.proto.</summary>
    /// <param name="value">The value that is the output.</param>
    /// <param name="input">The extents of the input, of which the first is free.</param>
    /// <param name="output">The extents of the output, of which the first is free.</param>
    public byte[] Encode(string value, in Shape input, in Shape output)
    {
        NameOutput(value);
        ProtobufWriter graph = new(), version = new(), model = new();
        foreach (OnnxNode node in _nodes)
        {
            graph.Message(1, node.Encode());
        }
        graph.Text(2, "model");
        foreach (ProtobufWriter constant in _constants)
        {
            graph.Message(5, constant);
        }
        graph.Message(11, Describe(Input, InputType, input));
        graph.Message(12, Describe(Output, OnnxElementType.Single, output));
        version.Varint(2, OperatorVersion); // without a domain, which means ONNX's own operators
        model.Varint(1, FormatVersion);
        model.Text(2, "Engine");
        model.Message(7, graph);
        model.Message(8, version);
        return model.Written.ToArray();
    }

    /// <summary>Gives the value the output's name; one that no node computed, by a node that copies it.</summary>
    private void NameOutput(string value)
    {
        int last = _nodes.FindIndex(node => node.Output == value);
        if (last < 0)
        {
            _nodes.Add(new("Identity", [value], Output, []));
            return;
        }
        for (int i = last; i < _nodes.Count; i++)
        {
            OnnxNode node = _nodes[i];
            string[] inputs = [.. node.Inputs.Select(input => input == value ? Output : input)];
            _nodes[i] = node with { Inputs = inputs, Output = i == last ? Output : node.Output };
        }
    }

    private string Integers(string name, ReadOnlySpan<long> extents, ReadOnlySpan<long> values)
    {
        if (_names.Add(name))
        {
            byte[] bytes = new byte[sizeof(long) * values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(sizeof(long) * i), values[i]);
            }
            AddTensor(name, OnnxElementType.Int64, extents, bytes);
        }
        return name;
    }

    /// <summary>
    /// The name in the exported model, which may itself be inside another: the last part of a name has no dots, and is the layer's.
    /// </summary>
    private string Own(string name) => Named(name[(name.LastIndexOf('.') + 1)..]);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private void AddTensor(string name, OnnxElementType type, ReadOnlySpan<long> extents, byte[] bytes)
    {
        ProtobufWriter tensor = new();
        if (extents.Length > 0)
        {
            tensor.PackedVarints(1, extents);
        }
        tensor.Varint(2, (long)type);
        tensor.Text(8, name);
        tensor.Bytes(9, bytes);
        _constants.Add(tensor);
    }

    /// <summary>The message ValueInfoProto of onnx.proto: name, element type and shape.</summary>
    private static ProtobufWriter Describe(string name, OnnxElementType type, in Shape shape)
    {
        ProtobufWriter extents = new(), tensor = new(), valueType = new(), value = new(), extent = new();
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            extent.Clear();
            if (axis == 0)
            {
                extent.Text(2, Batch);
            }
            else
            {
                extent.Varint(1, shape[axis]);
            }
            extents.Message(1, extent);
        }
        tensor.Varint(1, (long)type);
        tensor.Message(2, extents);
        valueType.Message(1, tensor);
        value.Text(1, name);
        value.Message(2, valueType);
        return value;
    }
}
