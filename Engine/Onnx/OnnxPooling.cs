namespace Engine;

/// <summary>The nodes of pooling over windows, over as many axes as a window has extents.</summary>
internal static class OnnxPooling
{
    extension(OnnxGraph graph)
    {
        public string MaxPool(string x, long[] kernel, long[] stride, long[] padding) =>
            graph.Add(
                "MaxPool", [x], new OnnxAttribute("kernel_shape", kernel), new OnnxAttribute("strides", stride),
                new OnnxAttribute("pads", [.. padding, .. padding]));

        public string AveragePool(string x, long[] kernel, long[] stride, long[] padding, bool countIncludesPadding) =>
            graph.Add(
                "AveragePool", [x],
                [
                    new("kernel_shape", kernel), new("strides", stride), new("pads", [.. padding, .. padding]),
                    .. countIncludesPadding ? [new OnnxAttribute("count_include_pad", 1)] : Array.Empty<OnnxAttribute>(),
                ]);
    }
}
