using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Digits;

/// <summary>Runs the comparison and reports it: a table, the learning curves in the terminal, and the curves as a picture.</summary>
internal static class DigitsReport
{
    private const double Target = 0.95;

    /// <summary>Trains with each contender.</summary>
    /// <returns>The exit code: 0, or 1 if the picture cannot be written.</returns>
    public static int Run(
        DigitsSettings settings, IReadOnlyList<Contender> contenders, string file, IAnsiConsole output, IAnsiConsole error)
    {
        try
        {
            // opened first, so that a file that cannot be written is reported before the training
            using FileStream picture = new(file, FileMode.OpenOrCreate, FileAccess.Write);
            DigitsJob job = new(settings);
            (int train, int test) = job.Images;
            output.WriteLine(Invariant($"Digits: {train} training images, {test} test images; network 64-{settings.Hidden}-10,"));
            output.WriteLine(Invariant($"batches of {settings.Batch}, {settings.Epochs} epochs, seed {settings.Seed}."));
            output.WriteLine();
            IReadOnlyList<LearningCurve> curves = Train(job, settings, contenders, error);
            WriteTable(output, curves);
            Plot[] plots = Plots(curves);
            foreach (Plot plot in plots)
            {
                output.WriteLine();
                TerminalPlot.Write(output, plot);
            }
            picture.SetLength(0);
            SvgChart.Write(picture, "Handwritten digits: learning curves by optimizer", plots);
            output.WriteLine();
            output.WriteLine($"Learning curves: {file}");
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            error.WriteLine($"Cannot write: {exception.Message}");
            return 1;
        }
    }

    private static IReadOnlyList<LearningCurve> Train(
        DigitsJob job, DigitsSettings settings, IReadOnlyList<Contender> contenders, IAnsiConsole error)
    {
        job.Train(contenders, epochs: 1, _ => { }); // warm-up: the first compilation is in no optimizer's time
        if (!error.Profile.Capabilities.Interactive)
        {
            return job.Train(contenders, settings.Epochs, _ => { });
        }
        IReadOnlyList<LearningCurve> curves = [];
        TaskDescriptionColumn names = new() { Alignment = Justify.Left };
        ProgressColumn[] columns = [names, new ProgressBarColumn(), new PercentageColumn()];
        error.Progress().AutoClear(true).Columns(columns).Start(progress =>
        {
            ProgressTask[] tasks = [.. contenders.Select(contender => progress.AddTask(contender.Name, maxValue: settings.Epochs))];
            curves = job.Train(contenders, settings.Epochs, i => tasks[i].Increment(1));
        });
        return curves;
    }

    private static void WriteTable(IAnsiConsole output, IReadOnlyList<LearningCurve> curves)
    {
        Table table = new Table().Border(TableBorder.Ascii2).AddColumn("\noptimizer");
        // the seconds come last, in a column as wide as its title: everything before them is the same text in every run
        foreach (string title in (string[])["learning\nrate", "epochs\nto 95 %", "final\nloss", "test\naccuracy", "\nseconds"])
        {
            table.AddColumn(title, column => column.RightAligned().NoWrap());
        }
        foreach (LearningCurve curve in curves)
        {
            table.AddRow(
                curve.Contender.Name,
                Invariant($"{curve.LearningRate}"),
                curve.EpochsTo(Target) is { } epochs ? Invariant($"{epochs}") : "-",
                Invariant($"{curve.Loss[^1]:0.0000000}"),
                Invariant($"{100 * curve.Accuracy[^1]:0.00} %"),
                Invariant($"{curve.Time.TotalSeconds:0.00}"));
        }
        output.Write(table);
    }

    private static Plot[] Plots(IReadOnlyList<LearningCurve> curves)
    {
        int last = curves[0].Loss.Count - 1;
        Axis epochs = Axis.Count(last);
        // without the first tenth of the epochs, whose rise would compress everything that follows
        double settled = curves.SelectMany(curve => curve.Accuracy.Skip(1 + last / 10)).Min();
        Axis loss = Axis.Logarithmic(curves.SelectMany(curve => curve.Loss));
        return
        [
            new Plot("training loss, logarithmic", epochs, loss, null, Lines(curves, curve => curve.Loss)),
            new Plot("test accuracy", epochs, Axis.Percent(settled), Target, Lines(curves, curve => curve.Accuracy)),
        ];
    }

    private static Series[] Lines(IReadOnlyList<LearningCurve> curves, Func<LearningCurve, IReadOnlyList<double>> values) =>
        [.. curves.Select(curve => new Series(curve.Contender.Name, curve.Contender.Mark, curve.Contender.Color, values(curve)))];
}
