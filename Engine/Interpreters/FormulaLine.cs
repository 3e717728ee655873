using System.Numerics;

namespace Engine;

/// <summary>
/// One line of a <see cref="Formula"/>: an assignment to θ, g, a state array or a kept number, or the value of a named intermediate.
/// </summary>
/// <param name="Target">The symbol that the line defines or assigns.</param>
/// <param name="Value">The value, in terms of the symbols as they are before the line.</param>
/// <param name="IsAssignment">Whether the target had a value before: ← instead of =.</param>
/// <param name="IsScalar">Whether it is computed once a step in double precision, instead of for every element.</param>
public sealed record FormulaLine(string Target, Symbol Value, bool IsAssignment, bool IsScalar)
{
    /// <summary>The line as text, for example <c>m ← β₁·m + (1 − β₁)·g</c>.</summary>
    public string ToText() => $"{Target} {(IsAssignment ? "←" : "=")} {Value.ToText()}";

    /// <summary>The line as LaTeX, aligned at its arrow or equals sign.</summary>
    public string ToLatex() => $@"{SymbolNames.ToLatex(Target)} &{(IsAssignment ? @"\leftarrow" : "=")} {Value.ToLatex()}";

    /// <inheritdoc cref="ToText"/>
    public override string ToString() => ToText();

    /// <summary>Computes the value with the same bits as a step in the precision <typeparamref name="T"/>.</summary>
    internal double Evaluate<T>(IReadOnlyDictionary<string, double> values) where T : unmanaged, IFloatingPointIeee754<T> =>
        IsScalar ? Value.Evaluate<double>(values) : double.CreateTruncating(Value.Evaluate<T>(values));
}
