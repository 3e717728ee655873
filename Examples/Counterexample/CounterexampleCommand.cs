using System.CommandLine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Counterexample;

/// <summary>The example on which Adam fails and AMSGrad does not.</summary>
internal static class CounterexampleCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "amsgrad";

    /// <summary>The command's description in the help text.</summary>
    public const string Description = "Runs Adam and AMSGrad on the function on which Adam goes to the worst point (Reddi et al., 2018).";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Option<int> periods = StudyOptions.Whole("--periods", "Periods of 101 steps", 2_000, CounterexampleStudy.Kept, 1_000_000);
        StudyCommand.Configure(command, periods, "amsgrad.svg", output, error, Report);
    }

    private static StudyReport Report(long seed, int periods)
    {
        IReadOnlyList<CounterexampleRun> runs = CounterexampleStudy.Run(seed, periods);
        Table table = StudyReport.Columned("rule", "starts", "least x\nat the end", "largest x\nat the end", "mean loss\nof a step");
        foreach (CounterexampleRun run in runs)
        {
            table.AddRow(
                run.Name, Invariant($"{run.Paths.Count}"), Invariant($"{run.Ends.Min():0.000}"), Invariant($"{run.Ends.Max():0.000}"),
                Invariant($"{run.Ends.Average() * 10 / 101:0.0000}"));
        }
        string setting = "On -1 <= x <= 1 the loss is 1010x in every 101st step and -10x in the others: 10x/101 on average, "
            + "least at x = -1. "
            + Invariant($"{periods} periods of {CounterexampleStudy.Period} steps with the rate {CounterexampleStudy.LearningRate} and ")
            + Invariant($"beta2 = {CounterexampleStudy.Beta2}.");
        string conclusion = string.Join(' ', runs.Select(run =>
            Invariant($"{run.Name} ends at x = {run.Ends.Average():0.00} on average, {1 + run.Ends.Average():0.00} from the best point.")));
        return new StudyReport(setting, table, conclusion, Picture(runs, periods));
    }

    private static Figure Picture(IReadOnlyList<CounterexampleRun> runs, int periods)
    {
        Axis across = Axis.Count("period", periods), up = Axis.Between("", -1, 1);
        return new Figure(
            "A function on which Adam fails", "Lines: the mean of all starts, bands: smallest to largest. x = -1 is best, x = 1 worst.",
            new LineChart("x by period", across, up, [.. runs.Select((run, style) => Line(run, style))]) { Target = -1 });

        Series Line(CounterexampleRun run, int style)
        {
            double[][] columns = [.. Enumerable.Range(0, run.Paths[0].Count).Select(i => run.Paths.Select(path => path[i]).ToArray())];
            double distance = (double)periods / CounterexampleStudy.Kept;
            return new Series(run.Name, [.. columns.Select((x, i) => new Point(i * distance, x.Average()))])
            {
                Style = style,
                Band = [.. columns.Select(x => new Interval(x.Min(), x.Max()))],
            };
        }
    }
}
