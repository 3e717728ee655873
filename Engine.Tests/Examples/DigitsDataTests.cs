using Examples.Digits;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>Reading and splitting the digits.</summary>
[Category("Slow")]
public sealed class DigitsDataTests
{
    /// <summary>Catches: a pixel that is lost, another scale, labels that are not the digits.</summary>
    [Test]
    public void All_images_are_there()
    {
        Dataset<float> data = DigitsData.Load();
        float[] pixels = data.Inputs.ToArray();
        Assert.That(data.Inputs.Shape, Is.EqualTo(new Shape(1797, DigitsData.Pixels)));
        Assert.That(pixels, Is.All.InRange(0f, 1f));
        Assert.That(pixels.Max(), Is.EqualTo(1f));
        Assert.That(data.ClassCount, Is.EqualTo(DigitsData.Classes));
        Assert.That(data.Labels[..5].ToArray(), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        // the counts of scikit-learn's copy of the data set
        int[] counts = [.. data.Labels.ToArray().CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        Assert.That(counts, Is.EqualTo(new[] { 178, 182, 177, 183, 181, 182, 181, 179, 174, 180 }));
    }

    /// <summary>Catches: a split in other proportions than those that the printed numbers were made with.</summary>
    [Test]
    public void A_fifth_of_each_class_is_tested()
    {
        Dataset<float> data = DigitsData.Load();
        (Dataset<float> train, Dataset<float> test) = data.StratifiedSplit(0.2, RandomKey.FromSeed(5));
        Assert.That((train.Count, test.Count), Is.EqualTo((1433, 364)));
        foreach (IGrouping<int, int> digit in data.Labels.ToArray().GroupBy(label => label))
        {
            Assert.That(test.Labels.Count(digit.Key), Is.EqualTo((digit.Count() + 4) / 5), $"of class {digit.Key}");
        }
    }
}
