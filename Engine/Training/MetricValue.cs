namespace Engine;

/// <summary>The value of a metric at some time.</summary>
/// <param name="Name">The metric's name.</param>
/// <param name="Value">Its value; NaN if nothing was measured.</param>
public readonly record struct MetricValue(string Name, double Value);
