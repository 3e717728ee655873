using Examples.Charts;
using Examples.Data;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Words;

/// <summary>Trains word vectors on this repository's documentation, and prints and draws them.</summary>
internal static class WordReport
{
    private const int Shown = 8, LeastLetters = 6, Near = 5;

    /// <summary>Runs it.</summary>
    /// <param name="seed">The seed.</param>
    /// <param name="epochs">Passes over the pairs.</param>
    /// <param name="leastCount">The least number of times that a word of the vocabulary is in the text.</param>
    /// <param name="output">Where the report goes.</param>
    /// <returns>The picture.</returns>
    public static Figure Write(long seed, int epochs, int leastCount, IAnsiConsole output)
    {
        WordCorpus corpus = new(Documentation.Read(), leastCount);
        int words = corpus.Vocabulary.Count;
        output.WriteLine(Invariant($"This repository's documentation: {corpus.Length} words, {words} different ones;"));
        output.WriteLine(Invariant($"{corpus.TrainPairs.Count} pairs to train on, {corpus.TestPairs.Count} held out; seed {seed}."));
        output.WriteLine();
        IReadOnlyList<WordResult> results = WordTraining.Run(corpus, epochs, seed);
        double frequency = WordTraining.FrequencyAccuracy(corpus, seed);
        WriteTable(output, corpus, results);
        output.WriteLine();
        // long words mean something by themselves
        int[] shown = [.. Enumerable.Range(0, corpus.Vocabulary.Count).Where(word => corpus.Vocabulary[word].Length >= LeastLetters)
            .Take(Shown)];
        WriteNearest(output, corpus, results[0], shown);
        output.WriteLine();
        string found = Invariant($"{100 * results[0].Accuracies[^1]:0.0} % of draws");
        output.WriteLine($"With {results[0].Rule.Name}, a neighbor held out scores above a drawn word in {found};");
        output.WriteLine(Invariant($"the more frequent of the two is the neighbor in {100 * frequency:0.0} %."));
        return Picture(corpus, results, shown, frequency);
    }

    private static void WriteTable(IAnsiConsole output, WordCorpus corpus, IReadOnlyList<WordResult> results)
    {
        Table table = new Table().Border(TableBorder.Ascii2).AddColumn("\noptimizer");
        foreach (string title in (string[])
            ["\nrate", "rows changed\nby a step", "training\nloss", "neighbors\nfound %", "of rare\nwords %"])
        {
            table.AddColumn(title, column => column.RightAligned().NoWrap());
        }
        foreach (WordResult result in results)
        {
            table.AddRow(
                result.Rule.Name,
                Invariant($"{result.LearningRate}"),
                Invariant($"{result.RowsPerUpdate:0} of {2 * corpus.Vocabulary.Count}"),
                Invariant($"{result.Losses[^1]:0.0000}"),
                Invariant($"{100 * result.Accuracies[^1]:0.0}"),
                Invariant($"{100 * result.RareAccuracy:0.0}"));
        }
        output.Write(table);
    }

    private static void WriteNearest(IAnsiConsole output, WordCorpus corpus, WordResult result, int[] shown)
    {
        int width = shown.Max(word => corpus.Vocabulary[word].Length);
        output.WriteLine($"The nearest words, {result.Rule.Name}:");
        foreach (int word in shown)
        {
            string near = string.Join(", ", result.Nearest(word, Near).Select(other => corpus.Vocabulary[other]));
            output.WriteLine($"  {corpus.Vocabulary[word].PadRight(width)}  {near}");
        }
    }

    private static Figure Picture(WordCorpus corpus, IReadOnlyList<WordResult> results, int[] shown, double frequency)
    {
        // the words and the nearest of each
        int[] words = [.. shown.SelectMany(word => (int[])[word, results[0].Nearest(word, 1)[0]]).Distinct()];
        Cell[,] cells = new Cell[words.Length, words.Length];
        for (int i = 0; i < words.Length; i++)
        {
            for (int j = 0; j < words.Length; j++)
            {
                cells[i, j] = new Cell(Math.Clamp(results[0].Similarity(words[i], words[j]), 0, 1), "");
            }
        }
        string[] names = [.. words.Select(word => corpus.Vocabulary[word])];
        return new Figure(
            "Word vectors of this repository's documentation",
            Invariant($"Sparse steps; dashed: the more frequent word is the neighbor, {100 * frequency:0.0} %."),
            new LineChart(
                "neighbors held out that score above a drawn word", Axis.Count("epoch", results[0].Losses.Count),
                Axis.Around("", [0.5, frequency, .. results.SelectMany(result => result.Accuracies)]), [.. results.Select(Line)])
            {
                Target = frequency,
            },
            new HeatMap(
                $"cosine of the angle between words, {results[0].Rule.Name}",
                Axis.Names("", names),
                Axis.Names("the same words", [.. Enumerable.Range(1, names.Length).Select(number => Invariant($"{number}"))]),
                cells, "0 or less", "1"));
    }

    private static Series Line(WordResult result) =>
        new(result.Rule.Name, Series.AtIndices(result.Accuracies))
        {
            Style = result.Rule.Style,
            Note = Invariant($"η = {result.LearningRate}"),
        };
}
