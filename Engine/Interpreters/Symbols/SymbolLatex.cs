using System.Text;

namespace Engine;

/// <summary>Writes symbols as LaTeX for math mode.</summary>
internal sealed class SymbolLatex : SymbolWriter
{
    private static readonly SymbolLatex s_writer = new();

    public static string Write(Symbol symbol) => s_writer.Write(symbol, Binding.Sum);

    protected override string Minus => "-";

    protected override string Infinity => @"\infty";

    protected override Binding RootBinding => Binding.Atom;

    protected override Binding CasesBinding => Binding.Sum; // the cases have a brace on one side only

    protected override Binding ScientificBinding => Binding.Product;

    protected override string Parentheses(string inner) => $@"\left({inner}\right)";

    protected override string Bars(string inner) => $@"\left|{inner}\right|";

    protected override string Factors(List<SymbolTerms.Factor> factors)
    {
        // a fraction for each run of factors of the numerator with the denominators behind it
        List<(string Text, bool IsFraction)> parts = [];
        List<SymbolTerms.Factor> above = [];
        for (int i = 0; i < factors.Count; i++)
        {
            if (!factors[i].IsDenominator)
            {
                above.Add(factors[i]);
                continue;
            }
            int first = i;
            while (i + 1 < factors.Count && factors[i + 1].IsDenominator)
            {
                i++;
            }
            string top = above is [{ Power: 1 } only] ? Write(only.Base, Binding.Sum) : Join(above.Select(f => (Power(f), false)));
            string bottom = i == first
                ? Write(factors[first].Base, Binding.Sum)
                : Join(factors[first..(i + 1)].Select(f => (Write(f.Base, Binding.Product), false)));
            parts.Add(($@"\frac{{{top}}}{{{bottom}}}", true));
            above.Clear();
        }
        return Join([.. parts, .. above.Select(f => (Power(f), false))]);
    }

    private static string Join(IEnumerable<(string Text, bool IsFraction)> parts)
    {
        StringBuilder text = new();
        bool afterFraction = false;
        foreach ((string part, bool isFraction) in parts)
        {
            bool dot = afterFraction && isFraction || char.IsAsciiDigit(part[0]);
            text.Append(text.Length == 0 ? "" : dot ? @" \cdot " : @" \, ").Append(part);
            afterFraction = isFraction;
        }
        return text.ToString();
    }

    protected override string Raised(string basis, string exponent) => $"{basis}^{{{exponent}}}";

    protected override string Exponent(Symbol exponent) => Write(exponent, Binding.Sum);

    protected override string Root(Symbol x) => $@"\sqrt{{{Write(x, Binding.Sum)}}}";

    protected override string Function(string name, Symbol[] arguments)
    {
        string list = string.Join(", ", arguments.Select(a => Write(a, Binding.Sum)));
        string command = name is "sign" or "expm1" or "log1p" or "erf" ? $@"\operatorname{{{name}}}" : @"\" + name;
        return $@"{command}\left({list}\right)";
    }

    protected override string Cases(List<(Symbol Value, Symbol? Greater, Symbol? Less)> cases)
    {
        return $@"\begin{{cases}} {string.Join(@" \\ ", cases.Select(Case))} \end{{cases}}";

        string Case((Symbol Value, Symbol? Greater, Symbol? Less) c) =>
            $@"{Write(c.Value, Binding.Sum)} & \text{{{(c.Greater is null ? "otherwise}" : $"if }} {Condition(c.Greater, c.Less!)}")}";
    }

    protected override string Scientific(string mantissa, string exponent) =>
        mantissa == "1" ? $"10^{{{exponent}}}" : $@"{mantissa} \cdot 10^{{{exponent}}}";

    protected override string Name(string name) => SymbolNames.ToLatex(name);

    protected override Binding BindingOf(string name) => name.AsSpan().ContainsAny(" ·/+−") ? Binding.Sum
        : SymbolNames.IsRaised(name) ? Binding.Power
        : Binding.Atom;
}
