using System.Numerics;

namespace Engine;

/// <summary>One line of a <see cref="Formula"/>: an assignment to θ, g, a state array or a kept number, or the value of a named intermediate.</summary>
/// <param name="Target">What gets the value.</param>
/// <param name="Value">The value, in the letters that hold when the line is reached.</param>
/// <param name="IsAssignment">Whether the target had a value before: ← instead of =.</param>
/// <param name="IsScalar">Whether it is computed once a step in double precision, instead of for every element.</param>
public sealed record FormulaLine(string Target, Symbol Value, bool IsAssignment, bool IsScalar)
{
    /// <summary>For example <c>m ← β₁·m + (1 − β₁)·g</c>.</summary>
    public string ToText() => $"{Target} {(IsAssignment ? "←" : "=")} {Value.ToText()}";

    /// <summary>The line as LaTeX, aligned at the arrow.</summary>
    public string ToLatex() => $@"{SymbolNames.ToLatex(Target)} &{(IsAssignment ? @"\leftarrow" : "=")} {Value.ToLatex()}";

    /// <inheritdoc cref="ToText"/>
    public override string ToString() => ToText();

    /// <summary>The line's value, with the bits that a step of precision <typeparamref name="T"/> gives it.</summary>
    internal double Evaluate<T>(IReadOnlyDictionary<string, double> values) where T : unmanaged, IFloatingPointIeee754<T> =>
        IsScalar ? Value.Evaluate<double>(values) : double.CreateTruncating(Value.Evaluate<T>(values));
}

/// <summary>A hyper-parameter in a <see cref="Formula"/>.</summary>
/// <param name="Symbol">Its letter.</param>
/// <param name="Property">The rule's property, for example <c>LearningRate</c>; <c>WeightDecay</c> for the decay's coefficient.</param>
/// <param name="Value">Its value in this rule.</param>
/// <param name="Range">The interval in which it must lie.</param>
public sealed record FormulaHyperparameter(string Symbol, string Property, Hyperparameter Value, HyperparameterRange Range);

/// <summary>A state array, or a number kept for each parameter, in a <see cref="Formula"/>.</summary>
/// <param name="Symbol">Its letter.</param>
/// <param name="Name">The name under which it is saved.</param>
/// <param name="Initial">What it holds before the first step.</param>
/// <param name="IsScalar">Whether it is one number for the whole parameter.</param>
public sealed record FormulaState(string Symbol, string Name, InitialState Initial, bool IsScalar);
