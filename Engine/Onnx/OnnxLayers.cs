using System.Numerics;

namespace Engine;

/// <summary>
/// Walks through a model and adds the nodes of its layers to a graph. A layer's nodes are chosen by its type, and the shapes are those that
/// it computes itself for a batch of zeros.
/// </summary>
/// <remarks>
/// A recording of the operations would not do in place of the layers: there a batch axis is an extent like any other, a maximum has
/// forgotten its window, and an index that it came from the input.
/// </remarks>
/// <param name="model">The model, in evaluation mode.</param>
internal sealed class OnnxLayers<T>(Layer<T> model) where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Two batches with which the model is run: one extent alone could be what a layer expects of features.</summary>
    private const int SampleBatch = 2, OtherBatch = 3;

    private readonly OnnxGraph _graph = new()
    {
        InputType = BeginsWithIndices(model) ? OnnxElementType.Int64 : OnnxElementType.Single,
    };

    /// <summary>The whole file.</summary>
    public byte[] Export(in Shape input)
    {
        Tensor<T> sample = Tensor<T>.Zeros(WithBatch(input, SampleBatch));
        OnnxValue<T> output = Add("", model, new(OnnxGraph.Input, sample));
        Run("", model, Tensor<T>.Zeros(WithBatch(input, OtherBatch))); // throws if a layer took the first batch for features
        return _graph.Encode(output.Name, sample.Shape, output.Sample.Shape);
    }

    private static Shape WithBatch(in Shape shape, int extent)
    {
        int[] extents = shape.ToArray();
        extents[0] = extent;
        return new Shape(extents);
    }

    private static bool BeginsWithIndices(Layer<T> layer) => layer is Sequential<T> { Count: > 0 } chain
        ? BeginsWithIndices(chain[0])
        : layer is Embedding<T> or SparseEmbedding<T>;

    private OnnxValue<T> Add(string path, Layer<T> layer, OnnxValue<T> x) => layer switch
    {
        Sequential<T> => layer.Children.Aggregate(x, (value, child) => Add(Join(path, child.Name), (Layer<T>)child.Module, value)),
        Residual<T> residual => AddResidual(path, residual, x),
        _ => AddLayer(path, layer, x),
    };

    private OnnxValue<T> AddResidual(string path, Residual<T> residual, in OnnxValue<T> x)
    {
        OnnxValue<T> direct = residual.Projection is null ? x : Add(Join(path, "projection"), residual.Projection, x),
            body = Add(Join(path, "body"), residual.Body, x);
        Tensor<T> y = Run(path, residual, x.Sample);
        _graph.Path = path;
        return new(_graph.Add("Add", [direct.Name, body.Name]), y);
    }

    private OnnxValue<T> AddLayer(string path, Layer<T> layer, in OnnxValue<T> x)
    {
        if (Operators(layer) is not { } operators)
        {
            string reason = layer is Lambda<T> ? "a function that is known by its results alone" : "a layer that is not the engine's";
            throw new NotSupportedException(
                $"ExportOnnx: got '{Describe(path, layer)}', {reason}, expected layers that can be written as ONNX operators.");
        }
        Tensor<T> y = Run(path, layer, x.Sample);
        if (y.Shape.Rank == 0 || y.Shape[0] != SampleBatch)
        {
            throw new NotSupportedException(
                $"ExportOnnx: got '{Describe(path, layer)}', which makes {y.Shape} of {x.Sample.Shape}, expected layers that keep the "
                    + "first axis: it is the batch, whose extent is free.");
        }
        _graph.Path = path;
        return new(operators(x.Name, x.Sample.Shape), y);
    }

    /// <summary>What adds a layer's nodes, given the name and shape of its input; null for a layer that cannot be exported.</summary>
    private Func<string, Shape, string>? Operators(Layer<T> layer) => layer switch
    {
        Dropout<T> => static (x, _) => x,
        IFunctionLayer function => (x, _) => function.Accept(new OnnxFunction(_graph, x)),
        PRelu<T> prelu => (x, shape) => _graph.Add("PRelu", [x, _graph.PerChannel(prelu.Weight, shape.Rank)]),
        WeightedLayer<T> weighted => Weighted(weighted, () => _graph.Constant(weighted.Weight), weighted.Bias),
        WeightNorm<T> norm => Weighted(norm.Layer, () => _graph.Constant(_graph.Named("weight"), norm.Normalized()), norm.Bias),
        SpectralNorm<T> norm => Weighted(norm.Layer, () => _graph.Constant(_graph.Named("weight"), norm.Normalized()), norm.Bias),
        Embedding<T> embedding => (x, _) => _graph.Lookup(x, embedding.Weight),
        SparseEmbedding<T> embedding => (x, _) => _graph.Lookup(x, embedding.Weight),
        BatchNorm<T> norm => (x, shape) => _graph.BatchNorm(x, shape, norm),
        LayerNorm<T> norm => (x, _) => _graph.LayerNorm(x, norm),
        RmsNorm<T> norm => (x, _) => _graph.RmsNorm(x, norm),
        GroupNorm<T> norm => (x, shape) => _graph.GroupNorm(x, shape, norm),
        InstanceNorm<T> norm => (x, _) => _graph.InstanceNorm(x, norm),
        MaxPool1d<T> pool => (x, _) => _graph.MaxPool(x, [pool.Kernel], [pool.Stride], [pool.Padding]),
        MaxPool2d<T> pool => (x, _) => _graph.MaxPool(x, Two(pool.Kernel), Two(pool.Stride), Two(pool.Padding)),
        AvgPool1d<T> pool => (x, _) =>
            _graph.AveragePool(x, [pool.Kernel], [pool.Stride], [pool.Padding], pool.CountIncludesPadding),
        AvgPool2d<T> pool => (x, _) =>
            _graph.AveragePool(x, Two(pool.Kernel), Two(pool.Stride), Two(pool.Padding), pool.CountIncludesPadding),
        GlobalAvgPool<T> => (x, _) => _graph.Reshape(_graph.Add("GlobalAveragePool", [x]), 0, 0),
        GlobalMaxPool<T> => (x, _) => _graph.Reshape(_graph.Add("GlobalMaxPool", [x]), 0, 0),
        Flatten<T> flatten => (x, shape) => _graph.Flatten(x, flatten.StartAxis, shape),
        Recurrent<T> recurrent => (x, _) => _graph.Recurrent(x, recurrent),
        MultiHeadAttention<T> attention => (x, shape) => _graph.Attention(x, shape, attention),
        _ => null,
    };

    /// <summary>The same for a layer that takes its weight from elsewhere.</summary>
    private Func<string, Shape, string>? Weighted(WeightedLayer<T> layer, Func<string> weight, Parameter<T>? bias) => layer switch
    {
        Linear<T> => (x, shape) => _graph.Linear(x, shape.Rank, weight(), bias),
        Conv1d<T> conv => (x, _) =>
            _graph.Convolution(x, weight(), bias, [conv.Stride], [conv.Padding], [conv.Dilation], conv.Groups),
        Conv2d<T> conv => (x, _) =>
            _graph.Convolution(x, weight(), bias, Two(conv.Stride), Two(conv.Padding), Two(conv.Dilation), conv.Groups),
        _ => null,
    };

    private static long[] Two(Size2d size) => [size.Height, size.Width];

    private static Tensor<T> Run(string path, Layer<T> layer, in Tensor<T> x)
    {
        try
        {
            return layer.Forward(x);
        }
        catch (ArgumentException error)
        {
            throw new ArgumentException(
                $"ExportOnnx: got the shape {x.Shape}, with the batch as its first axis, for '{Describe(path, layer)}': {error.Message}",
                "input", error);
        }
    }

    private static string Describe(string path, Layer<T> layer)
    {
        string type = layer.GetType().Name.Split('`')[0];
        return path.Length == 0 ? type : $"{path}: {type}";
    }

    private static string Join(string outer, string inner) => outer.Length == 0 ? inner : $"{outer}.{inner}";
}
