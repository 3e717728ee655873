namespace Engine;

/// <summary>The letters of papers for the names under which state is saved.</summary>
internal static class StateLetters
{
    private static readonly Dictionary<string, string> s_letters = new()
    {
        ["exp_avg"] = "m",
        ["exp_avg_sq"] = "v",
        ["max_exp_avg_sq"] = "v̄",
        ["exp_avg_var"] = "s",
        ["exp_avg_slow"] = "m₂",
        ["exp_avg_diff"] = "d",
        ["exp_inf"] = "u",
        ["momentum_buffer"] = "b",
        ["square_avg"] = "v",
        ["grad_avg"] = "ḡ",
        ["acc_delta"] = "a",
        ["sum"] = "s",
        ["prev"] = "g₋₁",
        ["previous_grad"] = "g₋₁",
        ["step_size"] = "Δ",
        ["ax"] = "θ̄",
        ["mu_product"] = "Πμ",
        ["weight_sum"] = "Σw",
        ["lr_max"] = "ηₘₐₓ",
    };

    /// <summary>The letter of a state array or of a kept number; its name, where no paper is known to have one.</summary>
    public static string Of(string name) => s_letters.GetValueOrDefault(name, name);

    /// <summary>The letters of the rule's state arrays.</summary>
    /// <exception cref="ArgumentException">The rule names letters for some of its arrays only.</exception>
    public static IReadOnlyList<string> Of<TRule>() where TRule : struct, IRule => TRule.StateSymbols.Count switch
    {
        0 => [.. TRule.StateNames.Select(Of)],
        int count when count == TRule.StateNames.Count => TRule.StateSymbols,
        int count => throw new ArgumentException($"{typeof(TRule).Name}: got {count} state symbols, expected {TRule.StateNames.Count}, one for each state array."),
    };
}
