using Engine;
using Examples.Data;
using Examples.Digits;

namespace Examples.Compare;

/// <summary>A data set of the comparison.</summary>
/// <param name="Name">Its name on the command line.</param>
/// <param name="Load">Reads it.</param>
internal sealed record CompareData(string Name, Func<Dataset<float>> Load)
{
    /// <summary>The data sets that are embedded in this program.</summary>
    public static IReadOnlyList<CompareData> All { get; } =
    [
        new("digits", DigitsData.Load),
        new("wine", EmbeddedData.Wine),
        new("breast-cancer", EmbeddedData.BreastCancer),
        new("iris", EmbeddedData.Iris),
    ];
}
