namespace Engine;

/// <summary>Related rules of <see cref="RuleCatalog"/>, in the order in which they are read best.</summary>
/// <param name="Title">What the rules have in common.</param>
/// <param name="Rules">The rules.</param>
public sealed record RuleFamily(string Title, IReadOnlyList<RuleCatalogEntry> Rules);
