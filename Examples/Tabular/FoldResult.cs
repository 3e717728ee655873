namespace Examples.Tabular;

/// <summary>What training on all folds but one came to.</summary>
/// <param name="Tested">The examples of the fold that was left out.</param>
/// <param name="Errors">Those among them that were classified wrongly.</param>
/// <param name="Losses">The mean loss on them after each epoch.</param>
internal sealed record FoldResult(int Tested, int Errors, IReadOnlyList<double> Losses)
{
    /// <summary>The fraction that was classified correctly.</summary>
    public double Accuracy => 1 - (double)Errors / Tested;
}
