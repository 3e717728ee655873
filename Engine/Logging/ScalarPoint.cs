namespace Engine;

/// <summary>A logged number.</summary>
/// <param name="Step">The step.</param>
/// <param name="WallTime">The time of logging, in seconds since 1970-01-01 UTC.</param>
/// <param name="Value">The number, which may be NaN or infinite.</param>
public readonly record struct ScalarPoint(long Step, double WallTime, double Value);
