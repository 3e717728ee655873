namespace Examples.Charts;

/// <summary>The values from <paramref name="Low"/> to <paramref name="High"/>.</summary>
internal readonly record struct Interval(double Low, double High);
