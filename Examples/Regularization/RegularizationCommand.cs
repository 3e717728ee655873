using System.CommandLine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;
using static Examples.Charts.Numerals;
using static Examples.Digits.DigitsTrainer;

namespace Examples.Regularization;

/// <summary>The study of regularizations.</summary>
internal static class RegularizationCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "regularization";

    /// <summary>The command's description in the help text.</summary>
    public const string Description =
        "Trains a large network on few digits with wrong labels among them, with L1, L2, dropout and early stopping.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        StudyCommand.Configure(command, StudyOptions.Epochs(80), "regularization.svg", output, error, Report);

    private static StudyReport Report(long seed, int epochs)
    {
        IReadOnlyList<RegularizationRun> runs = RegularizationStudy.Run(seed, epochs);
        Table table = StudyReport.Columned(
            "regularization", "epochs", "training\nloss", "valid.\nloss", "valid.\naccuracy", "norm of\nweights", "below\n0.01");
        foreach (RegularizationRun run in runs)
        {
            table.AddRow(
                run.Name, Invariant($"{run.TrainingLosses.Count}"), Short(run.TrainingLosses[^1]), Short(run.Final.Loss),
                Percent(run.Accuracy), Short(run.Norm), Percent(run.SmallShare));
        }
        RegularizationRun none = runs[0], sparse = runs[1];
        double least = none.ValidationLosses.Min();
        string setting = Invariant($"Digits, {RegularizationStudy.Images} training images, of which one in ")
            + Invariant($"{RegularizationStudy.WrongLabel} has a wrong label, network 64-{RegularizationStudy.Hidden}-10, Adam with the ")
            + "rate "
            + Invariant($"{RegularizationStudy.LearningRate}, at most {epochs} epochs. The last four columns ")
            + "are of the weights that are kept, the last one is the share of those nearly 0.";
        string conclusion =
            Invariant($"Without regularization the validation loss is least after {1 + IndexOf(none, least)} epochs, {Short(least)}, and ")
            + Invariant($"ends at {Short(none.Final.Loss)}, where the training loss ends at {Short(none.TrainingLosses[^1])}. It ends at ")
            + string.Join(", ", runs.Skip(1).Select(run => $"{Short(run.Final.Loss)} with {run.Name}"))
            + Invariant($". L1 leaves {Percent(sparse.SmallShare)} of the weights below 0.01, no regularization ")
            + Invariant($"{Percent(none.SmallShare)}.");
        return new StudyReport(setting, table, conclusion, Picture(runs, epochs));
    }

    private static int IndexOf(RegularizationRun run, double loss) => run.ValidationLosses.TakeWhile(value => value > loss).Count();

    private static Figure Picture(IReadOnlyList<RegularizationRun> runs, int epochs)
    {
        return new Figure(
            "Regularization against wrong labels",
            "Digits; one training label in five is wrong, the validation labels are right.",
            Curves("training loss, logarithmic", run => run.TrainingLosses),
            Curves("validation loss, logarithmic", run => run.ValidationLosses),
            new Histogram("weights after the training", "weight", [.. runs.Take(3).Select(run => new Sample(run.Name, run.Weights))]));

        LineChart Curves(string title, Func<RegularizationRun, IReadOnlyList<double>> losses) => new(
            title, Axis.Count("epoch", epochs), Axis.Logarithmic("", runs.SelectMany(losses)),
            [.. runs.Select((run, i) => new Series(run.Name, Series.FromOne(losses(run))) { Style = i })]);
    }
}
