namespace Engine;

/// <summary>
/// The ONNX lane: a generic formula that runs over it adds its nodes to a graph. Numbers stay numbers, in double precision, until they are
/// combined with a value of the graph.
/// </summary>
/// <remarks>
/// ONNX has no operator for eˣ − 1 and ln(1 + x): they are composed, and near zero right to the absolute precision of a float only.
/// </remarks>
internal readonly struct OnnxLane : ILane<OnnxLane>
{
    private readonly OnnxGraph? _graph;
    private readonly string _name;
    private readonly double _number;

    /// <summary>A value of a graph.</summary>
    public OnnxLane(OnnxGraph graph, string name) => (_graph, _name) = (graph, name);

    private OnnxLane(double number) => (_name, _number) = ("", number);

    /// <summary>Whether the value is a constant number.</summary>
    public bool IsNumber => _graph is null;

    /// <summary>The value's name in a graph; a number becomes a constant there.</summary>
    public string In(OnnxGraph graph) => _graph is null ? graph.Number(_number) : _name;

    /// <inheritdoc/>
    public static implicit operator OnnxLane(double value) => new(value);

    /// <inheritdoc/>
    public static OnnxLane operator +(OnnxLane a, OnnxLane b) => Add("Add", a, b) ?? a._number + b._number;

    /// <inheritdoc/>
    public static OnnxLane operator -(OnnxLane a, OnnxLane b) => Add("Sub", a, b) ?? a._number - b._number;

    /// <inheritdoc/>
    public static OnnxLane operator *(OnnxLane a, OnnxLane b) => Add("Mul", a, b) ?? a._number * b._number;

    /// <inheritdoc/>
    public static OnnxLane operator /(OnnxLane a, OnnxLane b) => Add("Div", a, b) ?? a._number / b._number;

    /// <inheritdoc/>
    public static OnnxLane operator -(OnnxLane a) => Add("Neg", a) ?? -a._number;

    /// <inheritdoc/>
    public static OnnxLane Sqrt(OnnxLane x) => Add("Sqrt", x) ?? Scalar<double>.Sqrt(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Abs(OnnxLane x) => Add("Abs", x) ?? Scalar<double>.Abs(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Sign(OnnxLane x) => Add("Sign", x) ?? Scalar<double>.Sign(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Max(OnnxLane a, OnnxLane b) => Add("Max", a, b) ?? Scalar<double>.Max(a._number, b._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Min(OnnxLane a, OnnxLane b) => Add("Min", a, b) ?? Scalar<double>.Min(a._number, b._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Exp(OnnxLane x) => Add("Exp", x) ?? Scalar<double>.Exp(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Log(OnnxLane x) => Add("Log", x) ?? Scalar<double>.Log(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Tanh(OnnxLane x) => Add("Tanh", x) ?? Scalar<double>.Tanh(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane ExpM1(OnnxLane x) => x._graph is null ? Scalar<double>.ExpM1(x._number).Value : Exp(x) - 1;

    /// <inheritdoc/>
    public static OnnxLane LogP1(OnnxLane x) => x._graph is null ? Scalar<double>.LogP1(x._number).Value : Log(1 + x);

    /// <inheritdoc/>
    public static OnnxLane Sin(OnnxLane x) => Add("Sin", x) ?? Scalar<double>.Sin(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Cos(OnnxLane x) => Add("Cos", x) ?? Scalar<double>.Cos(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Atan(OnnxLane x) => Add("Atan", x) ?? Scalar<double>.Atan(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Erf(OnnxLane x) => Add("Erf", x) ?? Scalar<double>.Erf(x._number).Value;

    /// <inheritdoc/>
    public static OnnxLane Pow(OnnxLane x, OnnxLane y) => Add("Pow", x, y) ?? Scalar<double>.Pow(x._number, y._number).Value;

    /// <inheritdoc/>
    public static OnnxLane WhereGreater(OnnxLane a, OnnxLane b, OnnxLane then, OnnxLane otherwise)
    {
        if ((a._graph ?? b._graph) is not { } graph)
        {
            return a._number > b._number ? then : otherwise;
        }
        string isGreater = graph.Add("Greater", [a.In(graph), b.In(graph)]);
        return new(graph, graph.Add("Where", [isGreater, then.In(graph), otherwise.In(graph)]));
    }

    /// <summary>A node of one input; null if it is a number.</summary>
    private static OnnxLane? Add(string @operator, OnnxLane x) =>
        x._graph is { } graph ? new OnnxLane(graph, graph.Add(@operator, [x._name])) : null;

    /// <summary>A node of two inputs; null if both are numbers.</summary>
    private static OnnxLane? Add(string @operator, OnnxLane a, OnnxLane b) => (a._graph ?? b._graph) is { } graph
        ? new OnnxLane(graph, graph.Add(@operator, [a.In(graph), b.In(graph)]))
        : null;
}
