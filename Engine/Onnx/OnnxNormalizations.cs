using System.Numerics;

namespace Engine;

/// <summary>The nodes of normalizations.</summary>
internal static class OnnxNormalizations
{
    extension(OnnxGraph graph)
    {
        /// <summary>By the running statistics, or by the batch's own if there are none.</summary>
        public string BatchNorm<T>(string x, in Shape shape, BatchNorm<T> norm) where T : unmanaged, IFloatingPointIeee754<T>
        {
            Shape channels = [norm.Channels];
            if (norm.RunningMean is not null && norm.RunningVariance is not null)
            {
                return graph.Add(
                    "BatchNormalization",
                    [
                        x, graph.ScaleOf(norm.Weight, channels), graph.ShiftOf(norm.Bias, channels),
                        graph.Constant(norm.RunningMean), graph.Constant(norm.RunningVariance),
                    ],
                    new OnnxAttribute("epsilon", norm.Epsilon));
            }
            string axes = graph.Integers([0, .. Enumerable.Range(2, shape.Rank - 2).Select(static axis => (long)axis)]),
                centered = graph.Add("Sub", [x, graph.Add("ReduceMean", [x, axes])]);
            return graph.Affine(graph.OverRoot(centered, centered, axes, norm.Epsilon), norm.Weight, norm.Bias, shape.Rank);
        }

        public string LayerNorm<T>(string x, LayerNorm<T> norm) where T : unmanaged, IFloatingPointIeee754<T> =>
            graph.Add(
                "LayerNormalization",
                [x, graph.ScaleOf(norm.Weight, norm.NormalizedShape), graph.ShiftOf(norm.Bias, norm.NormalizedShape)],
                new OnnxAttribute("axis", -norm.NormalizedShape.Rank), new OnnxAttribute("epsilon", norm.Epsilon));

        public string RmsNorm<T>(string x, RmsNorm<T> norm) where T : unmanaged, IFloatingPointIeee754<T>
        {
            long[] axes = [.. Enumerable.Range(-norm.NormalizedShape.Rank, norm.NormalizedShape.Rank).Select(static axis => (long)axis)];
            double epsilon = norm.Epsilon ?? (typeof(T) == typeof(float) ? 1.0 / (1 << 23) : 1.0 / (1L << 52));
            string y = graph.OverRoot(x, x, graph.Integers(axes), epsilon);
            return norm.Weight is null ? y : graph.Add("Mul", [y, graph.Constant(norm.Weight)]);
        }

        /// <summary>The groups as channels of an instance normalization.</summary>
        public string GroupNorm<T>(string x, in Shape shape, GroupNorm<T> norm) where T : unmanaged, IFloatingPointIeee754<T>
        {
            Shape groups = [norm.Groups];
            string y = graph.Add(
                "InstanceNormalization",
                [graph.Reshape(x, 0, norm.Groups, -1), graph.ScaleOf<T>(null, groups), graph.ShiftOf<T>(null, groups)],
                new OnnxAttribute("epsilon", norm.Epsilon));
            return graph.Affine(graph.ReshapeExamples(y, shape), norm.Weight, norm.Bias, shape.Rank);
        }

        public string InstanceNorm<T>(string x, InstanceNorm<T> norm) where T : unmanaged, IFloatingPointIeee754<T> =>
            graph.Add(
                "InstanceNormalization",
                [x, graph.ScaleOf(norm.Weight, [norm.Channels]), graph.ShiftOf(norm.Bias, [norm.Channels])],
                new OnnxAttribute("epsilon", norm.Epsilon));

        /// <summary>x/√(mean of squares + ε).</summary>
        private string OverRoot(string x, string squared, string axes, double epsilon)
        {
            string mean = graph.Add("ReduceMean", [graph.Add("Mul", [squared, squared]), axes]);
            return graph.Add("Div", [x, graph.Add("Sqrt", [graph.Add("Add", [mean, graph.Number(epsilon)])])]);
        }

        /// <summary>x·γ + β for each channel, if there are γ and β.</summary>
        private string Affine<T>(string x, Parameter<T>? weight, Parameter<T>? bias, int rank) where T : unmanaged, IFloatingPointIeee754<T>
        {
            string scaled = weight is null ? x : graph.Add("Mul", [x, graph.PerChannel(weight, rank)]);
            return bias is null ? scaled : graph.Add("Add", [scaled, graph.PerChannel(bias, rank)]);
        }

        /// <summary>γ; ones where there is none, since the operator demands it.</summary>
        private string ScaleOf<T>(Parameter<T>? weight, in Shape shape) where T : unmanaged, IFloatingPointIeee754<T> =>
            weight is null ? graph.Constant(graph.Named("ones"), Tensor<T>.Ones(shape)) : graph.Constant(weight);

        /// <summary>β; zeros where there is none.</summary>
        private string ShiftOf<T>(Parameter<T>? bias, in Shape shape) where T : unmanaged, IFloatingPointIeee754<T> =>
            bias is null ? graph.Constant(graph.Named("zeros"), Tensor<T>.Zeros(shape)) : graph.Constant(bias);
    }
}
