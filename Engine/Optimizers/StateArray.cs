namespace Engine;

/// <summary>A state array that a rule keeps for a parameter.</summary>
/// <param name="Symbol">The symbol that the paper uses.</param>
/// <param name="Key">The key under which it is saved: PyTorch's where PyTorch has the rule.</param>
/// <param name="Shape">Its shape.</param>
/// <param name="Initial">Its value before the first step; a copy of the parameter only where it has the parameter's shape.</param>
public readonly record struct StateArray(string Symbol, string Key, Shape Shape, InitialState Initial = default);
