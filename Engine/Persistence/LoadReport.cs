namespace Engine;

/// <summary>What a model and the file it was loaded from did not have in common.</summary>
/// <param name="Missing">What the model has and the file has not, by the model's names; it has kept its value.</param>
/// <param name="Unexpected">What the file has and the model has not, by the file's names.</param>
public sealed record LoadReport(IReadOnlyList<string> Missing, IReadOnlyList<string> Unexpected)
{
    /// <summary>Whether both have the same names.</summary>
    public bool IsComplete => Missing.Count + Unexpected.Count == 0;

    /// <summary>Both lists.</summary>
    public override string ToString() => IsComplete
        ? "everything loaded"
        : $"missing: {Format(Missing)}; unexpected: {Format(Unexpected)}";

    private static string Format(IReadOnlyList<string> names) => names.Count == 0 ? "nothing" : string.Join(", ", names);
}
