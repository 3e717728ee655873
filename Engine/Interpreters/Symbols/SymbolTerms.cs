namespace Engine;

/// <summary>
/// Splits a formula into what is written: sums into signed terms, products into factors of numerator and denominator, equal neighbors into
/// powers. x + 0, 1·x and −(−x) become x; nothing else is changed.
/// </summary>
internal static class SymbolTerms
{
    /// <summary>A factor: <paramref name="Base"/> to the power <paramref name="Power"/>, in the numerator or in the denominator.</summary>
    public readonly record struct Factor(Symbol Base, int Power, bool IsDenominator);

    /// <summary>A term of a sum.</summary>
    public readonly record struct Term(bool IsMinus, List<Factor> Factors);

    /// <summary>The terms of a sum, in order; none for zero.</summary>
    public static List<Term> Of(Symbol symbol)
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
                terms.Add(new Term(sign, Simplify(factors)));
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

    private static List<Factor> Simplify(List<Factor> factors)
    {
        List<Factor> simplified = [];
        foreach (Factor factor in factors)
        {
            if (IsOne(factor.Base))
            {
                continue;
            }
            if (!factor.IsDenominator && simplified.Count > 0 && !simplified[^1].IsDenominator
                && Symbol.Same(simplified[^1].Base, factor.Base))
            {
                simplified[^1] = simplified[^1] with { Power = simplified[^1].Power + factor.Power };
            }
            else
            {
                simplified.Add(factor);
            }
        }
        if (simplified.Count == 0 || simplified[0].IsDenominator)
        {
            simplified.Insert(0, new Factor(1, 1, false));
        }
        return simplified;
    }

    /// <summary>Whether a symbol is the constant 1.</summary>
    public static bool IsOne(Symbol symbol) => symbol.Unconverted() is { Kind: SymbolKind.Constant, Number: 1 };

    /// <summary>Whether a symbol is the constant 0.</summary>
    public static bool IsZero(Symbol symbol) => symbol.Unconverted() is { Kind: SymbolKind.Constant, Number: 0 };

    /// <summary>Splits a choice into its cases: each value with its condition a &gt; b, the last value without one.</summary>
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
