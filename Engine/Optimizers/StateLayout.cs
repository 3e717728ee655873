namespace Engine;

/// <summary>The state that a rule keeps for one parameter.</summary>
/// <param name="Arrays">The state arrays.</param>
/// <param name="Scalars">The numbers kept beside them.</param>
internal readonly record struct StateLayout(IReadOnlyList<StateArray> Arrays, IReadOnlyList<StateName> Scalars);
