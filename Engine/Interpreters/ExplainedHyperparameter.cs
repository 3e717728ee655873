namespace Engine;

/// <summary>A hyperparameter, or another variable of the formula, at an explained step.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Property">The rule's property, or a description of the variable.</param>
/// <param name="Value">Its value at this step.</param>
public sealed record ExplainedHyperparameter(string Symbol, string Property, double Value);
