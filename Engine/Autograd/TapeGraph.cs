using System.Globalization;
using System.Numerics;
using System.Text;

namespace Engine;

/// <summary>
/// The recording of a tape as a graph: parameters, constants and operations with their shapes, and the size of their gradients.
/// </summary>
public static class TapeGraph
{
    extension<T>(Tape<T> tape) where T : unmanaged, IFloatingPointIeee754<T>
    {
        /// <summary>
        /// The current or last recording as the text of a Mermaid flowchart, which GitHub and many editors draw. After a backward pass an
        /// operation also shows ‖g‖, the norm of its output's gradient, as long as the recording's tensors have not expired.
        /// </summary>
        public string ToMermaid()
        {
            StringBuilder text = new("flowchart TD\n");
            Visit(
                tape,
                node => text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {node.Id}{Opening(node.Kind)}\"{node.MermaidLabel}\"{Closing(node.Kind)}\n"),
                (from, to) => text.Append(CultureInfo.InvariantCulture, $"  {from} --> {to}\n"));
            return text.ToString();
        }

        /// <summary>The same as the text of a graph in the DOT language of Graphviz.</summary>
        public string ToDot()
        {
            StringBuilder text = new("digraph tape {\n");
            Visit(
                tape,
                node => text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {node.Id} [label=\"{node.DotLabel}\", shape={DotShape(node.Kind)}];\n"),
                (from, to) => text.Append(CultureInfo.InvariantCulture, $"  {from} -> {to};\n"));
            return text.Append("}\n").ToString();
        }
    }

    private static string Opening(TapeGraphNodeKind kind) => kind switch
    {
        TapeGraphNodeKind.Parameter => "([",
        TapeGraphNodeKind.Constant => "[/",
        _ => "[",
    };

    private static string Closing(TapeGraphNodeKind kind) => kind switch
    {
        TapeGraphNodeKind.Parameter => "])",
        TapeGraphNodeKind.Constant => "/]",
        _ => "]",
    };

    private static string DotShape(TapeGraphNodeKind kind) => kind switch
    {
        TapeGraphNodeKind.Parameter => "ellipse",
        TapeGraphNodeKind.Constant => "plaintext",
        _ => "box",
    };

    /// <summary>Visits the operations in order, each parameter and constant when it is met first, and what each operation reads.</summary>
    /// <param name="tape">The tape of the recording.</param>
    /// <param name="node">Receives each node.</param>
    /// <param name="edge">Receives the identifiers of a node and of an operation that reads it.</param>
    internal static void Visit<T>(Tape<T> tape, Action<TapeGraphNode> node, Action<string, string> edge)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Dictionary<Buffer<T>, string> leaves = [];
        for (int i = 0; i < tape.Count; i++)
        {
            Node<T> operation = tape.Nodes[i];
            string id = string.Create(CultureInfo.InvariantCulture, $"n{i}");
            node(new(id, TapeGraphNodeKind.Operation, operation.Op.Name, operation.Output.Shape, GradientNorm(operation.Gradient)));
            foreach (Tensor<T> input in (Tensor<T>[])[operation.A, operation.B, operation.C, .. tape.InputsOf(operation)])
            {
                if (!input.IsDefault)
                {
                    edge(Source(tape, input, leaves, node), id);
                }
            }
        }
    }

    /// <summary>The node that a tensor comes from; a parameter or constant is visited when it is met first.</summary>
    private static string Source<T>(Tape<T> tape, in Tensor<T> input, Dictionary<Buffer<T>, string> leaves, Action<TapeGraphNode> node)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Buffer<T> buffer = input.Buffer;
        if (buffer.Parameter is null && ReferenceEquals(buffer.Arena, tape.Arena) && buffer.Node != Buffer<T>.NoNode)
        {
            return string.Create(CultureInfo.InvariantCulture, $"n{buffer.Node}");
        }
        if (!leaves.TryGetValue(buffer, out string? id))
        {
            id = string.Create(CultureInfo.InvariantCulture, $"leaf{leaves.Count}");
            leaves.Add(buffer, id);
            node(buffer.Parameter is { } parameter
                ? new(
                    id, TapeGraphNodeKind.Parameter, parameter.Name, parameter.Shape,
                    GradientNorm(parameter.HasGradient ? parameter.GradientBuffer : null))
                : new(id, TapeGraphNodeKind.Constant, "constant", input.Shape, null));
        }
        return id;
    }

    private static double? GradientNorm<T>(Buffer<T>? gradient) where T : unmanaged, IFloatingPointIeee754<T> =>
        gradient is null ? null : Math.Sqrt(Kernels.Reduction.SumOfSquares<T>(gradient.Span));
}
