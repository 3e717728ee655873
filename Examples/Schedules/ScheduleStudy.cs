using Engine;
using Examples.Digits;

namespace Examples.Schedules;

/// <summary>
/// Trains a linear classifier with schedules of the learning rate that have the same largest rate. Its penalized loss is convex and has
/// no minimum at 0, so that what is left of it is the noise of the batches.
/// </summary>
internal static class ScheduleStudy
{
    /// <summary>The largest rate.</summary>
    public const double Peak = 0.1;

    /// <summary>The images in a batch.</summary>
    public const int BatchSize = 8;

    private const double L2 = 1e-3;

    /// <summary>
    /// The schedules for so many epochs of so many updates. What reduces at a plateau is given, for the trainer to report losses to.
    /// </summary>
    public static IReadOnlyList<(string Name, char Mark, Func<ReduceOnPlateau, Schedule> Rate)> Schedules(int epochs, int perEpoch)
    {
        long updates = (long)epochs * perEpoch, warmup = Math.Max(1, updates / 10);
        return
        [
            ("constant", 'c', _ => Peak),
            ("step", 's', _ => Peak * Schedule.Step(Math.Max(1, updates / 3), 0.1)),
            ("exponential", 'e', _ => Peak * Schedule.Exponential(0.01, updates)),
            ("warm-up + cosine", 'w', _ => Peak * Schedule.Warmup(warmup, from: 0.05).Then(Schedule.Cosine(Math.Max(1, updates - warmup)))),
            ("one-cycle", 'o', _ => Peak * Schedule.OneCycle(updates)),
            ("plateau", 'p', plateau => plateau.Reduce(Peak)),
        ];
    }

    /// <summary>Runs the study; a result for each schedule.</summary>
    /// <param name="seed">The seed of weights and orders.</param>
    /// <param name="epochs">Passes over the training images.</param>
    public static IReadOnlyList<ScheduleRun> Run(long seed, int epochs)
    {
        DatasetSplit<float> digits = DigitsSplit.Load();
        RandomKey key = RandomKey.FromSeed(seed);
        int perEpoch = digits.Train.Batches(BatchSize).PerEpoch;
        return [.. Schedules(epochs, perEpoch).AsParallel().AsOrdered().Select(Train)];

        ScheduleRun Train((string Name, char Mark, Func<ReduceOnPlateau, Schedule> Rate) schedule)
        {
            ReduceOnPlateau plateau = new() { Factor = 0.3, Patience = 1, Threshold = ImprovementThreshold.Relative(0.02) };
            Linear<float> model = new(DigitsData.Pixels, DigitsData.Classes, key.Fold("weights"));
            Optimizer<float> optimizer = Optimizer.For(new Momentum { LearningRate = schedule.Rate(plateau) }, model.Parameters);
            Trainer<float, Batch<float>> trainer = DigitsTrainer.For(
                model, optimizer, () => Penalty.L2([model.Weight], L2), plateau: plateau);
            List<double> rates = [], objectives = [];
            Batches<float> whole = DigitsTrainer.InOneBatch(digits.Train);
            trainer.UpdateCompleted += (_, update) => rates.Add(update.Report.LearningRate);
            trainer.EpochCompleted += (_, _) => objectives.Add(trainer.Evaluate(whole).Loss + Penalty.L2([model.Weight], L2).Item);
            TrainingHistory history = trainer.Fit(
                digits.Train.Batches(BatchSize, key.Fold("batches")), TrainingLength.Epochs(epochs), DigitsTrainer.InOneBatch(digits.Test));
            return new ScheduleRun(schedule.Name, schedule.Mark, rates, history, objectives);
        }
    }
}
