using Engine;
using Examples.Charts;
using Examples.Data;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Characters;

/// <summary>Trains a character model on this repository's documentation, and prints and draws what it has learned.</summary>
internal static class CharacterReport
{
    /// <summary>Runs it.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="output">Where the report goes.</param>
    /// <returns>The picture.</returns>
    public static Figure Write(CharacterSettings settings, IAnsiConsole output)
    {
        CharacterResult result = CharacterTraining.Run(Documentation.Read(), settings);
        CharacterText text = result.Text;
        output.WriteLine(Invariant(
            $"This repository's documentation: {text.TrainPieces.Count} pieces of {text.Length} characters to train on,"));
        output.WriteLine(Invariant($"{text.TestPieces.Count} held out, {text.SymbolCount} different characters; seed {settings.Seed}."));
        output.WriteLine();
        WriteTable(output, result);
        output.WriteLine();
        output.WriteLine(Invariant($"Sampled at temperature {settings.Temperature}:"));
        output.WriteLine();
        foreach (string line in result.Sample.Split('\n'))
        {
            output.WriteLine($"  {line}");
        }
        output.WriteLine();
        output.WriteLine(Conclusion(result));
        return Picture(result, settings);
    }

    private static void WriteTable(IAnsiConsole output, CharacterResult result)
    {
        Table table = new Table().Border(TableBorder.Ascii2).AddColumn("model");
        foreach (string title in (string[])["parameters", "bits per character, held out", "seconds"])
        {
            table.AddColumn(title, column => column.RightAligned().NoWrap());
        }
        for (int context = 0; context < result.Baselines.Count; context++)
        {
            table.AddRow(Invariant($"counts after {context} characters"), "-", Invariant($"{result.Baselines[context]:0.000}"), "-");
        }
        table.AddRow(
            "gated recurrent units",
            Invariant($"{result.Parameters}"),
            Invariant($"{result.Bits:0.000}"),
            Invariant($"{result.History.Time.TotalSeconds:0.0}"));
        output.Write(table);
    }

    private static string Conclusion(CharacterResult result)
    {
        double best = result.Baselines.Min();
        string comparison = result.Bits < best ? "fewer" : "more";
        return Invariant(
            $"A character held out costs the network {result.Bits:0.00} bits, {comparison} than the {best:0.00} of the best counts.");
    }

    private static Figure Picture(CharacterResult result, CharacterSettings settings)
    {
        double[] train = [.. result.History.Epochs.Select(epoch => CharacterResult.BitsPerNat * epoch.TrainingLoss)];
        double[] test = [.. result.History.Epochs.Select(epoch => CharacterResult.BitsPerNat * (epoch.ValidationLoss ?? double.NaN))];
        double best = result.Baselines.Min();
        return new Figure(
            "A character model of this repository's documentation",
            Invariant($"{settings.Hidden} gated recurrent units; dashed: counts of the characters before, {best:0.00} bits."),
            new LineChart(
                "bits per character", Axis.Between("epoch", 1, Math.Max(2, train.Length)), Axis.Around("", [0, best, .. train, .. test]),
                [Line("training", train, 0), Line("held out", test, 1)])
            {
                Target = best,
            });

        static Series Line(string name, double[] values, int style) =>
            new(name, [.. values.Select((value, i) => new Charts.Point(i + 1, value))]) { Style = style };
    }
}
