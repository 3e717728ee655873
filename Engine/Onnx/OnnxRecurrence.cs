using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// The nodes of recurrent layers. ONNX's operators read [time, batch, inputs], have the gates in another order than PyTorch, and compute
/// both directions in one node.
/// </summary>
internal static class OnnxRecurrence
{
    extension(OnnxGraph graph)
    {
        /// <summary>The outputs of all time steps, [batch, time, directions·hidden].</summary>
        /// <param name="x">[batch, time, inputs].</param>
        /// <param name="network">The layers.</param>
        public string Recurrent<T>(string x, Recurrent<T> network) where T : unmanaged, IFloatingPointIeee754<T>
        {
            (string name, int[] gates, OnnxAttribute[] settings) = Operator(network);
            string sequence = graph.Transpose(x, 1, 0, 2);
            for (int layer = 0; layer < network.Layers; layer++)
            {
                Recurrent<T>.Weights[] directions = [.. network.AllWeights.Skip(layer * network.Directions).Take(network.Directions)];
                string outputs = graph.Add(
                    name, [sequence, .. graph.LayerWeights(layer, gates, directions)],
                    [
                        new("hidden_size", network.HiddenSize), new("direction", directions.Length == 2 ? "bidirectional" : "forward"),
                        .. settings,
                    ]);
                // [time, directions, batch, hidden] to [time, batch, directions·hidden]
                sequence = graph.Reshape(graph.Transpose(outputs, 0, 2, 1, 3), 0, 0, -1);
            }
            return graph.Transpose(sequence, 1, 0, 2);
        }

        /// <summary>W, R and perhaps B of one layer; the first axis is the direction.</summary>
        private IEnumerable<string> LayerWeights<T>(int layer, int[] gates, Recurrent<T>.Weights[] directions)
            where T : unmanaged, IFloatingPointIeee754<T>
        {
            List<string> names = [Constant("W", d => Reorder(d.Input, gates)), Constant("R", d => Reorder(d.Hidden, gates))];
            if (directions[0] is { InputBias: not null, HiddenBias: not null })
            {
                names.Add(Constant("B", d => Tensor<T>.Concat([Reorder(d.InputBias!, gates), Reorder(d.HiddenBias!, gates)])));
            }
            return names;

            string Constant(string name, Func<Recurrent<T>.Weights, Tensor<T>> ofDirection) =>
                graph.Constant(
                    graph.Named(string.Create(CultureInfo.InvariantCulture, $"{name}_l{layer}")),
                    Tensor<T>.Stack([.. directions.Select(ofDirection)]));
        }
    }

    /// <summary>The operator, the order of the gates that it takes, by their places in PyTorch's, and its settings.</summary>
    private static (string Name, int[] Gates, OnnxAttribute[] Settings) Operator<T>(Recurrent<T> network)
        where T : unmanaged, IFloatingPointIeee754<T> => network switch
        {
            Lstm<T> => ("LSTM", [0, 3, 1, 2], []), // i, o, f, g
            Gru<T> => ("GRU", [1, 0, 2], [new("linear_before_reset", 1)]), // z, r, n
            Rnn<T> { UsesRelu: true } => ("RNN", [0], [new("activations", [.. Enumerable.Repeat("Relu", network.Directions)])]),
            _ => ("RNN", [0], []),
        };

    private static Tensor<T> Reorder<T>(Parameter<T> weights, int[] gates) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int hidden = weights.Shape[0] / gates.Length;
        return Tensor<T>.Concat([.. gates.Select(gate => weights.Value.Slice((gate * hidden)..((gate + 1) * hidden)))]);
    }
}
