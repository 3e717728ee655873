using System.Numerics;

namespace Engine;

/// <summary>The nodes of products with weights: dense layers, convolutions, tables of vectors.</summary>
internal static class OnnxWeights
{
    extension(OnnxGraph graph)
    {
        /// <summary>x·Wᵀ + b over the last axis.</summary>
        /// <param name="x">A value.</param>
        /// <param name="rank">The number of its axes.</param>
        /// <param name="weight">The name of W of [outputs, inputs].</param>
        /// <param name="bias">b of [outputs], if there is one.</param>
        public string Linear<T>(string x, int rank, string weight, Parameter<T>? bias) where T : unmanaged, IFloatingPointIeee754<T>
        {
            if (rank == 2)
            {
                return graph.Add(
                    "Gemm", bias is null ? [x, weight] : [x, weight, graph.Constant(bias)], new OnnxAttribute("transB", 1));
            }
            string product = graph.Add("MatMul", [x, graph.Transpose(weight, 1, 0)]);
            return bias is null ? product : graph.Add("Add", [product, graph.Constant(bias)]);
        }

        /// <summary>A convolution over as many axes as there are strides.</summary>
        public string Convolution<T>(
            string x, string weight, Parameter<T>? bias, long[] stride, long[] padding, long[] dilation, int groups)
            where T : unmanaged, IFloatingPointIeee754<T> =>
            graph.Add(
                "Conv", bias is null ? [x, weight] : [x, weight, graph.Constant(bias)],
                new OnnxAttribute("strides", stride), new OnnxAttribute("pads", [.. padding, .. padding]),
                new OnnxAttribute("dilations", dilation), new OnnxAttribute("group", groups));

        /// <summary>The rows of a table at indices, which are converted unless they are the input of the graph and integers.</summary>
        public string Lookup<T>(string x, Parameter<T> table) where T : unmanaged, IFloatingPointIeee754<T>
        {
            string indices = x == OnnxGraph.Input && graph.InputType == OnnxElementType.Int64
                ? x
                : graph.Add("Cast", [x], new OnnxAttribute("to", (long)OnnxElementType.Int64));
            return graph.Add("Gather", [graph.Constant(table), indices]);
        }
    }
}
