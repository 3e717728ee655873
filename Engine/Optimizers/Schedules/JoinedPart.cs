namespace Engine;

/// <summary>A schedule in a sequence.</summary>
/// <param name="Schedule">The schedule.</param>
/// <param name="Updates">The number of updates after which the next takes over.</param>
internal readonly record struct JoinedPart(Schedule Schedule, long Updates);
