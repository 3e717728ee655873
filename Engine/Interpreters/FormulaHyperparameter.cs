namespace Engine;

/// <summary>A hyperparameter of a <see cref="Formula"/> or an <see cref="AlgorithmDescription"/>.</summary>
/// <param name="Symbol">Its symbol.</param>
/// <param name="Property">
/// The rule's property, for example <c>LearningRate</c>; <c>WeightDecay</c> for the coefficient of the weight decay.
/// </param>
/// <param name="Value">Its value in this rule.</param>
/// <param name="Range">The interval in which it must lie.</param>
public sealed record FormulaHyperparameter(string Symbol, string Property, Hyperparameter Value, HyperparameterRange Range);
