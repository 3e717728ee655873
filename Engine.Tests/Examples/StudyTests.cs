using Examples.BatchSize;
using Examples.Counterexample;
using Examples.Digits;
using Examples.GradientFlow;
using Examples.Initialization;
using Examples.Normalization;
using Examples.Precision;
using Examples.RangeTest;
using Examples.Regularization;
using Examples.Schedules;
using Examples.ShrinkingRate;

namespace Engine.Tests.Examples;

/// <summary>What the studies claim, at a small size.</summary>
[Category("Slow")]
public sealed class StudyTests
{
    /// <summary>Catches: noise that is not of the batch's gradient, sampling without replacement, sizes that all train alike.</summary>
    [Test]
    public void Noise_falls_with_the_root_of_the_batch_size_and_small_batches_learn_more_in_an_epoch()
    {
        IReadOnlyList<BatchSizeResult> results = BatchSizeStudy.Run(seed: 1, epochs: 2);
        double[] scaled = [.. results.Select(result => result.Noise * Math.Sqrt(result.Size))];
        Assert.That(scaled, Is.All.EqualTo(scaled.Average()).Within(15).Percent);
        Assert.That(results.Select(result => result.Updates), Is.EqualTo((int[])[180, 45, 12, 3]), "1,437 images");
        Assert.That(results.Select(result => result.Accuracy.Final.Mean), Is.Ordered.Descending);
        Assert.That(results[0].Accuracy.Final.Mean - results[^1].Accuracy.Final.Mean, Is.GreaterThan(0.1));
    }

    /// <summary>
    /// Catches: an initializer with a wrong variance or fan, and a profile of something else. A layer of ReLU multiplies both signals and
    /// gradients by σ·√(width/2).
    /// </summary>
    [Test]
    public void Only_He_keeps_the_gradient_through_ReLU()
    {
        IReadOnlyList<InitializationRun> runs = InitializationStudy.Run(seed: 1, epochs: 3);
        double[] factors = [1, Math.Sqrt(0.5), 0.01 * Math.Sqrt(32), 0.5 * Math.Sqrt(32)];
        for (int i = 0; i < runs.Count; i++)
        {
            // from the first to the last hidden layer
            int steps = InitializationStudy.Depth - 1;
            IReadOnlyList<double> gradients = runs[i].Profile.Gradients, signals = runs[i].Profile.Signals;
            Assert.That(Math.Pow(gradients[0] / gradients[steps], 1.0 / steps), Is.EqualTo(factors[i]).Within(15).Percent, runs[i].Name);
            Assert.That(Math.Pow(signals[steps] / signals[0], 1.0 / steps), Is.EqualTo(factors[i]).Within(15).Percent, runs[i].Name);
        }
        Assert.That(runs[0].Accuracy, Is.GreaterThan(0.5));
        Assert.That(runs[2].Accuracy, Is.LessThan(0.2), "nothing arrives at the first layers");
        Assert.That(runs[3].Accuracy, Is.NaN.Or.LessThan(0.2), "too much arrives");
    }

    /// <summary>Catches: a normalization that does not normalize, or that is not in the network.</summary>
    [Test]
    public void Normalization_learns_faster_and_that_of_tiny_batches_worse()
    {
        IReadOnlyList<NormalizationRun> runs = NormalizationStudy.Run(seed: 1, epochs: 2);
        double[] losses = [.. runs.Select(run => run.History.Epochs[^1].TrainingLoss)];
        Assert.That(losses[0], Is.GreaterThan(2 * losses[1]).And.GreaterThan(2 * losses[2]), "batches of 32");
        Assert.That(losses[4], Is.GreaterThan(2 * losses[5]), "batches of 2");
        Assert.That(runs[5].Accuracy - runs[4].Accuracy, Is.GreaterThan(0.05));
    }

    /// <summary>Catches: a penalty that is not in the loss, or is in that of the validation; dropout in it; weights not restored.</summary>
    [Test]
    public void Regularization_keeps_a_network_from_learning_wrong_labels()
    {
        Dictionary<string, RegularizationRun> runs = RegularizationStudy.Run(seed: 1, epochs: 40).ToDictionary(run => run.Name);
        RegularizationRun none = runs["none"];
        Assert.That(none.ValidationLosses[^1], Is.GreaterThan(1.2 * none.ValidationLosses.Min()), "overfits");
        foreach (RegularizationRun run in runs.Values.Where(run => run != none))
        {
            Assert.That(run.Final.Loss, Is.LessThan(none.Final.Loss), run.Name);
            Assert.That(run.TrainingLosses[^1], Is.GreaterThan(none.TrainingLosses[^1]), run.Name);
        }
        Assert.That(runs["L1"].SmallShare, Is.GreaterThan(0.5).And.GreaterThan(2 * none.SmallShare));
        Assert.That(runs["L2"].Norm, Is.LessThan(0.7 * none.Norm));
        RegularizationRun stopped = runs["early stopping"];
        Assert.That(stopped.ValidationLosses, Has.Count.LessThan(40));
        Assert.That(stopped.Final.Loss, Is.EqualTo(stopped.ValidationLosses.Min()), "the best weights, bit for bit");
    }

    /// <summary>Catches: a schedule that is not the optimizer's, a plateau that never reduces, a peak that differs.</summary>
    [Test]
    public void Decaying_rates_end_below_a_constant_one()
    {
        IReadOnlyList<ScheduleRun> runs = ScheduleStudy.Run(seed: 1, epochs: 10);
        Assert.That(runs.Select(run => run.Name), Is.EqualTo(
            (string[])["constant", "step", "exponential", "warm-up + cosine", "one-cycle", "plateau"]));
        Assert.That(runs.Select(run => run.Rates.Max()), Is.All.EqualTo(ScheduleStudy.Peak).Within(1).Percent);
        Assert.That(runs[0].Rates.Distinct().Count(), Is.EqualTo(1));
        Assert.That(runs.Skip(1).Select(run => run.Rates[^1]), Is.All.LessThan(0.5 * ScheduleStudy.Peak));
        Assert.That(runs.Skip(1).Select(run => run.Objectives[^1]), Is.All.LessThan(0.9 * runs[0].Objectives[^1]));
    }

    /// <summary>Catches: a computation that is in double where it says float, and one that is in float where it says double.</summary>
    [Test]
    public void Float_fails_where_double_does_not()
    {
        PrecisionResult inFloat = PrecisionStudy.Run<float>(seed: 1, epochs: 2, steps: 10_000);
        PrecisionResult inDouble = PrecisionStudy.Run<double>(seed: 1, epochs: 2, steps: 10_000);
        Assert.That(inFloat.SmallSteps, Is.EqualTo(PrecisionStudy.Start), "no step has moved it");
        Assert.That(inDouble.SmallSteps, Is.EqualTo(PrecisionStudy.End).Within(1e-6));
        Assert.That(inFloat.Variance, Is.Not.EqualTo(PrecisionStudy.TrueVariance).Within(100).Percent);
        Assert.That(inDouble.Variance, Is.EqualTo(PrecisionStudy.TrueVariance).Within(1e-6));
        Assert.That(inFloat.Distances[^1], Is.GreaterThan(1e-6));
        Assert.That(inDouble.Distances[^1], Is.LessThan(0.01 * inFloat.Distances[^1]));
        Assert.That(inFloat.DifferenceErrors.Min(), Is.InRange(1e-7, 1e-2));
        Assert.That(inDouble.DifferenceErrors.Min(), Is.LessThan(1e-8));
        Assert.That(inFloat.Accuracy, Is.EqualTo(inDouble.Accuracy).Within(0.02));
    }

    /// <summary>Catches: a gradient measured at the wrong layer, a remedy that is not in the network.</summary>
    [Test]
    public void The_gradient_of_a_deep_tanh_network_vanishes_and_remedies_keep_it()
    {
        IReadOnlyList<GradientFlowRun> runs = GradientFlowStudy.RunDeep(seed: 1, epochs: 4);
        Assert.That(runs.Select(run => run.Gradients.Count), Is.All.EqualTo(GradientFlowStudy.Depth + 1));
        Assert.That(runs[0].FirstToLast, Is.LessThan(1e-4));
        Assert.That(runs.Skip(1).Select(run => run.FirstToLast), Is.All.GreaterThan(0.01));
        Assert.That(runs[0].Accuracy, Is.LessThan(0.2));
        Assert.That(runs.Skip(1).Select(run => run.Accuracy), Is.All.GreaterThan(0.4));
    }

    /// <summary>Catches: gates that are closed, clipping that does not reach the step, gradients in another order than the steps.</summary>
    [Test]
    public void The_gradient_of_a_recurrent_network_vanishes_or_explodes_and_remedies_help()
    {
        IReadOnlyList<GradientFlowRun> runs = GradientFlowStudy.RunRecurrent(seed: 1, epochs: 3);
        Assert.That(runs.Select(run => run.Gradients.Count), Is.All.EqualTo(GradientFlowStudy.Rows + GradientFlowStudy.Pause));
        Assert.That(runs[0].FirstToLast, Is.LessThan(1e-6), "plain");
        Assert.That(runs[1].FirstToLast, Is.GreaterThan(1e-2), "LSTM");
        Assert.That(runs[2].FirstToLast, Is.GreaterThan(10), "growing");
        Assert.That(runs[0].Accuracy, Is.LessThan(0.2), "plain");
        Assert.That(runs[1].Accuracy, Is.GreaterThan(0.3), "LSTM");
        Assert.That(runs[2].Accuracy, Is.NaN, "growing");
        Assert.That(runs[3].Accuracy, Is.GreaterThan(0.2), "clipped");
    }

    /// <summary>Catches: a size of updates in place of a rate, and rules in the wrong order.</summary>
    [Test]
    public void Adagrad_shrinks_its_rate_and_RMSprop_does_not()
    {
        IReadOnlyList<ShrinkingRateRun> runs = ShrinkingRateStudy.Run(seed: 1, epochs: 12);
        Assert.That(runs.Select(run => run.Name), Is.EqualTo((string[])["Adagrad", "RMSprop"]));
        Assert.That(runs[0].Rates[^1], Is.LessThan(0.6 * runs[0].Rates[0]));
        Assert.That(runs[1].Rates[^1], Is.GreaterThan(runs[1].Rates[0]));
        Assert.That(runs[0].History.Epochs[^1].TrainingLoss, Is.GreaterThan(runs[1].History.Epochs[^1].TrainingLoss));
    }

    /// <summary>Catches: an AMSGrad that forgets its largest v, a bound that is not kept, a gradient of the wrong sign.</summary>
    [Test]
    public void Adam_goes_to_the_worst_point_and_AMSGrad_to_the_best()
    {
        IReadOnlyList<CounterexampleRun> runs = CounterexampleStudy.Run(seed: 1, periods: 2_000);
        Assert.That(runs.Select(run => run.Paths.Count), Is.All.EqualTo(CounterexampleStudy.Starts));
        Assert.That(runs.SelectMany(run => run.Paths).Select(path => path.Count), Is.All.EqualTo(CounterexampleStudy.Kept + 1));
        Assert.That(runs[0].Ends, Is.All.GreaterThan(0.8), "Adam");
        Assert.That(runs[1].Ends, Is.All.LessThan(-0.8), "AMSGrad");
        Assert.That(runs.SelectMany(run => run.Paths).SelectMany(path => path), Is.All.InRange(-1, 1));
    }

    /// <summary>Catches: a test that changes the rate of no update, and a suggestion that is not from its curve.</summary>
    [Test]
    public void The_suggested_rate_learns_and_rates_far_from_it_do_not()
    {
        RangeTestResult result = RangeTestStudy.Run(seed: 1, epochs: 2);
        Assert.That(result.Test.HasDiverged, Is.True);
        Assert.That(result.Trainings[1].Rate, Is.EqualTo(result.Test.SteepestDescent).And.LessThan(result.Test.Minimum!.Value));
        double[] accuracies = [.. result.Trainings.Select(training => DigitsTrainer.FinalAccuracy(training.History))];
        Assert.That(accuracies[1], Is.GreaterThan(0.8));
        Assert.That(accuracies[0], Is.LessThan(accuracies[1]));
        Assert.That(accuracies[2], Is.NaN.Or.LessThan(0.5));
    }
}
