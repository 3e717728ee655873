using System.Numerics;

namespace Engine;

/// <summary>The nodes of self-attention, in the steps of <see cref="MultiHeadAttention{T}"/>.</summary>
internal static class OnnxAttention
{
    extension(OnnxGraph graph)
    {
        /// <summary>softmax(Q·Kᵀ/√d + mask)·V for each head, joined and projected.</summary>
        /// <param name="x">[batch, tokens, features].</param>
        /// <param name="shape">Its shape.</param>
        /// <param name="attention">The layer.</param>
        public string Attention<T>(string x, in Shape shape, MultiHeadAttention<T> attention)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            int width = attention.Features / attention.Heads;
            string projected = graph.Linear(x, shape.Rank, graph.Constant(attention.InputWeight), attention.InputBias),
                heads = graph.Transpose(graph.Reshape(projected, 0, 0, 3, attention.Heads, width), 2, 0, 3, 1, 4),
                query = graph.Add("Mul", [graph.Part(heads, 0), graph.Number(1 / Math.Sqrt(width))]),
                key = graph.Transpose(graph.Part(heads, 1), 0, 1, 3, 2),
                scores = graph.Add("MatMul", [query, key]);
            if (attention.Causal)
            {
                string mask = graph.Constant(graph.Named("causal_mask"), MultiHeadAttention<T>.CausalMask(shape[1], shape[1]));
                scores = graph.Add("Add", [scores, mask]);
            }
            string attended = graph.Add("MatMul", [graph.Add("Softmax", [scores]), graph.Part(heads, 2)]),
                joined = graph.Reshape(graph.Transpose(attended, 0, 2, 1, 3), 0, 0, attention.Features);
            graph.Path = graph.Named("out_proj");
            return graph.Linear(joined, shape.Rank, graph.Constant(attention.Output.Weight), attention.Output.Bias);
        }

        /// <summary>One of the three projections, [batch, heads, tokens, width].</summary>
        private string Part(string heads, int number) => graph.Add("Gather", [heads, graph.Integer(number)]);
    }
}
