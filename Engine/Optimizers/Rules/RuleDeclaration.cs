namespace Engine;

/// <summary>What an elementwise rule declares beside its formula, after a check that it can work.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="States">Its state arrays.</param>
/// <param name="Scalars">The numbers that it keeps for each parameter.</param>
/// <param name="NeedsGradientNorm">Whether it reads the norm of the gradient.</param>
internal sealed record RuleDeclaration(string Name, IReadOnlyList<StateName> States, IReadOnlyList<StateName> Scalars,
    bool NeedsGradientNorm)
{
    /// <summary>The number of fields of <see cref="State{L}"/>.</summary>
    public const int MaxStates = 4;

    /// <summary>The declaration of a rule.</summary>
    /// <exception cref="ArgumentException">It has too many arrays, a name is missing or given twice.</exception>
    public static RuleDeclaration Of<TRule>() where TRule : struct, IRule
    {
        RuleDeclaration declaration = new(typeof(TRule).Name, TRule.States, TRule.Scalars, TRule.NeedsGradientNorm);
        if (declaration.States is { Count: > MaxStates and int count })
        {
            throw new ArgumentException($"{declaration.Name}: got {count} state arrays, expected at most {MaxStates}.");
        }
        CheckNames(declaration.Name, declaration.States, declaration.Scalars);
        return declaration;
    }

    /// <summary>Checks the names under which a rule saves its state.</summary>
    /// <exception cref="ArgumentException">A list is null, a name is missing or given twice.</exception>
    public static void CheckNames(string ruleName, IEnumerable<StateName>? states, IEnumerable<StateName>? scalars)
    {
        if (states is null || scalars is null)
        {
            throw new ArgumentException(
                $"{ruleName}: got {(states is null ? nameof(States) : nameof(Scalars))} = null, expected a list, [] for none.");
        }
        HashSet<string> symbols = new(StringComparer.Ordinal), keys = new(StringComparer.Ordinal);
        foreach ((string symbol, string key) in states.Concat(scalars))
        {
            if (string.IsNullOrWhiteSpace(symbol) || string.IsNullOrWhiteSpace(key))
            {
                throw new ArgumentException(
                    $"{ruleName}: got a state without a symbol or a key, as default(StateName) is, expected both, such as " +
                    "(\"m\", \"exp_avg\").");
            }
            if (!symbols.Add(symbol) || !keys.Add(key))
            {
                throw new ArgumentException(
                    $"{ruleName}: got the state name '{(keys.Contains(key) ? key : symbol)}' twice, expected different names: state is " +
                    "saved and explained under them.");
            }
        }
    }

    /// <summary>Refuses a rule that was made without its constructor.</summary>
    /// <exception cref="ArgumentException">All hyperparameters are 0, where the constructor sets others.</exception>
    public static void CheckConstructed<TRule>(TRule rule) where TRule : struct
    {
        if (EqualityComparer<TRule>.Default.Equals(rule, default) && !EqualityComparer<TRule>.Default.Equals(rule, new TRule()))
        {
            string name = typeof(TRule).Name;
            throw new ArgumentException(
                $"{name}: got default({name}), whose hyperparameters are all 0, expected new {name}().", nameof(rule));
        }
    }

    /// <summary>Checks the position of a number that a rule loads or stores.</summary>
    /// <exception cref="ArgumentException">The rule declares no such number.</exception>
    public static void CheckScalar(string ruleName, string method, int index, int declared)
    {
        if ((uint)index >= (uint)declared)
        {
            throw new ArgumentException(
                $"{ruleName}: got {method}({index}, …) with {declared} numbers declared in Scalars, expected a declared one.");
        }
    }
}
