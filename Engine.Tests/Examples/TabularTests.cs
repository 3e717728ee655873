using Examples.Data;
using Examples.Tabular;

namespace Engine.Tests.Examples;

/// <summary>The cross-validation of wines and tumors.</summary>
[Category("Slow")]
public sealed class TabularTests
{
    private static readonly TabularSettings s_settings = new(Seed: 1, Folds: 5, Epochs: 20);

    /// <summary>
    /// Catches: a test part that is trained on or left out, features that are not standardized, a class that is lost from the confusion.
    /// </summary>
    [TestCase("wine", 178, 0.95)]
    [TestCase("breast-cancer", 569, 0.95)]
    public void Every_example_is_tested_once_and_standardized_features_are_better(string name, int count, double least)
    {
        Dataset<float> data = name == "wine" ? EmbeddedData.Wine() : EmbeddedData.BreastCancer();
        IReadOnlyList<ModelResult> results = TabularStudy.Run(data, s_settings);
        (ModelResult linear, ModelResult network, ModelResult raw) = (results[0], results[1], results[2]);
        foreach (ModelResult result in results)
        {
            Assert.That(result.Tested, Is.EqualTo(count), result.Model.Name);
            Assert.That(result.Confusion.Count, Is.EqualTo(count), result.Model.Name);
            Assert.That(result.Confusion.Accuracy, Is.EqualTo(1 - (double)result.Errors / count).Within(1e-12), result.Model.Name);
            for (int label = 0; label < data.ClassCount; label++)
            {
                long row = Enumerable.Range(0, data.ClassCount).Sum(predicted => result.Confusion[label, predicted]);
                Assert.That(row, Is.EqualTo(data.Labels.ToArray().Count(other => other == label)), $"{result.Model.Name}, class {label}");
            }
        }
        Assert.That(network.Confusion.Accuracy, Is.GreaterThanOrEqualTo(least));
        Assert.That(linear.Confusion.Accuracy, Is.GreaterThanOrEqualTo(least));
        Assert.That(raw.Errors, Is.GreaterThan(2 * network.Errors), "raw numbers");
    }

    /// <summary>Catches: folds that are all the same, and losses that are not of each epoch.</summary>
    [Test]
    public void The_mean_is_that_of_the_folds()
    {
        ModelResult result = TabularStudy.Run(EmbeddedData.Wine(), s_settings with { Epochs = 2, Folds = 3 })[1];
        Assert.That(result.Folds, Has.Count.EqualTo(3));
        Assert.That(result.Folds.Select(fold => fold.Losses[^1]).Distinct().Count(), Is.EqualTo(3));
        Assert.That(result.Loss, Is.EqualTo(new[]
        {
            result.Folds.Average(fold => fold.Losses[0]), result.Folds.Average(fold => fold.Losses[1]),
        }).Within(1e-12));
        Assert.That(result.Accuracy.Mean, Is.EqualTo(result.Folds.Average(fold => fold.Accuracy)).Within(1e-12));
    }
}
