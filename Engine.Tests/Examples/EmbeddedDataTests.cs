using Examples.Data;

namespace Engine.Tests.Examples;

/// <summary>The small data sets that are embedded in the examples.</summary>
public sealed class EmbeddedDataTests
{
    private static IEnumerable<TestCaseData> Sets()
    {
        // counts of classes, and means of the first and last feature, of scikit-learn's copies
        yield return Case("iris", EmbeddedData.Iris, 4, [50, 50, 50], ["setosa", "versicolor", "virginica"], 5.843333, 1.199333);
        yield return Case("wine", EmbeddedData.Wine, 13, [59, 71, 48], ["1", "2", "3"], 13.000618, 746.893258);
        yield return Case(
            "breast cancer", EmbeddedData.BreastCancer, 30, [212, 357], ["malignant", "benign"], 14.127292, 0.083946);

        static TestCaseData Case(
            string name, Func<Dataset<float>> read, int features, int[] counts, string[] names, double first, double last) =>
            new TestCaseData(read, features, counts, names, first, last).SetArgDisplayNames(name);
    }

    /// <summary>Catches: a row or column that is lost, classes in another order, a feature under another's name.</summary>
    [TestCaseSource(nameof(Sets))]
    public void All_examples_are_there(
        Func<Dataset<float>> read, int features, int[] counts, string[] names, double first, double last)
    {
        Dataset<float> data = read();
        Assert.That(data.Inputs.Shape, Is.EqualTo(new Shape(counts.Sum(), features)));
        Assert.That(data.FeatureNames, Has.Count.EqualTo(features).And.Unique);
        Assert.That(data.ClassNames, Is.EqualTo(names));
        Assert.That(data.Labels.ToArray().CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value), Is.EqualTo(counts));
        Standardizer statistics = Standardizer.Fit(data);
        Assert.That(statistics.Means[0], Is.EqualTo(first).Within(1e-5));
        Assert.That(statistics.Means[^1], Is.EqualTo(last).Within(1e-4));
    }
}
