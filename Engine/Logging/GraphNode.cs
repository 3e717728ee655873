using System.Numerics;
using System.Text;

namespace Engine;

/// <summary>A node of a graph as TensorBoard draws it.</summary>
/// <param name="Name">Its name, of the characters that TensorFlow allows; a slash makes a group.</param>
/// <param name="Operation">What it computes, or what it is.</param>
/// <param name="Shape">The shape of its result.</param>
/// <param name="Inputs">The names of the nodes that it reads.</param>
internal sealed record GraphNode(string Name, string Operation, Shape Shape, List<string> Inputs)
{
    /// <summary>The nodes of a recording: the operations in order, and the parameters and constants that they read.</summary>
    public static IReadOnlyList<GraphNode> Of<T>(Tape<T> tape) where T : unmanaged, IFloatingPointIeee754<T>
    {
        List<GraphNode> nodes = [];
        Dictionary<string, GraphNode> byId = [];
        TapeGraph.Visit(
            tape,
            node =>
            {
                string name = node.Kind switch
                {
                    TapeGraphNodeKind.Parameter => $"parameters/{Allowed(node.Name)}",
                    TapeGraphNodeKind.Constant => $"constants/{node.Id}",
                    _ => $"{Allowed(node.Name)}_{node.Id}",
                };
                GraphNode known = new(name, node.Kind == TapeGraphNodeKind.Operation ? node.Name : node.Kind.ToString(), node.Shape, []);
                nodes.Add(known);
                byId.Add(node.Id, known);
            },
            (from, to) => byId[to].Inputs.Add(byId[from].Name));
        return nodes;
    }

    private static string Allowed(string name)
    {
        StringBuilder text = new(name);
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiLetterOrDigit(text[i]) && !(i > 0 && text[i] is '.' or '-' or '/'))
            {
                text[i] = '_';
            }
        }
        return text.ToString();
    }
}
