namespace Engine.Tests.Data;

/// <summary>Data sets: what they hold, what they refuse, and that they do not change.</summary>
public sealed class DatasetTests
{
    private static IEnumerable<TestCaseData> Wrong()
    {
        Tensor<float> x = Numbers.Inputs(3);
        yield return Case(() => new Dataset<float>(Tensor<float>.From(1f).Sum()), "[], expected [n, …]");
        yield return Case(() => new Dataset<float>(Tensor<float>.Zeros([0, 4])), "[0, 4], expected [n, …] with at least one example");
        yield return Case(() => new Dataset<float>(x, [0, 1]), "got 2 labels for inputs of shape [3, 2], expected 3");
        yield return Case(() => new Dataset<float>(x, [0, -1, 1]), "got the label -1 of example 1, expected a number from 0 on");
        yield return Case(
            () => new Dataset<float>(x, [0, 1, 2], ["a", "b"]), "got the label 2 of example 2, expected a number from 0 to 1");
        yield return Case(() => new Dataset<float>(x, [0, 1, 0], ["a", "a"]), "the class name 'a' twice");
        yield return Case(() => new Dataset<float>(x, Tensor<float>.Zeros([2, 1])), "targets of shape [2, 1]");
        yield return Case(() => new Dataset<float>(x) { FeatureNames = ["one"] }, "got 1 names for inputs of shape [3, 2], expected 2");
        yield return Case(() => new Dataset<float>(x).Subset([]), "got no indices");
        yield return Case(() => new Dataset<float>(x).Subset([0, 3]), "got the index 3 at place 1, expected 0 to 2");
        yield return Case(() => new Dataset<float>(x).Subset([-1]), "got the index -1");
        yield return Case(() => new Dataset<float>(x).WithInputs(Numbers.Inputs(2)), "got the shape [2, 2], expected [3, …]");

        static TestCaseData Case(Func<object> make, string message) => new TestCaseData(make, message).SetArgDisplayNames(message);
    }

    /// <summary>Catches: an argument that is not checked, or an error that does not say what was wrong.</summary>
    [TestCaseSource(nameof(Wrong))]
    public void AWrongArgumentIsNamed(Func<object> make, string message) =>
        Assert.That(() => make(), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));

    /// <summary>Catches: labels of a data set without labels that look like those of one class.</summary>
    [Test]
    public void AnswersThatAreNotThereThrow()
    {
        Dataset<float> plain = new(Numbers.Inputs(2)), labeled = Numbers.Labeled(2, 2), targets = Numbers.WithTargets(2);
        Assert.That((plain.HasLabels, labeled.HasLabels, targets.HasLabels), Is.EqualTo((false, true, false)));
        Assert.That((plain.HasTargets, labeled.HasTargets, targets.HasTargets), Is.EqualTo((false, false, true)));
        Assert.That(() => plain.Labels.Length, Throws.InvalidOperationException.With.Message.Contains("no labels or targets"));
        Assert.That(() => targets.Labels.Length, Throws.InvalidOperationException.With.Message.Contains("targets of [1]"));
        Assert.That(() => labeled.Targets, Throws.InvalidOperationException.With.Message.Contains("labels of 2 classes"));
        Assert.That(() => plain.StratifiedSplit(0.5, default), Throws.InvalidOperationException);
        Assert.That(() => targets.StratifiedKFold(2, default), Throws.InvalidOperationException);
    }

    /// <summary>
    /// Catches: answers that stay in the old order, names that are lost, fewer classes because a part lacks the last one.
    /// </summary>
    [Test]
    public void ASubsetHasTheExamplesInTheirOrderAndTheSameClasses()
    {
        Dataset<float> labeled = new(Numbers.Inputs(4), [0, 1, 2, 1], ["a", "b", "c", "d"]) { FeatureNames = ["x", "y"] };
        Dataset<float> part = labeled.Subset([3, 0, 3]);
        Assert.That(Numbers.Of(part), Is.EqualTo((int[])[3, 0, 3]));
        Assert.That(part.Labels.ToArray(), Is.EqualTo((int[])[1, 0, 1]));
        Assert.That((part.Count, part.ClassCount), Is.EqualTo((3, 4)));
        Assert.That(part.ClassNames, Is.EqualTo(labeled.ClassNames));
        Assert.That(part.FeatureNames, Is.EqualTo((string[])["x", "y"]));
        Assert.That(Numbers.Labeled(7, 5).Subset([0]).ClassCount, Is.EqualTo(5));
        Assert.That(Numbers.WithTargets(4).Subset([2, 1]).Targets.ToArray(), Is.EqualTo((float[])[-2, -1]));
        Assert.That(labeled.ToString(), Is.EqualTo("4 examples of [2] with labels of 4 classes"));
    }

    /// <summary>Catches: names of columns on inputs that have other columns.</summary>
    [Test]
    public void OtherInputsKeepTheAnswers()
    {
        Dataset<float> labeled = new(Numbers.Inputs(3), [0, 1, 0]) { FeatureNames = ["x", "y"] };
        Dataset<float> same = labeled.WithInputs(labeled.Inputs * 2), other = labeled.WithInputs(Tensor<float>.Zeros([3, 5]));
        Assert.That(same.Inputs[2, 1], Is.EqualTo(42));
        Assert.That((same.FeatureNames.Count, other.FeatureNames.Count), Is.EqualTo((2, 0)));
        Assert.That(other.Labels.ToArray(), Is.EqualTo((int[])[0, 1, 0]));
    }

    /// <summary>Catches: a data set that shows a parameter's later values, a result that expires, or an array of the caller's.</summary>
    [Test]
    public void ADataSetNeverChanges()
    {
        Parameter<float> parameter = new("w", Numbers.Inputs(3));
        int[] labels = [0, 1, 0];
        Dataset<float> ofValue = new(parameter.Value, labels), ofResult;
        Tape<float> tape = new();
        using (tape.Evaluate())
        {
            ofResult = new(parameter.Value * 1, parameter.Value * 1);
        }
        using (tape.Evaluate())
        {
            _ = parameter.Value * 7;
        }
        parameter.SetValue(Tensor<float>.Zeros([3, 2]));
        labels[0] = 9;
        Assert.That(Numbers.Of(ofValue), Is.EqualTo((int[])[0, 1, 2]));
        Assert.That(Numbers.Of(ofResult), Is.EqualTo((int[])[0, 1, 2]));
        Assert.That(Numbers.Of(ofResult.Targets), Is.EqualTo((int[])[0, 1, 2]));
        Assert.That(ofValue.Labels.ToArray(), Is.EqualTo((int[])[0, 1, 0]));

        Dataset<float>? ofBatch = null;
        foreach (Batch<float> batch in ofValue.Batches(1))
        {
            ofBatch ??= new(batch.Inputs);
        }
        Assert.That(Numbers.Of(ofBatch!), Is.EqualTo((int[])[0]));
    }
}
