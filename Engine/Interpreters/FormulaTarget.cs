namespace Engine;

/// <summary>A tree with a name: an intermediate, or the value of a variable after the step.</summary>
/// <param name="Tree">The tree, which is known by its identity.</param>
/// <param name="Variable">The variable before the step; null for an intermediate.</param>
/// <param name="IsScalar">Whether it is computed once a step.</param>
internal sealed record FormulaTarget(Symbol Tree, Symbol? Variable, bool IsScalar);
