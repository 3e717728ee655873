using Spectre.Console;

namespace Examples.Charts;

/// <summary>One line of a plot: its value after each epoch, the first before any.</summary>
/// <param name="Name">The label of the line.</param>
/// <param name="Mark">The letter that draws it in a terminal.</param>
/// <param name="Color">Its color.</param>
/// <param name="Values">Its values at 0, 1, 2, … of the horizontal axis.</param>
internal sealed record Series(string Name, char Mark, Color Color, IReadOnlyList<double> Values);

/// <summary>The lines over one pair of axes, drawn the same way in a picture and in a terminal.</summary>
/// <param name="Title">The quantity on the vertical axis.</param>
/// <param name="Across">The horizontal axis.</param>
/// <param name="Up">The vertical axis.</param>
/// <param name="Target">A value to mark across the plot, if any.</param>
/// <param name="Series">The lines.</param>
internal sealed record Plot(string Title, Axis Across, Axis Up, double? Target, IReadOnlyList<Series> Series);
