namespace Examples.Counterexample;

/// <summary>The path of one rule.</summary>
/// <param name="Name">The rule's name.</param>
/// <param name="Paths">x at the ends of periods at equal distances, from each of the starting points.</param>
internal sealed record CounterexampleRun(string Name, IReadOnlyList<IReadOnlyList<double>> Paths)
{
    /// <summary>Where each path ends.</summary>
    public IEnumerable<double> Ends => Paths.Select(path => path[^1]);
}
