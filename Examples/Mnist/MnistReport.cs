using Engine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Mnist;

/// <summary>Trains networks on MNIST, and prints and draws how well they classify the test images.</summary>
internal static class MnistReport
{
    /// <summary>Runs it.</summary>
    /// <param name="data">The images.</param>
    /// <param name="networks">The networks.</param>
    /// <param name="epochs">Passes over the training images; null for each network's own number.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="output">Where the report goes.</param>
    /// <param name="error">Where the progress goes, if it is a terminal.</param>
    /// <returns>The picture.</returns>
    public static Figure Write(DatasetSplit<float> data, IReadOnlyList<MnistNetwork> networks, int? epochs, long seed,
        IAnsiConsole output, IAnsiConsole error)
    {
        int height = data.Train.Inputs.Shape[1], width = data.Train.Inputs.Shape[2];
        output.WriteLine(Invariant(
            $"MNIST: {data.Train.Count} training images, {data.Test.Count} test images, {height} x {width}; seed {seed}."));
        output.WriteLine();
        IProgress<TrainingProgress>? progress = error.Profile.Capabilities.Interactive ? new ConsoleProgress(error) : null;
        MnistResult[] results =
        [
            .. networks.Select(network =>
                MnistTraining.Run(network, data, epochs ?? network.Epochs, RandomKey.FromSeed(seed), progress)),
        ];
        WriteTable(output, results);
        output.WriteLine();
        foreach (MnistResult result in results)
        {
            output.WriteLine(Conclusion(result));
        }
        int longest = results.Max(result => result.History.Epochs.Count);
        return new Figure(
            "MNIST: handwritten digits",
            Invariant($"AdamW with one cycle of the learning rate; seed {seed}."),
            new LineChart("test accuracy, finer towards 100 %", Axis.Count("epoch", longest), Axis.Accuracy(""), [.. results.Select(Line)]),
            ConfusionHeatMap.Of($"test images: {results[^1].Network.Name}", results[^1].Confusion));
    }

    private static void WriteTable(IAnsiConsole output, IReadOnlyList<MnistResult> results)
    {
        Table table = new Table().Border(TableBorder.Ascii2).AddColumn("\nnetwork");
        // the seconds come last, so that everything before them is the same text in every run
        foreach (string title in (string[])
            ["\nparameters", "\nepochs", "training\nloss", "test\nloss", "test\naccuracy %", "seconds of\ntraining"])
        {
            table.AddColumn(title, column => column.RightAligned().NoWrap());
        }
        foreach (MnistResult result in results)
        {
            EpochRecord last = result.History.Epochs[^1];
            table.AddRow(
                result.Network.Name,
                Invariant($"{result.Parameters}"),
                Invariant($"{last.Epoch}"),
                Invariant($"{last.TrainingLoss:0.0000}"),
                Invariant($"{last.ValidationLoss:0.0000}"),
                Invariant($"{100 * result.Accuracy:0.00}"),
                Invariant($"{result.History.Time.TotalSeconds,10:0.0}"));
        }
        output.Write(table);
    }

    private static string Conclusion(MnistResult result)
    {
        long wrong = result.Confusion.Count - (long)Math.Round(result.Accuracy * result.Confusion.Count);
        (int actual, int predicted) = Enumerable.Range(0, result.Confusion.ClassNames.Count)
            .SelectMany(_ => Enumerable.Range(0, result.Confusion.ClassNames.Count), (row, column) => (row, column))
            .Where(cell => cell.row != cell.column).MaxBy(cell => result.Confusion[cell.row, cell.column]);
        string most = wrong == 0
            ? ""
            : Invariant($", most often {actual} for {predicted} ({result.Confusion[actual, predicted]} times)");
        return Invariant($"The {result.Network.Key} network errs on {wrong} of {result.Confusion.Count} test images{most}.");
    }

    private static Series Line(MnistResult result) => new(
        result.Network.Name, [.. result.History.Epochs.Select(epoch => new Charts.Point(epoch.Epoch, epoch["accuracy"]))])
    {
        Style = result.Network.Style,
    };

    /// <summary>Writes a line after each epoch.</summary>
    private sealed class ConsoleProgress(IAnsiConsole console) : IProgress<TrainingProgress>
    {
        private long _updates;

        public void Report(TrainingProgress value)
        {
            // a tenth of an epoch of MNIST is 47 updates
            if (value.Updates / 47 != _updates / 47)
            {
                console.WriteLine(Invariant($"{100 * value.Fraction,3:0} %, epoch {value.Epoch}, loss {value.Loss:0.0000}"));
            }
            _updates = value.Updates;
        }
    }
}
