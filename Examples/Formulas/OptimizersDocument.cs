using System.Globalization;
using System.Reflection;
using System.Text;
using Engine;

namespace Examples.Formulas;

/// <summary>Writes <c>docs/optimizers.md</c>: every elementwise rule with the formula that its code prints.</summary>
internal static class OptimizersDocument
{
    /// <summary>The document, with line feeds on every system.</summary>
    public static string Write()
    {
        XmlDocumentation documentation = XmlDocumentation.OfEngine();
        StringBuilder text = new();
        text.Append("""
            # Optimizers

            Every elementwise rule, with the formula that its code prints: the lines below are read off the methods that run, by running them on symbols.
            This file is written by `dotnet run -c Release --project Examples -- formulas`; a test compares it with what the code says now.

            Letters: θ the parameter, g its gradient, t the number of the update from 1, ‖g‖ the norm of the parameter's whole gradient. ← assigns, = names an intermediate;
            the lines hold one after the other. [t > 1] is 1 where the condition holds and 0 elsewhere. Lines without θ, g or state are computed once a step in double precision, the others for
            every element. "Bytes moved" is what a step must read and write in memory for each element: no step can be faster than that.

            `Formula.Of(rule)` gives the same for a rule of your own, and `optimizer.Explain(parameter, index)` the numbers of one step. Rules over whole tensors (Muon, LAMB and others) are not
            elementwise and not in this list.

            ## Contents


            """.ReplaceLineEndings("\n"));
        foreach ((string title, IReadOnlyList<RuleSheet> rules) in RuleCatalogue.Families)
        {
            text.Append(CultureInfo.InvariantCulture, $"- {title}: {string.Join(", ", rules.Select(r => $"[{r.Name}](#{r.Name.ToLowerInvariant()})"))}\n");
        }
        text.Append("- [Weight decay](#weight-decay), [Defaults that clash](#defaults-that-clash)\n\n## Weight decay\n\nApplied before the rule, by any rule:\n\n");
        text.Append("| | |\n|---|---|\n");
        foreach ((string name, WeightDecay decay) in new[] { ("WeightDecay.L2(λ)", WeightDecay.L2(0.01)), ("WeightDecay.Decoupled(λ)", WeightDecay.Decoupled(0.01)), ("WeightDecay.Independent(λ)", WeightDecay.Independent(0.01)) })
        {
            text.Append(CultureInfo.InvariantCulture, $"| `{name}` | `{Formula.Of(new Sgd { WeightDecay = decay }).Lines[0]}` |\n");
        }
        text.Append("\n## Defaults that clash\n\nThe same name, other numbers:\n\n");
        for (int i = 0; i < Differences.Clashes.Count; i++)
        {
            Row(text, Differences.Clashes[i]);
            text.Append(i == 0 ? $"|{string.Concat(Enumerable.Repeat("---|", Differences.Clashes[0].Length))}\n" : "");
        }
        foreach ((string title, IReadOnlyList<RuleSheet> rules) in RuleCatalogue.Families)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n## {title}\n");
            foreach (RuleSheet rule in rules)
            {
                Rule(text, rule, documentation);
            }
        }
        return text.ToString();
    }

    private static void Rule(StringBuilder text, RuleSheet rule, XmlDocumentation documentation)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n### {rule.Name}\n\n{documentation.Summary(rule.Type)}\n\n");
        Lines(text, rule.Formula);
        if (rule.Formula.Evaluated is { } evaluated)
        {
            text.Append(CultureInfo.InvariantCulture, $"The model is to be evaluated at `{evaluated}`.\n\n");
        }
        foreach ((string remark, Formula formula) in rule.Variants)
        {
            text.Append(CultureInfo.InvariantCulture, $"With `{remark}`:\n\n");
            Lines(text, formula);
        }
        text.Append("| | property | default | |\n|---|---|---|---|\n");
        foreach ((PropertyInfo property, object? value) in rule.Options)
        {
            string symbol = rule.Formula.Hyperparameters.FirstOrDefault(h => h.Property == property.Name)?.Symbol ?? "";
            Row(text, symbol, $"`{property.Name}`", Default(value), documentation.Summary(property));
        }
        Row(text, rule.WeightDecay.Kind == WeightDecayKind.None ? "" : "λ", "`WeightDecay`",
            rule.WeightDecay.Kind == WeightDecayKind.None ? "none" : $"{rule.WeightDecay.Kind} {Default(rule.WeightDecay.Coefficient)}", "See [weight decay](#weight-decay).");

        IEnumerable<string> state = rule.Formula.State.Select(s =>
            $"{s.Symbol} `{s.Name}`{(s.IsScalar ? ", one number for the parameter," : "")} from {(s.Initial.IsParameter ? "θ" : Number(s.Initial.Value))}");
        text.Append(CultureInfo.InvariantCulture, $"\nState: {(rule.Formula.State.Count == 0 ? "none" : string.Join("; ", state))}. ");
        text.Append(CultureInfo.InvariantCulture, $"Bytes moved: {rule.Formula.BytesPerElement(sizeof(float))} for each `float`, {rule.Formula.BytesPerElement(sizeof(double))} for each `double`");
        text.Append(rule.Formula.NeedsGradientNorm ? ", one more reading of the gradient for its norm among them.\n\n" : ".\n\n");
        foreach ((string library, string difference) in Differences.ByRule[rule.Name])
        {
            text.Append(CultureInfo.InvariantCulture, $"- {library}: {difference}\n");
        }
    }

    private static void Lines(StringBuilder text, Formula formula) =>
        text.Append(CultureInfo.InvariantCulture, $"$$\n{formula.ToLatex()}\n$$\n\n```text\n{formula.ToText()}\n```\n\n");

    private static void Row(StringBuilder text, params string[] cells) => text.Append(CultureInfo.InvariantCulture, $"| {string.Join(" | ", cells.Select(c => c.Replace("|", "\\|", StringComparison.Ordinal)))} |\n");

    private static string Default(object? value) => value switch
    {
        Hyperparameter hyper => Number(hyper.At(0)),
        double number => Number(number),
        bool flag => flag ? "true" : "false",
        _ => throw new ArgumentException($"An option of the type {value?.GetType().Name} has no text.", nameof(value)),
    };

    private static string Number(double value) => ((Symbol)value).ToText();
}
