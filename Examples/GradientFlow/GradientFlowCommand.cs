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
                Loss(run), Percent(run.Accuracy));
        }
        string setting = Invariant($"Digits; networks with {GradientFlowStudy.Depth} hidden layers of {GradientFlowStudy.Width}, and ")
            + Invariant($"recurrent ones with {GradientFlowStudy.Hidden} units that read {DigitsData.Pixels} pixels one after the other; ")
            + Invariant($"momentum 0.9, {epochs} epochs. Far is the first layer or pixel, near the last.");
        string conclusion =
            Invariant($"At the first of the layers the gradient is {Factor(deep[0])} of that at the last in the tanh network, ")
            + Invariant($"{Factor(deep[1])} with layer norm, {Factor(deep[2])} with batch norm, {Factor(deep[3])} with ReLU and He. ")
            + Invariant($"At the first pixel it is {Factor(recurrent[0])} of that at the last in the plain RNN, ")
            + Invariant($"{Factor(recurrent[1])} in the LSTM, {Factor(recurrent[2])} in the growing RNN. ")
            + $"Without clipping the growing RNN ends at the loss {Loss(recurrent[2])}, with clipping at {Loss(recurrent[3])}.";
        return new StudyReport(setting, table, conclusion, Picture(deep, recurrent));
    }

    private static string Factor(GradientFlowRun run) => Short(run.FirstToLast);

    private static string Loss(GradientFlowRun run) => Short(run.Loss);

    private static Figure Picture(IReadOnlyList<GradientFlowRun> deep, IReadOnlyList<GradientFlowRun> recurrent)
    {
        return new Figure(
            "Vanishing and exploding gradients", "Root mean square of the loss's gradient before the training; the loss is at the right.",
            Chart("gradient by layer, logarithmic", "layer", deep),
            // the clipped network is the same before the training
            Chart("gradient by pixel read, logarithmic", "pixel", [.. recurrent.SkipLast(1)]));

        static LineChart Chart(string title, string across, IReadOnlyList<GradientFlowRun> runs) => new(
            title, Axis.Between(across, 1, runs[0].Gradients.Count), Axis.Logarithmic("", runs.SelectMany(run => run.Gradients)),
            [.. runs.Select((run, i) => new Series(run.Name, Series.FromOne(run.Gradients)) { Style = i })]);
    }
}
