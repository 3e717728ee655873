namespace Examples.Charts;

/// <summary>How one of several lines looks, so that it can be told from the others by color, by dashes or by markers alone.</summary>
/// <param name="Paint">Its color.</param>
/// <param name="Dashes">The lengths of its dashes and gaps; null for an unbroken line.</param>
/// <param name="Marker">The outline of its markers as SVG path data around the origin.</param>
internal sealed record SeriesStyle(Paint Paint, string? Dashes, string Marker)
{
    /// <summary>The line.</summary>
    public Stroke Line { get; } = new(Paint, 2.2, Dashes);

    /// <summary>What leads from the line's end to its label.</summary>
    public Stroke Leader { get; } = new(Paint, 1);
}
