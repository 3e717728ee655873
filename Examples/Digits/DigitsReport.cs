using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Digits;

/// <summary>Runs the comparison and reports it: a table, the learning curves in the terminal, and the curves as a picture.</summary>
internal static class DigitsReport
{
    private const double Target = 0.95;

    /// <summary>Trains with each contender and each seed.</summary>
    /// <param name="settings">The options of the first job.</param>
    /// <param name="seeds">The number of jobs; each has the next seed.</param>
    /// <param name="contenders">The optimizers.</param>
    /// <param name="file">The file for the picture.</param>
    /// <param name="output">Where the report goes.</param>
    /// <param name="error">Where progress and errors go.</param>
    /// <returns>The exit code: 0, or 1 if the picture cannot be written.</returns>
    public static int Run(DigitsSettings settings, int seeds, IReadOnlyList<Contender> contenders, string file,
        IAnsiConsole output, IAnsiConsole error) => PictureFile.Write(file, "Learning curves", output, error, () =>
    {
        DigitsJob[] jobs = [.. Enumerable.Range(0, seeds).Select(i => new DigitsJob(settings with { Seed = settings.Seed + i }))];
        (int train, int test) = jobs[0].Images;
        output.WriteLine(Invariant($"Digits: {train} training images, {test} test images; network 64-{settings.Hidden}-10,"));
        output.WriteLine(Invariant($"batches of {settings.Batch}, {settings.Epochs} epochs, {Seeds(settings, seeds)}."));
        output.WriteLine();
        IReadOnlyList<ContenderCurves> results = Train(jobs, settings.Epochs, contenders, error);
        WriteTable(output, results);
        LineChart[] charts = Charts(results);
        foreach (LineChart chart in charts)
        {
            output.WriteLine();
            TerminalPlot.Write(output, chart);
        }
        return new Figure("Handwritten digits: learning curves by optimizer", Subtitle(settings, seeds), charts);
    });

    private static string Seeds(DigitsSettings settings, int seeds) =>
        seeds == 1 ? Invariant($"seed {settings.Seed}") : Invariant($"mean of seeds {settings.Seed} to {settings.Seed + seeds - 1}");

    private static string Subtitle(DigitsSettings settings, int seeds)
    {
        string network = Invariant($"Network 64-{settings.Hidden}-10, batches of {settings.Batch}, η is the learning rate.");
        return seeds == 1
            ? $"{network} One run, {Seeds(settings, seeds)}."
            : $"{network} Lines: {Seeds(settings, seeds)}; bands: smallest to largest.";
    }

    private static IReadOnlyList<ContenderCurves> Train(
        DigitsJob[] jobs, int epochs, IReadOnlyList<Contender> contenders, IAnsiConsole error)
    {
        jobs[0].Train(contenders, epochs: 1, _ => { }); // warm-up: the first compilation is in no optimizer's time
        if (!error.Profile.Capabilities.Interactive)
        {
            return Train(jobs, epochs, contenders, _ => { });
        }
        IReadOnlyList<ContenderCurves> results = [];
        TaskDescriptionColumn names = new() { Alignment = Justify.Left };
        ProgressColumn[] columns = [names, new ProgressBarColumn(), new PercentageColumn()];
        error.Progress().AutoClear(true).Columns(columns).Start(progress =>
        {
            ProgressTask[] tasks = [.. contenders.Select(contender => progress.AddTask(contender.Name, maxValue: epochs * jobs.Length))];
            results = Train(jobs, epochs, contenders, i => tasks[i].Increment(1));
        });
        return results;
    }

    private static IReadOnlyList<ContenderCurves> Train(
        DigitsJob[] jobs, int epochs, IReadOnlyList<Contender> contenders, Action<int> epochDone)
    {
        IReadOnlyList<LearningCurve>[] curves = [.. jobs.Select(job => job.Train(contenders, epochs, epochDone))];
        return [.. contenders.Select((_, i) => new ContenderCurves([.. curves.Select(seed => seed[i])]))];
    }

    private static void WriteTable(IAnsiConsole output, IReadOnlyList<ContenderCurves> results)
    {
        Table table = new Table().Border(TableBorder.Ascii2).AddColumn("\noptimizer");
        string accuracy = results[0].Curves.Count == 1 ? "test\naccuracy" : "test accuracy\nmean (range)";
        // the seconds come last, in a column as wide as its title: everything before them is the same text in every run
        foreach (string title in (string[])["\nrate", "epochs\nto 95 %", "stays\nfrom", "final\nloss", accuracy, "\nsec."])
        {
            table.AddColumn(title, column => column.RightAligned().NoWrap());
        }
        foreach (ContenderCurves result in results)
        {
            Interval range = result.Range(curve => curve.Accuracy)[^1];
            string mean = Invariant($"{100 * result.Mean(curve => curve.Accuracy)[^1]:0.0}");
            table.AddRow(
                result.Contender.Name,
                Invariant($"{result.LearningRate}"),
                result.EpochOf(curve => curve.FirstEpochAt(Target)),
                result.EpochOf(curve => curve.StaysFrom(Target)),
                Invariant($"{result.Mean(curve => curve.Loss)[^1]:0.00000}"),
                result.Curves.Count == 1 ? mean : $"{mean} ({Invariant($"{100 * range.Low:0.0}-{100 * range.High:0.0}")})",
                Invariant($"{result.Time.TotalSeconds:0.00}"));
        }
        output.Write(table);
    }

    private static LineChart[] Charts(IReadOnlyList<ContenderCurves> results)
    {
        Axis epochs = Axis.Count("epoch", results[0].Curves[0].Loss.Count - 1);
        Axis loss = Axis.Logarithmic("", results.SelectMany(result => result.Curves).SelectMany(curve => curve.Loss));
        return
        [
            new LineChart("training loss, logarithmic", epochs, loss, Lines(results, curve => curve.Loss)),
            new LineChart("test accuracy, finer towards 100 %", epochs, Axis.Accuracy(""), Lines(results, curve => curve.Accuracy))
            {
                Target = Target,
            },
        ];
    }

    private static Series[] Lines(IReadOnlyList<ContenderCurves> results, Func<LearningCurve, IReadOnlyList<double>> measure) =>
    [
        .. results.Select(result => new Series(result.Contender.Name, Series.AtIndices(result.Mean(measure)))
        {
            Note = Invariant($"η = {result.LearningRate}"),
            Style = result.Contender.Style,
            Mark = result.Contender.Mark,
            Band = result.Curves.Count > 1 ? result.Range(measure) : null,
        }),
    ];
}
