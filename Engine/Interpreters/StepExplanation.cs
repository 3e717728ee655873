using System.Globalization;
using System.Numerics;
using System.Text;

namespace Engine;

/// <summary>
/// The coming step of one element with all its numbers, from <see cref="OptimizerExplanation"/>. Every number has the bits that the step
/// will give it; a <see cref="float"/> is held as the <see cref="double"/> that equals it.
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

    /// <summary>Whether the step will update the element; if not, <see cref="Findings"/> has the reason.</summary>
    public required bool IsUpdated { get; init; }

    /// <summary>The element's gradient before clipping and decay; NaN where there is none.</summary>
    public required double Gradient { get; init; }

    /// <summary>The value of θ before the step.</summary>
    public required double Before { get; init; }

    /// <summary>The value of θ after the step.</summary>
    public required double After { get; init; }

    /// <summary>The change Δθ.</summary>
    public double Change => After - Before;

    /// <summary>
    /// The hyperparameters with their values at this step, and the other variables of the lines: the update number t, the gradient's norm,
    /// and the factor and the bound of clipping.
    /// </summary>
    public required IReadOnlyList<ExplainedHyperparameter> Hyperparameters { get; init; }

    /// <summary>The lines of the formula in order, with their numbers.</summary>
    public required IReadOnlyList<ExplainedLine> Lines { get; init; }

    /// <summary>Observations about this step.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    internal bool IsSinglePrecision { get; init; }

    /// <summary>Explains a step that skips the parameter.</summary>
    internal static StepExplanation Skipped<T>(string ruleName, ParameterEntry<T> entry, int index, string reason)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        double θ = double.CreateTruncating(entry.Parameter.Value.Span[index]);
        return new StepExplanation
        {
            RuleName = ruleName,
            ParameterName = entry.Parameter.Name,
            Index = index,
            Update = entry.Updates + 1,
            IsUpdated = false,
            Gradient = entry.Parameter.HasGradient ? double.CreateTruncating(entry.Parameter.Gradient.Span[index]) : double.NaN,
            Before = θ,
            After = θ,
            Hyperparameters = [],
            Lines = [],
            Findings = [new Finding("skipped", 0, reason)],
            IsSinglePrecision = typeof(T) == typeof(float),
        };
    }

    /// <summary>The whole explanation as a table of plain text.</summary>
    public string ToTable()
    {
        StringBuilder table = new();
        table.Append(CultureInfo.InvariantCulture, $"{RuleName}, update {Update} of '{ParameterName}', element {Index}: ")
            .Append(CultureInfo.InvariantCulture, $"θ {Number(Before)} → {Number(After)}, Δθ = {Number(Change)}\n");
        if (Hyperparameters.Count > 0)
        {
            table.Append('\n');
            int symbol = Hyperparameters.Max(h => Width(h.Symbol)), property = Hyperparameters.Max(h => Width(h.Property));
            foreach (ExplainedHyperparameter hyper in Hyperparameters)
            {
                table.Append(CultureInfo.InvariantCulture,
                    $"  {Padded(hyper.Symbol, symbol)}  {Padded(hyper.Property, property)}  {Number(hyper.Value)}\n");
            }
        }
        if (Lines.Count > 0)
        {
            int formula = Lines.Max(l => Width(l.Formula));
            int before = Math.Max("before".Length, Lines.Max(l => Width(Number(l.Before))));
            table.Append(CultureInfo.InvariantCulture, $"\n  {Padded("", formula)}  {Padded("before", before)}  value\n");
            foreach (ExplainedLine line in Lines)
            {
                table.Append(CultureInfo.InvariantCulture,
                    $"  {Padded(line.Formula, formula)}  {Padded(Number(line.Before), before)}  {Number(line.Value)}\n");
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

    /// <summary>Formats a number so that it can be read back; a double-precision scalar of a float step gets seven digits.</summary>
    private string Number(double? number) => number is not { } value ? ""
        : (float)value is float single && IsSinglePrecision && single == value ? single.ToString("R", CultureInfo.InvariantCulture)
        : value.ToString(IsSinglePrecision ? "G7" : "R", CultureInfo.InvariantCulture);

    private static string Padded(string text, int width) => text + new string(' ', width - Width(text));

    /// <summary>Counts columns; a combining accent takes none.</summary>
    private static int Width(string text) => text.Count(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark);
}
