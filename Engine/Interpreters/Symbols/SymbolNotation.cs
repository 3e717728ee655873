namespace Engine;

/// <summary>
/// A formula as people write it, before any letter is put down: sums as signed terms, products as factors above and below, equal neighbours as powers.
/// x + 0, 1·x and −(−x) are written as x; nothing else is changed.
/// </summary>
internal static class SymbolNotation
{
    /// <summary>One factor: <paramref name="Base"/> to the power <paramref name="Power"/>, below a line or not.</summary>
    public readonly record struct Factor(Symbol Base, int Power, bool IsBelow);

    /// <summary>One term of a sum.</summary>
    public readonly record struct Term(bool IsMinus, List<Factor> Factors);

    /// <summary>The terms of a sum, in order; none for zero.</summary>
    public static List<Term> Terms(Symbol symbol)
    {
        List<Term> terms = [];
        Sum(symbol.Unconverted(), false, terms);
        return terms;
    }

    private static void Sum(Symbol symbol, bool minus, List<Term> terms)
    {
        symbol = symbol.Unconverted();
        switch (symbol.Kind)
        {
            case SymbolKind.Constant when symbol.Number == 0:
                break;
            case SymbolKind.Add when !minus:
                Sum(symbol.Arguments[0], minus, terms);
                Sum(symbol.Arguments[1], minus, terms);
                break;
            case SymbolKind.Subtract when !minus:
                Sum(symbol.Arguments[0], minus, terms);
                Sum(symbol.Arguments[1], !minus, terms);
                break;
            case SymbolKind.Negate:
                Sum(symbol.Arguments[0], !minus, terms);
                break;
            default:
                List<Factor> factors = [];
                bool sign = minus;
                Product(symbol, ref sign, factors);
                terms.Add(new Term(sign, Tidy(factors)));
                break;
        }
    }

    private static void Product(Symbol symbol, ref bool minus, List<Factor> factors)
    {
        symbol = symbol.Unconverted();
        switch (symbol.Kind)
        {
            case SymbolKind.Multiply:
                Product(symbol.Arguments[0], ref minus, factors);
                Product(symbol.Arguments[1], ref minus, factors);
                break;
            case SymbolKind.Divide:
                Product(symbol.Arguments[0], ref minus, factors);
                factors.Add(new Factor(symbol.Arguments[1].Unconverted(), 1, true));
                break;
            case SymbolKind.Negate:
                minus = !minus;
                Product(symbol.Arguments[0], ref minus, factors);
                break;
            case SymbolKind.Constant when symbol.Number < 0:
                minus = !minus;
                factors.Add(new Factor(-symbol.Number, 1, false));
                break;
            case SymbolKind.Add or SymbolKind.Subtract when IsZero(symbol.Arguments[1]):
                Product(symbol.Arguments[0], ref minus, factors);
                break;
            case SymbolKind.Add or SymbolKind.Subtract when IsZero(symbol.Arguments[0]):
                minus ^= symbol.Kind == SymbolKind.Subtract;
                Product(symbol.Arguments[1], ref minus, factors);
                break;
            default:
                factors.Add(new Factor(symbol, 1, false));
                break;
        }
    }

    private static List<Factor> Tidy(List<Factor> factors)
    {
        List<Factor> tidy = [];
        foreach (Factor factor in factors)
        {
            if (IsOne(factor.Base))
            {
                continue;
            }
            if (!factor.IsBelow && tidy.Count > 0 && !tidy[^1].IsBelow && Symbol.Same(tidy[^1].Base, factor.Base))
            {
                tidy[^1] = tidy[^1] with { Power = tidy[^1].Power + factor.Power };
            }
            else
            {
                tidy.Add(factor);
            }
        }
        if (tidy.Count == 0 || tidy[0].IsBelow)
        {
            tidy.Insert(0, new Factor(1, 1, false));
        }
        return tidy;
    }

    public static bool IsOne(Symbol symbol) => symbol.Unconverted() is { Kind: SymbolKind.Constant, Number: 1 };

    public static bool IsZero(Symbol symbol) => symbol.Unconverted() is { Kind: SymbolKind.Constant, Number: 0 };

    /// <summary>A choice as its cases: the value where a &gt; b, and so on down the chain of the others, the last without a condition.</summary>
    public static List<(Symbol Value, Symbol? Greater, Symbol? Less)> Cases(Symbol symbol)
    {
        List<(Symbol, Symbol?, Symbol?)> cases = [];
        symbol = symbol.Unconverted();
        while (symbol.Kind == SymbolKind.WhereGreater)
        {
            cases.Add((symbol.Arguments[2], symbol.Arguments[0], symbol.Arguments[1]));
            symbol = symbol.Arguments[3].Unconverted();
        }
        cases.Add((symbol, null, null));
        return cases;
    }
}
