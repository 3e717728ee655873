namespace Examples.Charts;

/// <summary>One bar of a <see cref="BarChart"/>.</summary>
internal sealed record Bar(string Name, double Value);
