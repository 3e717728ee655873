using Examples.Digits;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>Reading and splitting the digits.</summary>
[Category("Slow")]
public sealed class DigitsDataTests
{
    private static readonly string Blank = string.Join(',', Enumerable.Repeat("0", DigitsData.Pixels));

    [Test]
    public void All_images_are_there()
    {
        DigitsData data = DigitsData.Load();
        float[] pixels = data.Images().ToArray();
        Assert.That(data.Count, Is.EqualTo(1797));
        Assert.That(pixels, Is.All.InRange(0f, 1f));
        Assert.That(pixels.Max(), Is.EqualTo(1f));
        Assert.That(data.Labels[..5].ToArray(), Is.EqualTo(new[] { 0, 1, 2, 3, 4 }));
        // the counts of scikit-learn's copy of the data set
        int[] counts = [.. data.Labels.ToArray().CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => pair.Value)];
        Assert.That(counts, Is.EqualTo(new[] { 178, 182, 177, 183, 181, 182, 181, 179, 174, 180 }));
    }

    [Test]
    public void No_image_is_lost_or_doubled_by_the_split_and_each_class_is_shared_alike()
    {
        DigitsData data = DigitsData.Load();
        (DigitsData train, DigitsData test) = data.Split(RandomKey.FromSeed(5));
        Assert.That(Texts(train).Concat(Texts(test)), Is.EquivalentTo(Texts(data)));
        foreach (IGrouping<int, int> digit in data.Labels.ToArray().GroupBy(label => label))
        {
            int tested = test.Labels.ToArray().Count(label => label == digit.Key);
            Assert.That(tested, Is.EqualTo((digit.Count() + 4) / 5), $"of class {digit.Key}");
        }
        Assert.That(Texts(data.Split(RandomKey.FromSeed(5)).Test), Is.EqualTo(Texts(test)), "the same key, the same split");
        Assert.That(Texts(data.Split(RandomKey.FromSeed(6)).Test), Is.Not.EqualTo(Texts(test)), "another key, another split");
    }

    [TestCase("0,1,2", "3 fields")]
    [TestCase("{0},3,3", "66 fields")]
    [TestCase("{0},10", "'10' in field 65")]
    [TestCase("{0},x", "'x' in field 65")]
    [TestCase("{0},-1", "'-1' in field 65")]
    [TestCase("17{0},1", "'170' in field 1")]
    public void A_line_that_is_no_digit_is_named(string line, string reason)
    {
        string text = $"{Blank},7\n{string.Format(System.Globalization.CultureInfo.InvariantCulture, line, Blank)}\n";
        Assert.That(() => DigitsData.Read(new StringReader(text)),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("line 2").And.Message.Contains(reason));
    }

    private static IEnumerable<string> Texts(DigitsData data) =>
        [
            .. data.Images().ToArray().Chunk(DigitsData.Pixels)
                .Zip(data.Labels.ToArray(), (pixels, label) => $"{string.Join(' ', pixels)}: {label}"),
        ];
}
