using Engine;
using Examples.Charts;

namespace Examples.Tabular;

/// <summary>The cross-validation of one classifier.</summary>
/// <param name="Model">The classifier.</param>
/// <param name="Folds">What each fold came to.</param>
/// <param name="Confusion">The classes of all examples, each predicted by the network that had not seen it.</param>
internal sealed record ModelResult(TabularModel Model, IReadOnlyList<FoldResult> Folds, ConfusionMatrix Confusion)
{
    /// <summary>The number of examples classified wrongly.</summary>
    public int Errors => Folds.Sum(fold => fold.Errors);

    /// <summary>The number of examples.</summary>
    public int Tested => Folds.Sum(fold => fold.Tested);

    /// <summary>The accuracy in the mean of the folds.</summary>
    public ConfidenceInterval Accuracy => ConfidenceInterval.Of([.. Folds.Select(fold => fold.Accuracy)]);

    /// <summary>The test loss after each epoch, in the mean of the folds.</summary>
    public IEnumerable<double> Loss => ByEpoch.Select(losses => losses.Average());

    /// <summary>The smallest and the largest test loss of any fold after each epoch.</summary>
    public IReadOnlyList<Interval> Range => [.. ByEpoch.Select(losses => new Interval(losses.Min(), losses.Max()))];

    private IEnumerable<double[]> ByEpoch => Enumerable.Range(0, Folds.Min(fold => fold.Losses.Count))
        .Select(epoch => Folds.Select(fold => fold.Losses[epoch]).ToArray());
}
