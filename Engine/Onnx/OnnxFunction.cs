namespace Engine;

/// <summary>
/// The nodes of a function of one number: ONNX's operator for it if there is one, else those of its formula, so that every function of a
/// user's own is exported too.
/// </summary>
/// <param name="graph">Where the nodes are added.</param>
/// <param name="x">The name of the function's input.</param>
internal sealed class OnnxFunction(OnnxGraph graph, string x) : IUnaryFunctionVisitor<string>
{
    public string Visit<TFunction>(TFunction function) where TFunction : unmanaged, IUnaryFunction => function switch
    {
        ReluFunction => graph.Add("Relu", [x]),
        TanhFunction => graph.Add("Tanh", [x]),
        SigmoidFunction => graph.Add("Sigmoid", [x]),
        SeluFunction => graph.Add("Selu", [x]),
        GeluFunction => graph.Add("Gelu", [x]),
        GeluTanhFunction => graph.Add("Gelu", [x], new OnnxAttribute("approximate", "tanh")),
        MishFunction => graph.Add("Mish", [x]),
        SoftsignFunction => graph.Add("Softsign", [x]),
        HardSwishFunction => graph.Add("HardSwish", [x]),
        HardSigmoidFunction => graph.Add("HardSigmoid", [x], new OnnxAttribute("alpha", 1.0 / 6)),
        LeakyReluFunction leaky => graph.Add("LeakyRelu", [x], new OnnxAttribute("alpha", leaky.Slope)),
        EluFunction elu => graph.Add("Elu", [x], new OnnxAttribute("alpha", elu.Alpha)),
        CeluFunction celu => graph.Add("Celu", [x], new OnnxAttribute("alpha", celu.Alpha)),
        SoftplusFunction { Beta: 1 } => graph.Add("Softplus", [x]),
        HardTanhFunction hard => graph.Add("Clip", [x, graph.Number(hard.Low), graph.Number(hard.High)]),
        Relu6Function => graph.Add("Clip", [x, graph.Number(0), graph.Number(6)]),
        _ => Formula(function),
    };

    private string Formula<TFunction>(TFunction function) where TFunction : unmanaged, IUnaryFunction
    {
        OnnxLane y = function.Value(new OnnxLane(graph, x));
        return y.IsNumber ? graph.Add("Expand", [y.In(graph), graph.Add("Shape", [x])]) : y.In(graph);
    }
}
