namespace Engine.Tests.Data;

/// <summary>Splits and folds: nothing lost, nothing doubled, proportions kept, no class left out, the same on every run.</summary>
public sealed class SplitTests
{
    private static readonly RandomKey Key = RandomKey.FromSeed(11);

    /// <summary>Catches: an example in both parts, or in none; a part of another size; an order that is that of the data set.</summary>
    [Test]
    public void TheTestPartIsTheShareAndTheRestIsTheTrainingPart(
        [Values(2, 10, 101)] int count, [Values(0.01, 0.1, 0.2, 0.3, 0.5)] double fraction)
    {
        Dataset<float> data = new(Numbers.Inputs(count));
        (Dataset<float> train, Dataset<float> test) = data.Split(fraction, Key);
        Assert.That(test.Count, Is.EqualTo((int)Math.Ceiling((decimal)fraction * count)));
        Assert.That(Numbers.Of(train).Concat(Numbers.Of(test)), Is.EquivalentTo(Enumerable.Range(0, count)));
        Assert.That(Numbers.Of(train), count < 100 ? Is.Not.Empty : Is.Not.Ordered);
    }

    /// <summary>Catches: proportions that differ, a class that gets all of its examples on one side, order by class.</summary>
    [Test]
    public void AStratifiedSplitTakesTheShareOfEachClass([Values(2, 3, 7)] int classes, [Values(0.1, 0.2, 0.25, 0.4)] double fraction)
    {
        Dataset<float> data = Numbers.Labeled(120, classes);
        (Dataset<float> train, Dataset<float> test) = data.StratifiedSplit(fraction, Key);
        Assert.That(Numbers.Of(train).Concat(Numbers.Of(test)), Is.EquivalentTo(Enumerable.Range(0, 120)));
        foreach (IGrouping<int, int> group in data.Labels.ToArray().GroupBy(label => label))
        {
            int expected = (int)Math.Ceiling((decimal)fraction * group.Count());
            Assert.That(test.Labels.ToArray().Count(label => label == group.Key), Is.EqualTo(expected), $"of class {group.Key}");
        }
        Assert.That(Numbers.Of(train).Zip(train.Labels.ToArray()), Has.All.Matches<(int, int)>(pair => pair.Item1 % classes == pair.Item2));
        Assert.That(test.Labels.ToArray(), Is.Not.Ordered);
    }

    /// <summary>Catches: folds of unlike sizes, an example that is tested twice or never.</summary>
    [Test]
    public void EachExampleIsTestedInOneFold([Values(2, 3, 10)] int folds, [Values(false, true)] bool isStratified)
    {
        Dataset<float> data = Numbers.Labeled(103, 4);
        DatasetSplit<float>[] splits = [.. isStratified ? data.StratifiedKFold(folds, Key) : data.KFold(folds, Key)];
        Assert.That(splits, Has.Length.EqualTo(folds));
        Assert.That(splits.SelectMany(split => Numbers.Of(split.Test)), Is.EquivalentTo(Enumerable.Range(0, 103)));
        Assert.That(splits.Select(split => split.Test.Count), Is.All.InRange(103 / folds, 103 / folds + 1));
        foreach ((Dataset<float> train, Dataset<float> test) in splits)
        {
            Assert.That(Numbers.Of(train).Concat(Numbers.Of(test)), Is.EquivalentTo(Enumerable.Range(0, 103)));
        }
        for (int label = 0; isStratified && label < 4; label++)
        {
            int[] counts = [.. splits.Select(split => split.Test.Labels.Count(label))];
            Assert.That(counts.Max() - counts.Min(), Is.LessThanOrEqualTo(1), $"of class {label}");
        }
    }

    /// <summary>Catches: a split that depends on the run, or ignores the key.</summary>
    [Test]
    public void TheKeyDeterminesTheParts()
    {
        Dataset<float> data = Numbers.Labeled(60, 3);
        Func<RandomKey, int[]>[] splits =
        [
            key => Numbers.Of(data.Split(0.3, key).Test), key => Numbers.Of(data.StratifiedSplit(0.3, key).Test),
            key => Numbers.Of(data.KFold(4, key).First().Test), key => Numbers.Of(data.StratifiedKFold(4, key).First().Test),
        ];
        foreach (Func<RandomKey, int[]> split in splits)
        {
            Assert.That(split(Key), Is.EqualTo(split(Key)));
            Assert.That(split(Key.Fold(1)), Is.Not.EqualTo(split(Key)));
        }
        // by hand from the documented order: the first share of the permutation
        Assert.That(Numbers.Of(data.Split(0.3, Key).Test), Is.EqualTo(Key.Permutation(60)[..18]));
    }

    private static IEnumerable<TestCaseData> LeavingOut()
    {
        Dataset<float> one = new(Numbers.Inputs(6), [0, 0, 0, 0, 0, 1], ["often", "once"]), plain = new(Numbers.Inputs(3));
        yield return Case(() => one.Split(0.5, Key), "leaves class 'once' with 1 examples out of 1 of 2 parts");
        yield return Case(() => one.StratifiedSplit(0.5, Key), "leaves class 'once' with 1 examples out of 1 of 2 parts");
        yield return Case(() => one.KFold(2, Key), "leaves class 'once' with 1 examples out of a training part");
        yield return Case(() => one.StratifiedKFold(2, Key), "leaves class 'once' with 1 examples out of 1 of 2 parts");
        yield return Case(() => Numbers.Labeled(6, 2).StratifiedKFold(4, Key), "leaves class 0 with 3 examples out of 1 of 4 parts");
        yield return Case(() => plain.Split(0.9, Key), "3 examples and the test fraction 0.9, which leaves a part without examples");
        foreach (double fraction in (double[])[0, 1, -0.1, double.NaN])
        {
            yield return Case(() => plain.Split(fraction, Key), "expected a number between 0 and 1");
            yield return Case(() => one.StratifiedSplit(fraction, Key), "expected a number between 0 and 1");
        }
        foreach (int folds in (int[])[-1, 0, 1, 7])
        {
            yield return Case(() => one.KFold(folds, Key), $"got folds = {folds} for 6 examples, expected a number from 2 to 6");
            yield return Case(() => one.StratifiedKFold(folds, Key), $"got folds = {folds} for 6 examples");
        }

        static TestCaseData Case(Func<object> split, string message) => new(split, message);
    }

    /// <summary>
    /// Catches: a part without a class, which training or measuring would not notice; an error at the first use, not the call.
    /// </summary>
    [TestCaseSource(nameof(LeavingOut))]
    public void ASplitThatLeavesAClassOutIsRefused(Func<object> split, string message) =>
        Assert.That(() => split(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));

    /// <summary>Catches: cross-validation that refuses to leave out one example at a time.</summary>
    [Test]
    public void OneExampleCanBeLeftOut() =>
        Assert.That(Numbers.Labeled(6, 2).KFold(6, Key).Select(split => split.Test.Count), Is.All.EqualTo(1));
}
