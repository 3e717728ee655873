namespace Engine;

/// <summary>What a diagnosis has found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Message">The evidence, in numbers, and what to try.</param>
public readonly record struct Symptom(SymptomKind Kind, string Message)
{
    /// <summary>The message.</summary>
    public override string ToString() => Message;
}
