namespace Engine;

/// <summary>A state array that a rule keeps for a parameter.</summary>
/// <param name="Name">Its key: PyTorch's where PyTorch has the rule.</param>
/// <param name="Shape">Its extents.</param>
/// <param name="Initial">What it holds before the first step; a copy of the parameter only where it has the parameter's shape.</param>
public readonly record struct StateArray(string Name, Shape Shape, InitialState Initial = default);
