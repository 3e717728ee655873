namespace Examples.Charts;

/// <summary>A point of a chart, in the units of its axes.</summary>
internal readonly record struct Point(double X, double Y);
