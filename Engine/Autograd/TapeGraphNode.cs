using System.Globalization;

namespace Engine;

/// <summary>A node of a recording's graph.</summary>
/// <param name="Id">Its identifier in the graph.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name of the operation or of the parameter.</param>
/// <param name="Shape">The shape of its value.</param>
/// <param name="GradientNorm">The norm of its gradient, if it has one.</param>
internal sealed record TapeGraphNode(string Id, TapeGraphNodeKind Kind, string Name, Shape Shape, double? GradientNorm)
{
    /// <summary>Name, shape and size of the gradient.</summary>
    public string Label => GradientNorm is { } norm
        ? string.Create(CultureInfo.InvariantCulture, $"{Name} {Shape}, ‖g‖ = {norm:G4}")
        : $"{Name} {Shape}";

    /// <summary>The label with what Mermaid would read as markup or as the label's end as entity codes: <c>#60;</c> for &lt;.</summary>
    public string MermaidLabel => string.Concat(
        Label.Select(
            static c => char.IsControl(c) || "\"#&<>`".Contains(c)
                ? string.Create(CultureInfo.InvariantCulture, $"#{(int)c};")
                : c.ToString()));

    /// <summary>The label as it stands between the quotes of a DOT string.</summary>
    public string DotLabel => Label.Replace("\\", "\\\\").Replace("\"", "\\\"").ReplaceLineEndings("\\n");
}
