using System.CommandLine;
using Engine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;
using static Examples.Digits.DigitsTrainer;

namespace Examples.BatchSize;

/// <summary>The study of the batch size.</summary>
internal static class BatchSizeCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "batch-size";

    /// <summary>The command's description in the help text.</summary>
    public const string Description = "Trains on digits with batches of 8 to 512: the noise of the gradient, the accuracy, the time.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        StudyCommand.Configure(command, StudyOptions.Epochs(10), "batch-size.svg", output, error, Report);

    private static StudyReport Report(long seed, int epochs)
    {
        IReadOnlyList<BatchSizeResult> results = BatchSizeStudy.Run(seed, epochs);
        // the seconds come last, in a column as wide as its title: everything before them is the same text in every run
        Table table = StudyReport.Columned(
            "batch\nsize", "updates\nper epoch", "noise of the\ngradient", "noise *\nroot of size", "test accuracy\n95 % interval",
            "\nsec.");
        foreach (BatchSizeResult result in results)
        {
            ConfidenceInterval accuracy = result.Accuracy.Final;
            table.AddRow(
                Invariant($"{result.Size}"), Invariant($"{result.Updates}"), Invariant($"{result.Noise:0.000}"),
                Invariant($"{result.Noise * Math.Sqrt(result.Size):0.00}"),
                Invariant($"{100 * accuracy.Mean:0.0} +- {100 * accuracy.HalfWidth:0.0} %"), Invariant($"{result.Seconds:0.00}"));
        }
        BatchSizeResult small = results[0], large = results[^1];
        string setting = Invariant($"Digits, network 64-64-10, SGD with the rate {BatchSizeStudy.LearningRate}, {epochs} epochs, ")
            + Invariant($"{BatchSizeStudy.Seeds} seeds. The noise is the mean distance of a batch's gradient from that of all images, ")
            + "relative to the latter, at the initial weights.";
        string conclusion =
            Invariant($"From batches of {small.Size} to batches of {large.Size} the noise falls by a factor of ")
            + Invariant($"{small.Noise / large.Noise:0.0}; the root of the ratio of the sizes is ")
            + Invariant($"{Math.Sqrt((double)large.Size / small.Size):0.0}. ")
            + Invariant($"After {epochs} epochs at the same rate batches of {small.Size}, with {small.Updates * epochs} updates, reach ")
            + Invariant($"{Percent(small.Accuracy.Final.Mean)}, batches of {large.Size}, with {large.Updates * epochs} ")
            + Invariant($"updates, {Percent(large.Accuracy.Final.Mean)}.");
        return new StudyReport(setting, table, conclusion, Picture(results));
    }

    private static Figure Picture(IReadOnlyList<BatchSizeResult> results)
    {
        Axis sizes = Axis.Logarithmic("batch size", results.Select(result => (double)result.Size));
        Series measured = new("measured", [.. results.Select(result => new Point(result.Size, result.Noise))]);
        double first = results[0].Noise * Math.Sqrt(results[0].Size);
        Series root = new("1/√size", [.. results.Select(result => new Point(result.Size, first / Math.Sqrt(result.Size)))])
        {
            Style = 1,
        };
        Axis noise = Axis.Logarithmic("", measured.Points.Concat(root.Points).Select(point => point.Y));
        int epochs = results[0].Accuracy.Epochs;
        Series[] accuracies =
        [
            .. results.Select((result, i) => new Series(
                Invariant($"size {result.Size}"),
                Series.FromOne(Enumerable.Range(1, epochs).Select(epoch => result.Accuracy.After(epoch).Mean)))
            {
                Style = i,
                Band = [.. Enumerable.Range(1, epochs).Select(epoch => Range(result.Accuracy, epoch))],
            }),
        ];
        return new Figure(
            "Batch size: less noise, fewer updates",
            Invariant($"Digits, SGD with the rate {BatchSizeStudy.LearningRate}; lines: mean of {BatchSizeStudy.Seeds} seeds, ")
                + "bands: smallest to largest.",
            new LineChart("noise of the gradient, relative, logarithmic", sizes, noise, [measured, root]),
            new LineChart("test accuracy, finer towards 100 %", Axis.Count("epoch", epochs), Axis.Accuracy(""), accuracies));
    }

    private static Interval Range(CandidateResult result, int epoch)
    {
        double[] values = [.. result.Trials.Select(trial => trial.Values[epoch - 1])];
        return new Interval(values.Min(), values.Max());
    }
}
