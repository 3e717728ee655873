namespace Engine;

/// <summary>The state that a rule keeps for one parameter.</summary>
/// <param name="Arrays">The state arrays.</param>
/// <param name="Scalars">The numbers kept beside them.</param>
internal readonly record struct StateLayout(IReadOnlyList<StateArray> Arrays, IReadOnlyList<StateName> Scalars)
{
    /// <summary>Checks the layout for a parameter of this shape.</summary>
    /// <exception cref="ArgumentException">
    /// A name is missing or given twice, or an array that starts as a copy of the parameter has another shape.
    /// </exception>
    public void Check(string ruleName, in Shape shape)
    {
        RuleDeclaration.CheckNames(ruleName, Arrays?.Select(array => new StateName(array.Symbol, array.Key)), Scalars);
        foreach (StateArray array in Arrays!)
        {
            if (array.Initial.IsParameter && array.Shape != shape)
            {
                throw new ArgumentException(
                    $"{ruleName}: got the shape {array.Shape} for the array {array.Key}, which starts as a copy of the parameter, " +
                    $"expected the parameter's, {shape}.");
            }
        }
    }
}
