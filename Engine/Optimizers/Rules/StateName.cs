namespace Engine;

/// <summary>
/// What a state array, or a number kept for a whole parameter, is called; a pair converts to it: <c>("m", "exp_avg")</c>.
/// </summary>
/// <param name="Symbol">The symbol that the paper uses.</param>
/// <param name="Key">The key under which it is saved: PyTorch's where PyTorch has the rule.</param>
public readonly record struct StateName(string Symbol, string Key)
{
    /// <summary>The pair as a name.</summary>
    public static implicit operator StateName((string Symbol, string Key) pair) => new(pair.Symbol, pair.Key);
}
