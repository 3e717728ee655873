namespace Engine;

/// <summary>
/// The laws that were checked. In a test of any framework: <c>report.ThrowIfFailed()</c>, or an assertion on its properties.
/// </summary>
/// <param name="Results">A result for each law.</param>
public sealed record CheckReport(IReadOnlyList<LawResult> Results)
{
    /// <summary>Whether all laws held.</summary>
    public bool Passed => Results.All(static result => result.Passed);

    /// <summary>Throws unless all laws held.</summary>
    /// <exception cref="InvalidOperationException">A law is broken; the message is that of <see cref="ToString"/>.</exception>
    public void ThrowIfFailed()
    {
        if (!Passed)
        {
            throw new InvalidOperationException(ToString());
        }
    }

    /// <summary>The broken laws, or how many held.</summary>
    public override string ToString() => Passed
        ? FormattableString.Invariant($"All {Results.Count} laws hold.")
        : string.Join('\n', Results.Where(static result => !result.Passed));
}
