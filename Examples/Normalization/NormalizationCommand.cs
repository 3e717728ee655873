using System.CommandLine;
using Engine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;
using static Examples.Charts.Numerals;
using static Examples.Digits.DigitsTrainer;

namespace Examples.Normalization;

/// <summary>The study of normalizations.</summary>
internal static class NormalizationCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "normalization";

    /// <summary>The command's description in the help text.</summary>
    public const string Description =
        "Trains a deep network without, with batch and with layer normalization, from batches of 32 and of 2.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        StudyCommand.Configure(command, StudyOptions.Epochs(10), "normalization.svg", output, error, Report);

    private static StudyReport Report(long seed, int epochs)
    {
        IReadOnlyList<NormalizationRun> runs = NormalizationStudy.Run(seed, epochs);
        Table table = StudyReport.Columned(
            "normalization", "batch\nsize", "training loss,\nfirst epoch", "training loss,\nlast epoch", "test\nloss", "test\naccuracy");
        foreach (NormalizationRun run in runs)
        {
            EpochRecord first = run.History.Epochs[0], last = run.History.Epochs[^1];
            table.AddRow(
                run.Name, Invariant($"{run.BatchSize}"), Short(first.TrainingLoss), Short(last.TrainingLoss),
                Short(last.ValidationLoss!.Value), Percent(run.Accuracy));
        }
        string setting = Invariant($"Digits, {NormalizationStudy.Depth} hidden layers of {NormalizationStudy.Width} ReLU with PyTorch's ")
            + Invariant($"initial weights, SGD with the rate {NormalizationStudy.LearningRate}, {epochs} epochs.");
        string[] accuracies = [.. runs.Select(run => Percent(run.Accuracy))];
        string conclusion =
            Invariant($"With batches of {NormalizationStudy.UsualBatch} the network reaches {accuracies[0]} without normalization, ")
            + Invariant($"{accuracies[1]} with batch normalization and {accuracies[2]} with layer normalization. With batches of ")
            + Invariant($"{NormalizationStudy.TinyBatch}, whose statistics are mostly noise, it reaches {accuracies[4]} with batch ")
            + Invariant($"normalization, and {accuracies[5]} with layer normalization, which does not look at the batch.");
        return new StudyReport(setting, table, conclusion, Picture(runs, epochs));
    }

    private static Figure Picture(IReadOnlyList<NormalizationRun> runs, int epochs)
    {
        return new Figure(
            "Normalization of hidden layers", "Digits; the training loss is measured during each epoch.",
            Chart("training loss, batches of 32, logarithmic", NormalizationStudy.UsualBatch),
            Chart("training loss, batches of 2, logarithmic", NormalizationStudy.TinyBatch));

        LineChart Chart(string title, int size)
        {
            NormalizationRun[] drawn = [.. runs.Where(run => run.BatchSize == size)];
            return new LineChart(
                title, Axis.Count("epoch", epochs), Axis.Logarithmic("", drawn.SelectMany(run => run.History.Epochs).Select(Loss)),
                [.. drawn.Select((run, i) => new Series(
                    run.Name, [.. run.History.Epochs.Select(epoch => new Point(epoch.Epoch, Loss(epoch)))]) { Style = i })]);
        }

        static double Loss(EpochRecord epoch) => epoch.TrainingLoss;
    }
}
