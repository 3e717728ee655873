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
            Write(
                tape,
                (id, label, kind) => text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {id}{kind switch { Kind.Parameter => "([\"", Kind.Constant => "[/\"", _ => "[\"" }}{label.Replace("\"", "#quot;")}"
                        + $"{kind switch { Kind.Parameter => "\"])", Kind.Constant => "\"/]", _ => "\"]" }}\n"),
                (from, to) => text.Append(CultureInfo.InvariantCulture, $"  {from} --> {to}\n"));
            return text.ToString();
        }

        /// <summary>The same as the text of a graph in the DOT language of Graphviz.</summary>
        public string ToDot()
        {
            StringBuilder text = new("digraph tape {\n");
            Write(
                tape,
                (id, label, kind) => text.Append(
                    CultureInfo.InvariantCulture,
                    $"  {id} [label=\"{label.Replace("\\", "\\\\").Replace("\"", "\\\"")}\", shape="
                        + $"{kind switch { Kind.Parameter => "ellipse", Kind.Constant => "plaintext", _ => "box" }}];\n"),
                (from, to) => text.Append(CultureInfo.InvariantCulture, $"  {from} -> {to};\n"));
            return text.Append("}\n").ToString();
        }
    }

    private enum Kind
    {
        Operation,
        Parameter,
        Constant,
    }

    private static void Write<T>(Tape<T> tape, Action<string, string, Kind> node, Action<string, string> edge)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Dictionary<Buffer<T>, string> leaves = [];
        for (int i = 0; i < tape.Count; i++)
        {
            Node<T> operation = tape.Nodes[i];
            string id = string.Create(CultureInfo.InvariantCulture, $"n{i}");
            node(id, $"{operation.Op.Name} {operation.Output.Shape}{GradientNorm(operation.Gradient)}", Kind.Operation);
            foreach (Tensor<T> input in (Tensor<T>[])[operation.A, operation.B, operation.C, .. tape.InputsOf(operation)])
            {
                if (!input.IsDefault)
                {
                    edge(Source(tape, input, leaves, node), id);
                }
            }
        }
    }

    /// <summary>The node that a tensor comes from; a parameter or constant is written when it is met first.</summary>
    private static string Source<T>(
        Tape<T> tape, in Tensor<T> input, Dictionary<Buffer<T>, string> leaves, Action<string, string, Kind> node)
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
            string label = buffer.Parameter is { } parameter
                ? $"{parameter.Name} {parameter.Shape}{GradientNorm(parameter.HasGradient ? parameter.GradientBuffer : null)}"
                : $"constant {input.Shape}";
            node(id, label, buffer.Parameter is null ? Kind.Constant : Kind.Parameter);
        }
        return id;
    }

    private static string GradientNorm<T>(Buffer<T>? gradient) where T : unmanaged, IFloatingPointIeee754<T> => gradient is null
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $", ‖g‖ = {Math.Sqrt(Kernels.Reduction.SumOfSquares<T>(gradient.Span)):G4}");
}
