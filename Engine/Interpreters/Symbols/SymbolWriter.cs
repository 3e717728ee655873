using System.Globalization;
using System.Text;

namespace Engine;

/// <summary>Writes symbols; text and LaTeX are its two subclasses.</summary>
internal abstract class SymbolWriter
{
    /// <summary>Writes a formula, in parentheses if its precedence is below <paramref name="least"/>.</summary>
    public string Write(Symbol symbol, Binding least = Binding.Sum)
    {
        (string text, Binding binding) = Sum(SymbolTerms.Of(symbol));
        return binding < least ? Parentheses(text) : text;
    }

    private (string Text, Binding Binding) Sum(List<SymbolTerms.Term> terms)
    {
        if (terms.Count == 0)
        {
            return ("0", Binding.Atom);
        }
        if (terms is [{ IsMinus: false, Factors: [{ Power: 1, IsDenominator: false } single] }])
        {
            return Single(single.Base);
        }
        StringBuilder text = new();
        Binding last = Binding.Sum;
        foreach (SymbolTerms.Term term in terms)
        {
            (string product, last) = Product(term.Factors);
            product = last == Binding.Sum ? Parentheses(product) : product;
            text.Append(text.Length == 0 ? term.IsMinus ? Minus : "" : term.IsMinus ? $" {Minus} " : " + ").Append(product);
        }
        return (text.ToString(), terms.Count > 1 ? Binding.Sum : terms[0].IsMinus ? Binding.Negative : last);
    }

    private (string Text, Binding Binding) Product(List<SymbolTerms.Factor> factors) => factors is [{ IsDenominator: false } single]
        ? single.Power == 1 ? Single(single.Base) : (Power(single), Binding.Power)
        : (Factors(factors), Binding.Product);

    /// <summary>Writes a factor with its power.</summary>
    protected string Power(SymbolTerms.Factor factor) => factor.Power == 1
        ? Write(factor.Base, factor.IsDenominator ? Binding.Power : Binding.Product)
        : Raised(Write(factor.Base, Binding.Atom), Integer(factor.Power));

    /// <summary>Writes a symbol that is neither a sum nor a product.</summary>
    private (string Text, Binding Binding) Single(Symbol symbol)
    {
        symbol = symbol.Unconverted();
        Symbol[] a = symbol.Arguments;
        return symbol.Kind switch
        {
            SymbolKind.Constant => Number(symbol.Number),
            SymbolKind.Variable or SymbolKind.Named => (Name(symbol.Name), BindingOf(symbol.Name)),
            SymbolKind.Sqrt => (Root(a[0]), RootBinding),
            SymbolKind.Abs => (Bars(Write(a[0])), Binding.Atom),
            SymbolKind.Sign => (Function("sign", a), Binding.Atom),
            SymbolKind.Max => (Function("max", a), Binding.Atom),
            SymbolKind.Min => (Function("min", a), Binding.Atom),
            SymbolKind.Exp => (Function("exp", a), Binding.Atom),
            SymbolKind.Log => (Function("ln", a), Binding.Atom),
            SymbolKind.Tanh => (Function("tanh", a), Binding.Atom),
            SymbolKind.ExpM1 => (Function("expm1", a), Binding.Atom),
            SymbolKind.LogP1 => (Function("log1p", a), Binding.Atom),
            SymbolKind.Sin => (Function("sin", a), Binding.Atom),
            SymbolKind.Cos => (Function("cos", a), Binding.Atom),
            SymbolKind.Atan => (Function("arctan", a), Binding.Atom),
            SymbolKind.Erf => (Function("erf", a), Binding.Atom),
            SymbolKind.Pow => (Raised(Write(a[0], Binding.Atom), Exponent(a[1])), Binding.Power),
            SymbolKind.WhereGreater => Choice(symbol),
            _ => (Write(symbol), Binding.Sum), // a sum as a factor
        };
    }

    private (string Text, Binding Binding) Choice(Symbol symbol)
    {
        Symbol[] a = symbol.Arguments;
        return SymbolTerms.IsOne(a[2]) && SymbolTerms.IsZero(a[3])
            ? ($"[{Condition(a[0], a[1])}]", Binding.Atom) // Iverson's bracket
            : (Cases(SymbolTerms.Cases(symbol)), CasesBinding);
    }

    /// <summary>Writes the condition a &gt; b, as b &lt; a where a is a constant.</summary>
    protected string Condition(Symbol a, Symbol b) =>
        a.Unconverted().Kind == SymbolKind.Constant && b.Unconverted().Kind != SymbolKind.Constant
        ? $"{Write(b)} < {Write(a)}"
        : $"{Write(a)} > {Write(b)}";

    private (string Text, Binding Binding) Number(double number)
    {
        if (!double.IsFinite(number))
        {
            return (double.IsNaN(number) ? "NaN" : number > 0 ? Infinity : Minus + Infinity, Binding.Atom);
        }
        string text = Math.Abs(number).ToString("R", CultureInfo.InvariantCulture);
        int e = text.IndexOf('E', StringComparison.Ordinal);
        string written = e < 0 ? text : Scientific(text[..e], Integer(int.Parse(text.AsSpan(e + 1), CultureInfo.InvariantCulture)));
        return number < 0 ? (Minus + written, Binding.Negative) : (written, e < 0 ? Binding.Atom : ScientificBinding);
    }

    protected static string Integer(int number) => number.ToString(CultureInfo.InvariantCulture);

    protected abstract string Minus { get; }

    protected abstract string Infinity { get; }

    protected abstract Binding RootBinding { get; }

    protected abstract Binding CasesBinding { get; }

    protected abstract Binding ScientificBinding { get; }

    protected abstract string Parentheses(string inner);

    protected abstract string Bars(string inner);

    protected abstract string Factors(List<SymbolTerms.Factor> factors);

    protected abstract string Raised(string basis, string exponent);

    protected abstract string Exponent(Symbol exponent);

    protected abstract string Root(Symbol x);

    protected abstract string Function(string name, Symbol[] arguments);

    protected abstract string Cases(List<(Symbol Value, Symbol? Greater, Symbol? Less)> cases);

    protected abstract string Scientific(string mantissa, string exponent);

    protected abstract string Name(string name);

    protected abstract Binding BindingOf(string name);
}
