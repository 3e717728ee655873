using System.CommandLine;
using Engine;
using Examples.Charts;
using Examples.Digits;
using Spectre.Console;
using static System.FormattableString;
using static Examples.Charts.Numerals;
using static Examples.Digits.DigitsTrainer;

namespace Examples.Schedules;

/// <summary>The study of learning-rate schedules.</summary>
internal static class SchedulesCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "schedules";

    /// <summary>The command's description in the help text.</summary>
    public const string Description =
        "Plots schedules of the learning rate and trains with each: constant, step, exponential, warm-up + cosine, one-cycle, plateau.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        StudyCommand.Configure(command, StudyOptions.Epochs(20), "schedules.svg", output, error, Report);

    private static StudyReport Report(long seed, int epochs)
    {
        IReadOnlyList<ScheduleRun> runs = ScheduleStudy.Run(seed, epochs);
        Table table = StudyReport.Columned(
            "schedule", "first\nrate", "largest\nrate", "last\nrate", "penalized\nloss", "test\nloss", "test\naccuracy");
        foreach (ScheduleRun run in runs)
        {
            EpochRecord last = run.History.Epochs[^1];
            table.AddRow(
                run.Name, Short(run.Rates[0]), Short(run.Rates.Max()), Short(run.Rates[^1]),
                Short(run.Objectives[^1]), Short(last.ValidationLoss!.Value), Percent(last[DigitsTrainer.Accuracy]));
        }
        ScheduleRun[] ranked = [.. runs.Skip(1).OrderBy(run => run.Objectives[^1])];
        string setting = Invariant($"Digits, linear classifier with an L2 penalty, momentum 0.9, batches of {ScheduleStudy.BatchSize}, ")
            + Invariant($"{epochs} epochs; the largest rate of every schedule is {ScheduleStudy.Peak}. The loss is convex, ")
            + "and with a constant rate the noise of the batches keeps it from its minimum.";
        string conclusion =
            Invariant($"With the constant rate the penalized loss ends at {Short(runs[0].Objectives[^1])}, with decaying ones at ")
            + Invariant($"{Short(ranked[0].Objectives[^1])} ({ranked[0].Name}) to {Short(ranked[^1].Objectives[^1])} ({ranked[^1].Name}).");
        LineChart rates = Rates(runs);
        return new StudyReport(setting, table, conclusion, Picture(runs, rates, epochs)) { Plot = rates };
    }

    private static LineChart Rates(IReadOnlyList<ScheduleRun> runs) => new(
        "learning rate by update", Axis.Count("update", runs[0].Rates.Count - 1),
        Axis.Around("", [0, .. runs.SelectMany(run => run.Rates)]),
        [.. runs.Select((run, i) => new Series(run.Name, Series.AtIndices(run.Rates)) { Style = i, Mark = run.Mark })]);

    private static Figure Picture(IReadOnlyList<ScheduleRun> runs, LineChart rates, int epochs) => new(
        "Schedules of the learning rate",
        Invariant($"Digits, linear classifier, momentum 0.9; the largest rate of every schedule is {ScheduleStudy.Peak}."),
        rates,
        new LineChart(
            "penalized training loss after each epoch, logarithmic", Axis.Count("epoch", epochs),
            Axis.Logarithmic("", runs.SelectMany(run => run.Objectives)),
            [.. runs.Select((run, i) => new Series(
                run.Name, Series.FromOne(run.Objectives)) { Style = i })]));
}
