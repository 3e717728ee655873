namespace Examples.Charts;

/// <summary>One cell of a <see cref="HeatMap"/>.</summary>
/// <param name="Shade">From 0, the background, to 1, the full color; NaN draws a cell without a value.</param>
/// <param name="Text">What is written in the cell if it has room.</param>
internal readonly record struct Cell(double Shade, string Text);
