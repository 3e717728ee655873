using Engine;

namespace Examples.Tabular;

/// <summary>A classifier of rows of numbers.</summary>
/// <param name="Name">Its name in the table and the picture.</param>
/// <param name="Hidden">The units of its hidden layer; null for none, which is logistic regression.</param>
/// <param name="IsStandardized">Whether each feature has mean 0 and variance 1 over the training part.</param>
/// <param name="Style">Its look in the picture.</param>
internal sealed record TabularModel(string Name, int? Hidden, bool IsStandardized, int Style)
{
    /// <summary>The classifiers that are compared; the second is the one whose errors are shown by class.</summary>
    public static IReadOnlyList<TabularModel> All { get; } =
    [
        new("linear", null, IsStandardized: true, Style: 0),
        new("network", 16, IsStandardized: true, Style: 1),
        new("network, raw numbers", 16, IsStandardized: false, Style: 2),
    ];

    /// <summary>Creates it with new weights.</summary>
    public Sequential<float> Create(int features, int classes, RandomKey key) => Hidden is { } hidden
        ? new(
            new Linear<float>(features, hidden, key.Fold(0)),
            new Relu<float>(),
            new Linear<float>(hidden, classes, key.Fold(1)))
        : new(new Linear<float>(features, classes, key.Fold(0)));
}
