using System.CommandLine;
using Examples.Charts;
using Examples.Digits;
using Spectre.Console;
using static System.FormattableString;
using static Examples.Charts.Numerals;
using static Examples.Digits.DigitsTrainer;

namespace Examples.GradientFlow;

/// <summary>The study of vanishing and exploding gradients.</summary>
internal static class GradientFlowCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "gradient-flow";

    /// <summary>The command's description in the help text.</summary>
    public const string Description =
        "Follows vanishing and exploding gradients through a deep tanh network and an RNN, and shows the remedies: ReLU + He, "
            + "normalization, LSTM, clipping.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        StudyCommand.Configure(command, StudyOptions.Epochs(10), "gradient-flow.svg", output, error, Report);

    private static StudyReport Report(long seed, int epochs)
    {
        IReadOnlyList<GradientFlowRun> deep = GradientFlowStudy.RunDeep(seed, epochs);
        IReadOnlyList<GradientFlowRun> recurrent = GradientFlowStudy.RunRecurrent(seed, epochs);
        Table table = StudyReport.Columned(
            "network", "gradient,\nfar/near", "norm before\ntraining", "training loss,\nlast epoch", "test\naccuracy");
        foreach (GradientFlowRun run in deep.Concat(recurrent))
        {
            table.AddRow(
                run.Name, Short(run.FirstToLast), Short(run.Norm),
                double.IsNaN(run.Loss) ? "diverged" : Short(run.Loss), Percent(run.Accuracy));
        }
        string setting =
            Invariant($"Digits, {epochs} epochs. The first networks have {GradientFlowStudy.Depth} hidden layers of ")
            + Invariant($"{GradientFlowStudy.Width}; SGD, rate 0.02. The others have {GradientFlowStudy.Hidden} recurrent units and read ")
            + Invariant($"the {GradientFlowStudy.Rows} rows of an image and {GradientFlowStudy.Pause} blank ones before they answer; ")
            + "Adam, rate 0.001, but the growing ones momentum, rate 0.004. Far is the first layer or row, near the last.";
        string conclusion =
            "The gradient at the first layer, relative to that at the last, and the test accuracy: "
            + $"{string.Join("; ", deep.Select(Summary))}. "
            + "The gradient at the first row, relative to that at the last step, and the test accuracy: "
            + $"{string.Join("; ", recurrent.Select(Summary))}.";
        return new StudyReport(setting, table, conclusion, Picture(deep, recurrent));
    }

    private static string Summary(GradientFlowRun run) => $"{run.Name} {Short(run.FirstToLast)}, {Percent(run.Accuracy)}";

    private static Figure Picture(IReadOnlyList<GradientFlowRun> deep, IReadOnlyList<GradientFlowRun> recurrent)
    {
        return new Figure(
            "Vanishing and exploding gradients", "Root mean square of the loss's gradient before the training; the loss is at the right.",
            Chart("gradient by layer, logarithmic", "layer", deep),
            // the clipped network is the same before the training
            Chart("gradient by step, logarithmic", "step", [.. recurrent.SkipLast(1)]));

        static LineChart Chart(string title, string across, IReadOnlyList<GradientFlowRun> runs) => new(
            title, Axis.Between(across, 1, runs[0].Gradients.Count), Axis.Logarithmic("", runs.SelectMany(run => run.Gradients)),
            [.. runs.Select((run, i) => new Series(run.Name, Series.FromOne(run.Gradients)) { Style = i })]);
    }
}
