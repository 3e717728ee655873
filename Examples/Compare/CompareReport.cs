using Engine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Compare;

/// <summary>Prints and draws a comparison.</summary>
internal static class CompareReport
{
    private const int LinesDrawn = 4, LongestNote = 60;

    /// <summary>Prints what was compared.</summary>
    public static void WriteSetting(CompareSettings settings, IAnsiConsole output)
    {
        string search = settings.Search.ToString().ToLowerInvariant();
        output.WriteLine(Invariant($"{settings.Data.Name}: {search} search, {Seeds(settings)}, {settings.Epochs} epochs;"));
        output.WriteLine(Invariant($"accuracy on a fifth of the examples, held out by classes; seed {settings.Seed}."));
        output.WriteLine();
    }

    /// <summary>Prints a row for each candidate, and what went wrong.</summary>
    public static void WriteTable(Comparison comparison, CompareSettings settings, IAnsiConsole output)
    {
        Table table = new Table().Border(TableBorder.Ascii2).AddColumn("\nrule");
        string target = Invariant($"epochs to\n{100 * settings.Target:0.#} %");
        // the seconds come last, in a column as wide as its title: everything before them is the same text in every run
        foreach (string title in (string[])["\nrate", "accuracy %,\n95 % interval", "\nepochs", target, "\nbroken", "seconds\nto it"])
        {
            table.AddColumn(title, column => column.RightAligned().NoWrap());
        }
        foreach (CompareRow row in comparison.Rows)
        {
            ConfidenceInterval epochs = row.Result.EpochsTo(settings.Target), seconds = row.Result.SecondsTo(settings.Target);
            table.AddRow(
                row.Candidate.Rule,
                Invariant($"{row.Candidate.Rate:G3}"),
                Percent(row.Result.Final),
                Invariant($"{row.Result.Epochs}"),
                epochs.Count == 0 ? "-" : epochs.Count < settings.Seeds
                    ? Invariant($"{epochs.Mean:0.0} ({epochs.Count} of {settings.Seeds})")
                    : Invariant($"{epochs.Mean:0.0}"),
                Broken(row.Result),
                seconds.Count == 0 ? "-" : Invariant($"{seconds.Mean:0.00}"));
        }
        output.Write(table);
        foreach (CompareRow row in comparison.Rows)
        {
            if (row.Result.Trials.FirstOrDefault(trial => trial.Error is not null) is { Error: { } reason })
            {
                string first = reason.ReplaceLineEndings(" ");
                output.WriteLine($"{row.Candidate.Label}: {(first.Length > LongestNote ? $"{first[..LongestNote]} ..." : first)}");
            }
        }
        output.WriteLine();
        output.WriteLine(Conclusion(comparison));
    }

    /// <summary>Draws the best candidates by epoch, and all by rate.</summary>
    public static Figure Picture(Comparison comparison, CompareSettings settings)
    {
        Series[] lines =
        [
            .. comparison.Rows.Where(row => row.Result.Epochs > 0).Take(LinesDrawn).Select((row, i) => ByEpoch(row, i)),
        ];
        Series[] rules =
        [
            .. comparison.Rows.GroupBy(row => row.Candidate.Rule).OrderBy(group => settings.Rules.ToList().IndexOf(group.Key))
                .Select((group, i) => ByRate(group.Key, [.. group.OrderBy(row => row.Candidate.Rate)], i)),
        ];
        Axis rates = Axis.Logarithmic("learning rate", comparison.Rows.Select(row => row.Candidate.Rate));
        Axis epochs = Axis.Between("epoch", 1, Math.Max(2, settings.Epochs));
        LineChart byRate = new("accuracy at the end, by learning rate", rates, Axis.Accuracy(""), rules)
        {
            Target = settings.Target,
        };
        return new Figure(
            Invariant($"{settings.Data.Name}: {settings.Rules.Count} update rules, {comparison.Rows.Count} candidates"),
            Invariant($"Mean of {Seeds(settings)}; bands: 95 % interval of the mean; dashed: {100 * settings.Target:0.#} %."),
            lines.Length == 0
                ? [byRate]
                : [
                    new LineChart("accuracy held out: the best candidates", epochs, Axis.Accuracy(""), lines) { Target = settings.Target },
                    byRate]);
    }

    private static string Seeds(CompareSettings settings) => settings.Seeds == 1 ? "1 seed" : Invariant($"{settings.Seeds} seeds");

    private static string Percent(ConfidenceInterval accuracy) =>
        accuracy.Count == 0 ? "-"
            : accuracy.Count == 1 ? Invariant($"{100 * accuracy.Mean:0.0}")
            : Invariant($"{100 * accuracy.Mean:0.0} +- {100 * accuracy.HalfWidth:0.0}");

    private static string Broken(CandidateResult result)
    {
        int diverged = result.Trials.Count(trial => trial.Outcome == TrialOutcome.Diverged);
        int failed = result.Trials.Count(trial => trial.Outcome == TrialOutcome.Failed);
        return (diverged, failed) switch
        {
            (0, 0) => "-",
            (_, 0) => Invariant($"{diverged} diverged"),
            (0, _) => Invariant($"{failed} failed"),
            _ => Invariant($"{diverged} diverged, {failed} failed"),
        };
    }

    private static string Conclusion(Comparison comparison)
    {
        CompareRow best = comparison.Rows[0];
        string cancelled = comparison.IsComplete ? "" : "Cancelled; this is what was done. ";
        return best.Result.Final.Count == 0
            ? $"{cancelled}No trial came to an end."
            : $"{cancelled}Best: {best.Candidate.Label} with {Percent(best.Result.Final)} %.";
    }

    private static Series ByEpoch(CompareRow row, int style)
    {
        ConfidenceInterval[] after = [.. Enumerable.Range(1, row.Result.Epochs).Select(row.Result.After)];
        return new Series(row.Candidate.Label, [.. after.Select((interval, i) => new Charts.Point(i + 1, interval.Mean))])
        {
            Style = style,
            Band = [.. after.Select(Band)],
        };
    }

    private static Series ByRate(string rule, IReadOnlyList<CompareRow> rows, int style) =>
        new(rule, [.. rows.Select(row => new Charts.Point(row.Candidate.Rate, row.Result.Final.Mean))])
        {
            Style = style,
            Band = [.. rows.Select(row => Band(row.Result.Final))],
        };

    /// <summary>An interval, as far as it is one of accuracies; the mean alone of one measurement.</summary>
    private static Interval Band(ConfidenceInterval interval) => interval.Count < 2
        ? new(interval.Mean, interval.Mean)
        : new(Math.Max(0, interval.Low), Math.Min(1, interval.High));
}
