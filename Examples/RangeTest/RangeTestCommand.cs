using System.CommandLine;
using Engine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;
using static Examples.Charts.Numerals;
using static Examples.Digits.DigitsTrainer;

namespace Examples.RangeTest;

/// <summary>The learning-rate range test as a command.</summary>
internal static class RangeTestCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "rate";

    /// <summary>The command's description in the help text.</summary>
    public const string Description = "Finds a learning rate for the digits by a range test, and trains with it, with less and with more.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        StudyCommand.Configure(command, StudyOptions.Epochs(5), "rate.svg", output, error, Report);

    private static StudyReport Report(long seed, int epochs)
    {
        RangeTestResult result = RangeTestStudy.Run(seed, epochs);
        string[] names = ["a hundredth", "suggested", "a thousandfold"];
        Table table = StudyReport.Columned("rate", "", "training loss,\nlast epoch", "test\naccuracy");
        for (int i = 0; i < names.Length; i++)
        {
            (double rate, TrainingHistory history) = result.Trainings[i];
            double accuracy = FinalAccuracy(history);
            table.AddRow(
                names[i], Short(rate), double.IsNaN(accuracy) ? "diverged" : Short(history.Epochs[^1].TrainingLoss),
                Percent(accuracy));
        }
        LearningRateRangeResult test = result.Test;
        string setting = Invariant($"Digits, network 64-64-10, momentum 0.9, batches of 32. The test raises the rate in ")
            + Invariant($"{test.Samples.Count} updates to {Short(test.Samples[^1].Rate)}, where it ")
            + Invariant($"{(test.HasDiverged ? "diverges" : "ends")}. The trainings have {epochs} epochs.");
        string conclusion = Invariant($"The smoothed loss falls fastest at the rate {Short(result.Trainings[1].Rate)} and is least at ")
            + Invariant($"{Short(test.Minimum!.Value)}. Test accuracy of a training with the suggested rate: {Accuracy(1)}; with a ")
            + $"hundredth of it: {Accuracy(0)}; with a thousandfold: {Accuracy(2)}.";
        LineChart losses = Losses(test, []);
        return new StudyReport(setting, table, conclusion, Picture(test, result.Trainings[1].Rate)) { Plot = losses };

        string Accuracy(int i) => Percent(FinalAccuracy(result.Trainings[i].History));
    }

    private static LineChart Losses(LearningRateRangeResult test, IEnumerable<Series> others) => new(
        "smoothed loss by learning rate", Axis.Logarithmic("learning rate", test.Samples.Select(sample => sample.Rate)),
        Axis.Between("", 0, Top(test)),
        [
            new Series("smoothed loss", [.. test.Samples.Select(sample => new Point(sample.Rate, sample.SmoothedLoss))]) { Mark = 's' },
            .. others,
        ]);

    /// <summary>What the losses are drawn up to: beyond, the last ones explode.</summary>
    private static double Top(LearningRateRangeResult test) => 1.5 * test.Samples[0].SmoothedLoss;

    private static Figure Picture(LearningRateRangeResult test, double suggested) => new(
        "Learning-rate range test", "Digits, momentum 0.9; the rate grows by the same factor from update to update.",
        Losses(test, [new Series("suggested rate", [new(suggested, 0), new(suggested, Top(test))]) { Style = 1 }]));
}
