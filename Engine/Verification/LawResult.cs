namespace Engine;

/// <summary>Whether a law holds.</summary>
/// <param name="Law">The law, in a sentence.</param>
/// <param name="Passed">Whether it held.</param>
/// <param name="Message">Where it did not, with what was got and expected, and the likely mistake; empty where it held.</param>
public readonly record struct LawResult(string Law, bool Passed, string Message)
{
    /// <summary>The law, and how it was broken.</summary>
    public override string ToString() => Passed ? $"holds: {Law}" : $"BROKEN: {Law}\n  {Message}";
}
