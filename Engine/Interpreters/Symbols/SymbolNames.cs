using System.Text;

namespace Engine;

/// <summary>Writes the names of variables as LaTeX: Greek letters, subscripts and superscripts, hats and bars, roots.</summary>
internal static class SymbolNames
{
    private const string Low = "₀₁₂₃₄₅₆₇₈₉₊₋ₐₑₓₕₖₗₘₙₚₛₜᵢⱼ", LowPlain = "0123456789+-aexhklmnpstij";
    private const string High = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵗⁿʳᵖᵏˣ", HighPlain = "0123456789+-tnrpkx";
    private const string Accented = "âêĝĥîĵôŝûŵŷẑāēḡīōūãẽĩñõũṽỹ", Bare = "aeghijosuwyzaegiouaeinouvy",
        Accents = "^^^^^^^^^^^^======~~~~~~~~";

    private static readonly Dictionary<char, string> s_greek = new()
    {
        ['α'] = "alpha", ['β'] = "beta", ['γ'] = "gamma", ['δ'] = "delta", ['ε'] = "varepsilon", ['ζ'] = "zeta",
        ['η'] = "eta", ['θ'] = "theta", ['ι'] = "iota", ['κ'] = "kappa", ['λ'] = "lambda", ['μ'] = "mu",
        ['ν'] = "nu", ['ξ'] = "xi", ['π'] = "pi", ['ρ'] = "rho", ['σ'] = "sigma", ['τ'] = "tau",
        ['φ'] = "varphi", ['χ'] = "chi", ['ψ'] = "psi", ['ω'] = "omega", ['Γ'] = "Gamma", ['Δ'] = "Delta",
        ['Θ'] = "Theta", ['Λ'] = "Lambda", ['Π'] = "Pi", ['Σ'] = "Sigma", ['Φ'] = "Phi", ['Ψ'] = "Psi",
        ['Ω'] = "Omega",
    };

    /// <summary>Whether a name ends in a superscript, so that a power of it needs parentheses.</summary>
    public static bool IsRaised(string name) => High.Contains(name[^1], StringComparison.Ordinal);

    /// <summary>Writes a name.</summary>
    public static string ToLatex(string name)
    {
        StringBuilder text = new();
        bool isOpen = false;
        for (int i = 0; i < name.Length;)
        {
            if (name[i] == '√')
            {
                i++;
                text.Append(@"\sqrt{").Append(Letter(name, ref i)).Append('}');
            }
            else if (name[i] == '‖')
            {
                i++;
                text.Append(isOpen ? @"\rVert" : @"\lVert ");
                isOpen = !isOpen;
            }
            else
            {
                string letter = Letter(name, ref i);
                bool runsOn = text.Length > 0 && text[^1] is not (' ' or '{') && char.IsAsciiLetter(text[^1])
                    && char.IsAsciiLetter(letter[0]);
                text.Append(runsOn ? " " : "").Append(letter); // \Pi w, not \Piw
            }
        }
        return text.ToString();
    }

    /// <summary>Writes one letter, or a word, with its accents, subscripts and superscripts.</summary>
    private static string Letter(string name, ref int i)
    {
        if (i == name.Length)
        {
            return "";
        }
        char c = name[i];
        int word = i;
        while (word < name.Length && (char.IsAsciiLetter(name[word]) || name[word] == '_'))
        {
            word++;
        }
        if (word - i > 1)
        {
            string text = name[i..word];
            i = word;
            return $@"\mathrm{{{text.Replace("_", @"\_", StringComparison.Ordinal)}}}";
        }
        i++;
        int accented = Accented.IndexOf(c, StringComparison.Ordinal);
        string letter = accented >= 0 ? Accent(Accents[accented], Bare[accented].ToString())
            : s_greek.TryGetValue(c, out string? greek) ? @"\" + greek
            : c switch { '·' => @" \cdot ", '−' => "-", '′' => "'", _ => c.ToString() };
        for (; i < name.Length && name[i] is '\u0302' or '\u0304' or '\u0303'; i++)
        {
            letter = Accent(name[i] switch { '\u0302' => '^', '\u0304' => '=', _ => '~' }, letter);
        }
        letter += Index(name, ref i, Low, LowPlain, '_');
        return letter + Index(name, ref i, High, HighPlain, '^');
    }

    private static string Accent(char accent, string letter) =>
        $@"\{accent switch { '^' => "hat", '=' => "bar", _ => "tilde" }}{{{letter}}}";

    private static string Index(string name, ref int i, string letters, string plain, char mark)
    {
        int first = i;
        StringBuilder index = new();
        for (; i < name.Length && letters.Contains(name[i], StringComparison.Ordinal); i++)
        {
            index.Append(plain[letters.IndexOf(name[i], StringComparison.Ordinal)]);
        }
        return i == first ? "" : $"{mark}{{{(index.ToString() is "max" or "min" ? @"\" : "")}{index}}}";
    }
}
