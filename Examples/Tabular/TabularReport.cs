using Engine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Tabular;

/// <summary>Prints and draws a cross-validation.</summary>
internal static class TabularReport
{
    /// <summary>Runs it.</summary>
    /// <param name="title">What is classified.</param>
    /// <param name="data">The examples.</param>
    /// <param name="settings">The options.</param>
    /// <param name="output">Where the report goes.</param>
    /// <returns>The picture.</returns>
    public static Figure Write(string title, Dataset<float> data, TabularSettings settings, IAnsiConsole output)
    {
        output.WriteLine(Invariant($"{title}: {data.Count} examples, {data.Inputs.Shape[1]} features, classes {Classes(data)}."));
        output.WriteLine(Invariant($"{settings.Folds} stratified folds, {settings.Epochs} epochs of AdamW, seed {settings.Seed}."));
        output.WriteLine();
        IReadOnlyList<ModelResult> results = TabularStudy.Run(data, settings);
        WriteTable(output, results);
        output.WriteLine();
        output.WriteLine(Conclusion(results));

        Axis epochs = Axis.Between("epoch", 1, Math.Max(2, settings.Epochs));
        Axis loss = Axis.Logarithmic("", results.SelectMany(result => result.Range).SelectMany(range => (double[])[range.Low, range.High]));
        return new Figure(
            $"{title}: cross-validation",
            Invariant($"{settings.Folds} stratified folds. Lines: mean of the folds; bands: smallest to largest."),
            new LineChart("loss on the fold left out, logarithmic", epochs, loss, [.. results.Select(Line)]),
            ConfusionHeatMap.Of("network: all examples, each predicted when left out", results[1].Confusion));
    }

    private static string Classes(Dataset<float> data)
    {
        int[] counts = new int[data.ClassCount];
        foreach (int label in data.Labels)
        {
            counts[label]++;
        }
        return string.Join(", ", data.ClassNames.Zip(counts, (name, count) => Invariant($"{name} ({count})")));
    }

    private static void WriteTable(IAnsiConsole output, IReadOnlyList<ModelResult> results)
    {
        Table table = new Table().Border(TableBorder.Ascii2).AddColumn("model");
        foreach (string title in (string[])["wrong", "accuracy %, 95 % interval", "worst fold %"])
        {
            table.AddColumn(title, column => column.RightAligned().NoWrap());
        }
        foreach (ModelResult result in results)
        {
            table.AddRow(
                result.Model.Name,
                Invariant($"{result.Errors} of {result.Tested}"),
                Invariant($"{100 * result.Accuracy.Mean:0.0} +- {100 * result.Accuracy.HalfWidth:0.0}"),
                Invariant($"{100 * result.Folds.Min(fold => fold.Accuracy):0.0}"));
        }
        output.Write(table);
    }

    private static string Conclusion(IReadOnlyList<ModelResult> results)
    {
        ModelResult network = results[1], raw = results[2];
        string comparison = raw.Errors > network.Errors ? "more than" : raw.Errors == network.Errors ? "as many as" : "fewer than";
        return Invariant($"Raw numbers: {raw.Errors} errors of the network, {comparison} the {network.Errors} of standardized ones.");
    }

    private static Series Line(ModelResult result) =>
        new(result.Model.Name, [.. result.Loss.Select((loss, i) => new Charts.Point(i + 1, loss))])
        {
            Style = result.Model.Style,
            Band = result.Range,
        };
}
