namespace Examples.Charts;

/// <summary>How a line is drawn.</summary>
/// <param name="Paint">Its color.</param>
/// <param name="Width">Its width in pixels.</param>
/// <param name="Dashes">The lengths of dashes and gaps; null draws an unbroken line.</param>
internal sealed record Stroke(Paint Paint, double Width, string? Dashes = null);
