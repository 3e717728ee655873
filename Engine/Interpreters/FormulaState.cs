namespace Engine;

/// <summary>A state array, or a number kept for each parameter, in a <see cref="Formula"/>.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Name">The name under which it is saved.</param>
/// <param name="Initial">Its value before the first step.</param>
/// <param name="IsScalar">Whether it is one number for the whole parameter.</param>
public sealed record FormulaState(string Symbol, string Name, InitialState Initial, bool IsScalar);
