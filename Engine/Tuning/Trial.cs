namespace Engine;

/// <summary>One run of a candidate.</summary>
/// <param name="Seed">The seed, from 0; all candidates run with the same ones.</param>
/// <param name="Key">The key of the run, which is that of the study with the seed folded in: the same for all candidates.</param>
public readonly record struct Trial(int Seed, RandomKey Key);
