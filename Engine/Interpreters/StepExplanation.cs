using System.Globalization;
using System.Numerics;
using System.Text;

namespace Engine;

/// <summary>
/// One step of one element with all its numbers: what <see cref="OptimizerExplanation"/> says the coming step will do. Every number of an element is the one that the step will
/// give, bit for bit; a <see cref="float"/> is held as the <see cref="double"/> that equals it.
/// </summary>
public sealed class StepExplanation
{
    /// <summary>The rule's name.</summary>
    public required string RuleName { get; init; }

    /// <summary>The parameter's name.</summary>
    public required string ParameterName { get; init; }

    /// <summary>The element's position in row-major order.</summary>
    public required int Index { get; init; }

    /// <summary>The number of the coming update of this parameter, from 1.</summary>
    public required long Update { get; init; }

    /// <summary>Whether the step will go through the rule; if not, <see cref="Findings"/> says why.</summary>
    public required bool Moves { get; init; }

    /// <summary>The element's gradient as it stands in the parameter; NaN where there is none.</summary>
    public required double Gradient { get; init; }

    /// <summary>θ before the step.</summary>
    public required double Before { get; init; }

    /// <summary>θ after the step.</summary>
    public required double After { get; init; }

    /// <summary>Δθ.</summary>
    public double Change => After - Before;

    /// <summary>The hyper-parameters with their values at this step, and what else the lines use: the count t, the gradient's norm, the factor and the bound that clipping puts on it.</summary>
    public required IReadOnlyList<ExplainedHyperparameter> Hyperparameters { get; init; }

    /// <summary>The lines of the formula in order, with their numbers.</summary>
    public required IReadOnlyList<ExplainedLine> Lines { get; init; }

    /// <summary>What is worth knowing about this step, in words.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    internal bool IsSingle { get; init; }

    /// <summary>A step that passes the parameter over.</summary>
    internal static StepExplanation Skipped<T>(string ruleName, ParameterEntry<T> entry, int index, string reason) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double θ = double.CreateTruncating(entry.Parameter.Value.Span[index]);
        return new StepExplanation
        {
            RuleName = ruleName,
            ParameterName = entry.Parameter.Name,
            Index = index,
            Update = entry.Updates + 1,
            Moves = false,
            Gradient = entry.Parameter.HasGradient ? double.CreateTruncating(entry.Parameter.Gradient.Span[index]) : double.NaN,
            Before = θ,
            After = θ,
            Hyperparameters = [],
            Lines = [],
            Findings = [new Finding("skipped", 0, reason)],
            IsSingle = typeof(T) == typeof(float),
        };
    }

    /// <summary>The whole explanation as a table of plain text.</summary>
    public string ToTable()
    {
        StringBuilder table = new();
        table.Append(CultureInfo.InvariantCulture, $"{RuleName}, update {Update} of '{ParameterName}', element {Index}: θ {Number(Before)} → {Number(After)}, Δθ = {Number(Change)}\n");
        if (Hyperparameters.Count > 0)
        {
            table.Append('\n');
            int symbol = Hyperparameters.Max(h => Width(h.Symbol)), property = Hyperparameters.Max(h => Width(h.Property));
            foreach (ExplainedHyperparameter hyper in Hyperparameters)
            {
                table.Append(CultureInfo.InvariantCulture, $"  {Padded(hyper.Symbol, symbol)}  {Padded(hyper.Property, property)}  {Number(hyper.Value)}\n");
            }
        }
        if (Lines.Count > 0)
        {
            int formula = Lines.Max(l => Width(l.Formula)), before = Math.Max("before".Length, Lines.Max(l => Width(Number(l.Before))));
            table.Append(CultureInfo.InvariantCulture, $"\n  {Padded("", formula)}  {Padded("before", before)}  value\n");
            foreach (ExplainedLine line in Lines)
            {
                table.Append(CultureInfo.InvariantCulture, $"  {Padded(line.Formula, formula)}  {Padded(Number(line.Before), before)}  {Number(line.Value)}\n");
            }
        }
        if (Findings.Count > 0)
        {
            table.Append('\n');
            foreach (Finding finding in Findings)
            {
                table.Append(CultureInfo.InvariantCulture, $"  • {finding.Text}\n");
            }
        }
        return table.ToString();
    }

    /// <inheritdoc cref="ToTable"/>
    public override string ToString() => ToTable();

    /// <summary>The shortest text that gives the number back; of a scalar of the step, seven digits.</summary>
    private string Number(double? number) => number is not { } value ? ""
        : (float)value is float single && IsSingle && single == value ? single.ToString("R", CultureInfo.InvariantCulture)
        : value.ToString(IsSingle ? "G7" : "R", CultureInfo.InvariantCulture);

    private static string Padded(string text, int width) => text + new string(' ', width - Width(text));

    /// <summary>Columns: a combining accent takes none.</summary>
    private static int Width(string text) => text.Count(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark);
}

/// <summary>A hyper-parameter at an explained step.</summary>
/// <param name="Symbol">Its letter.</param>
/// <param name="Property">The rule's property, or what the letter means.</param>
/// <param name="Value">Its value at this step.</param>
public sealed record ExplainedHyperparameter(string Symbol, string Property, double Value);

/// <summary>A line of the formula at an explained step.</summary>
/// <param name="Target">What gets the value.</param>
/// <param name="Formula">The line as text.</param>
/// <param name="Before">What the target was before; null for an intermediate.</param>
/// <param name="Value">What it is afterwards.</param>
public sealed record ExplainedLine(string Target, string Formula, double? Before, double Value);

/// <summary>Something worth knowing about an explained step.</summary>
/// <param name="Subject">What it is about: <c>clipping</c>, <c>bias correction</c>, <c>ε</c>, <c>weight decay</c>, <c>rate</c>, <c>gradient</c>, <c>rounding</c>, <c>skipped</c>.</param>
/// <param name="Value">The number in it.</param>
/// <param name="Text">The sentence.</param>
public sealed record Finding(string Subject, double Value, string Text);
