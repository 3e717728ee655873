using System.Text;

namespace Engine;

/// <summary>Writes symbols as a line of Unicode text.</summary>
internal sealed class SymbolText : SymbolWriter
{
    private const string Plain = "0123456789+-−()tnrpkx", High = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ᵗⁿʳᵖᵏˣ";

    private static readonly SymbolText s_writer = new();

    public static string Write(Symbol symbol) => s_writer.Write(symbol, Binding.Sum);

    protected override string Minus => "−";

    protected override string Infinity => "∞";

    protected override Binding RootBinding => Binding.Power;

    protected override Binding CasesBinding => Binding.Atom;

    protected override Binding ScientificBinding => Binding.Atom;

    protected override string Parentheses(string inner) => $"({inner})";

    protected override string Bars(string inner) => $"|{inner}|";

    protected override string Factors(List<SymbolTerms.Factor> factors)
    {
        StringBuilder text = new();
        foreach (SymbolTerms.Factor factor in factors)
        {
            text.Append(text.Length == 0 ? "" : factor.IsDenominator ? "/" : "·").Append(Power(factor));
        }
        return text.ToString();
    }

    protected override string Raised(string basis, string exponent) => exponent.All(c => Plain.Contains(c, StringComparison.Ordinal))
        ? basis + string.Concat(exponent.Select(c => High[Plain.IndexOf(c, StringComparison.Ordinal)]))
        : $"{basis}^{exponent}";

    protected override string Exponent(Symbol exponent)
    {
        string tight = Write(exponent, Binding.Sum).Replace(" ", "", StringComparison.Ordinal);
        return tight.All(c => Plain.Contains(c, StringComparison.Ordinal)) ? tight : Write(exponent, Binding.Atom);
    }

    protected override string Root(Symbol x) => "√" + Write(x, Binding.Atom);

    protected override string Function(string name, Symbol[] arguments) =>
        $"{name}({string.Join(", ", arguments.Select(a => Write(a, Binding.Sum)))})";

    protected override string Cases(List<(Symbol Value, Symbol? Greater, Symbol? Less)> cases)
    {
        return $"{{{string.Join(", ", cases.Select(Case))}}}";

        string Case((Symbol Value, Symbol? Greater, Symbol? Less) c) => c.Greater is null
            ? $"else {Write(c.Value, Binding.Sum)}"
            : $"{Write(c.Value, Binding.Sum)} if {Condition(c.Greater, c.Less!)}";
    }

    protected override string Scientific(string mantissa, string exponent) => $"{mantissa}e{exponent}";

    protected override string Name(string name) => name;

    protected override Binding BindingOf(string name) => name.AsSpan().ContainsAny(" ·/+−") ? Binding.Sum
        : name.StartsWith('√') || High.Contains(name[^1], StringComparison.Ordinal) ? Binding.Power
        : Binding.Atom;
}
