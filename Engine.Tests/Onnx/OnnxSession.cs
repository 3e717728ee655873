using Microsoft.ML.OnnxRuntime;

namespace Engine.Tests;

/// <summary>ONNX Runtime with a model of one input and one output: the oracle of the export.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxSession(byte[] model)
    {
        using SessionOptions options = new()
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        _session = new(model, options);
    }

    /// <summary>The element type, and the extents with −1 or a name for those that are free.</summary>
    public string Input => Describe(_session.InputMetadata["input"]);

    /// <summary>The same of the output.</summary>
    public string Output => Describe(_session.OutputMetadata["output"]);

    public void Dispose() => _session.Dispose();

    /// <summary>The output for an input of the model's element type.</summary>
    public (long[] Shape, float[] Elements) Run(double[] elements, params ReadOnlySpan<int> shape)
    {
        long[] extents = Array.ConvertAll(shape.ToArray(), static extent => (long)extent);
        using OrtValue input = _session.InputMetadata["input"].ElementType == typeof(long)
            ? OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(elements, static element => (long)element), extents)
            : OrtValue.CreateTensorValueFromMemory(Array.ConvertAll(elements, static element => (float)element), extents);
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> outputs = _session.Run(options, ["input"], [input], ["output"]);
        return (outputs[0].GetTensorTypeAndShape().Shape, outputs[0].GetTensorDataAsSpan<float>().ToArray());
    }

    private static string Describe(NodeMetadata value)
    {
        IEnumerable<string> extents = value.Dimensions.Zip(
            value.SymbolicDimensions, static (extent, name) => name.Length > 0 ? name : extent.ToString());
        return $"{value.ElementType.Name} [{string.Join(", ", extents)}]";
    }
}
