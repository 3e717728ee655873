using System.CommandLine;
using Engine;
using Examples.Charts;
using Examples.Digits;
using Spectre.Console;
using static System.FormattableString;
using static Examples.Charts.Numerals;
using static Examples.Digits.DigitsTrainer;

namespace Examples.ShrinkingRate;

/// <summary>The example of Adagrad's rate, which shrinks too early.</summary>
internal static class ShrinkingRateCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "adagrad";

    /// <summary>The command's description in the help text.</summary>
    public const string Description = "Shows how Adagrad's rate shrinks before the digits are learned, and RMSprop's does not.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        StudyCommand.Configure(command, StudyOptions.Epochs(30), "adagrad.svg", output, error, Report);

    private static StudyReport Report(long seed, int epochs)
    {
        IReadOnlyList<ShrinkingRateRun> runs = ShrinkingRateStudy.Run(seed, epochs);
        Table table = StudyReport.Columned(
            "rule", "rate, first\nepoch", "rate, last\nepoch", "last/\nfirst", "training\nloss", "test\naccuracy");
        foreach (ShrinkingRateRun run in runs)
        {
            EpochRecord last = run.History.Epochs[^1];
            table.AddRow(
                run.Name, Short(run.Rates[0]), Short(run.Rates[^1]), Short(run.Rates[^1] / run.Rates[0]),
                Short(last.TrainingLoss), Percent(last[DigitsTrainer.Accuracy]));
        }
        string setting = Invariant($"Digits, network 64-64-10, batches of 32, {epochs} epochs; Adagrad with the rate ")
            + Invariant($"{ShrinkingRateStudy.AdagradRate}, RMSprop with {ShrinkingRateStudy.RmsPropRate}: the first step is the same. ")
            + "The rate is the effective one: the norm of the update over that of the gradient.";
        string conclusion = string.Join(' ', runs.Select(run =>
            Invariant($"{run.Name}'s effective rate changes by a factor of {Short(run.Rates[^1] / run.Rates[0])} from the first ")
            + Invariant($"epoch to the last, and the training loss is {Short(run.History.Epochs[^1].TrainingLoss)} then.")));
        return new StudyReport(setting, table, conclusion, Picture(runs, epochs));
    }

    private static Figure Picture(IReadOnlyList<ShrinkingRateRun> runs, int epochs)
    {
        return new Figure(
            "Adagrad's rate shrinks too early", "Digits; the first step of both rules has the same size.",
            Chart("effective rate, logarithmic", run => run.Rates),
            Chart("training loss, logarithmic", run => [.. run.History.Epochs.Select(epoch => epoch.TrainingLoss)]));

        LineChart Chart(string title, Func<ShrinkingRateRun, IReadOnlyList<double>> values) => new(
            title, Axis.Count("epoch", epochs), Axis.Logarithmic("", runs.SelectMany(values)),
            [.. runs.Select((run, i) => new Series(run.Name, Series.FromOne(values(run))) { Style = i })]);
    }
}
