namespace Engine;

/// <summary>A phase of <see cref="OneCycleSchedule"/>.</summary>
/// <param name="End">The count at which it ends, which need not be whole.</param>
/// <param name="Value">The value that it ends with.</param>
internal readonly record struct OneCyclePhase(double End, double Value);
