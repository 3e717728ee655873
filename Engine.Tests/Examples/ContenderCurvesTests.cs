using Examples.Charts;
using Examples.Digits;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>What is said of a training, and of several with different seeds.</summary>
public sealed class ContenderCurvesTests
{
    /// <summary>Catches: an optimizer that is said to have reached a goal, and nothing of its losing it again.</summary>
    [TestCase(new[] { 0.1, 0.5, 0.9 }, 1, 1)]
    [TestCase(new[] { 0.1, 0.6, 0.4, 0.7 }, 1, 3)]
    [TestCase(new[] { 0.1, 0.6, 0.4 }, 1, null)]
    [TestCase(new[] { 0.1, 0.2, 0.4 }, null, null)]
    [TestCase(new[] { 0.5, 0.6, double.NaN, 0.6 }, 0, 3)]
    [TestCase(new[] { 0.5, 0.6 }, 0, 0)]
    public void When_a_goal_is_reached_and_when_for_good(double[] accuracies, int? first, int? stays)
    {
        LearningCurve curve = Curve(accuracies);
        Assert.That(curve.FirstEpochAt(0.5), Is.EqualTo(first));
        Assert.That(curve.StaysFrom(0.5), Is.EqualTo(stays));
    }

    [Test]
    public void They_give_the_mean_and_the_range_of_its_seeds()
    {
        ContenderCurves runs = new([Curve(0.1, 0.5), Curve(0.3, 0.9), Curve(0.2, 0.7)]);
        Assert.That(runs.Mean(curve => curve.Accuracy), Is.EqualTo(new[] { 0.2, 0.7 }).Within(1e-15));
        Assert.That(runs.Range(curve => curve.Accuracy), Is.EqualTo(new Interval[] { new(0.1, 0.3), new(0.5, 0.9) }));
        Assert.That(new ContenderCurves([Curve(1), Curve(double.NaN)]).Range(curve => curve.Accuracy).Single().Low, Is.NaN);
    }

    [TestCase(new[] { 2, 2 }, "2")]
    [TestCase(new[] { 7, 2, 3 }, "2-7")]
    [TestCase(new[] { 7, -1, 3 }, "3-")]
    [TestCase(new[] { -1, -1 }, "-")]
    public void Epochs_of_several_seeds_are_a_range(int[] epochs, string text)
    {
        Queue<int> each = new(epochs);
        ContenderCurves runs = new([.. epochs.Select(_ => Curve(0))]);
        Assert.That(runs.EpochOf(_ => each.Dequeue() is >= 0 and int epoch ? epoch : null), Is.EqualTo(text));
    }

    private static LearningCurve Curve(params double[] accuracies)
    {
        LearningCurve curve = new(Contender.All[0], 0.1);
        foreach (double accuracy in accuracies)
        {
            curve.Add(loss: 1 - accuracy, accuracy);
        }
        return curve;
    }
}
