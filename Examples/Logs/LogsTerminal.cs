using System.Globalization;
using Engine;
using Examples.Charts;
using Spectre.Console;

namespace Examples.Logs;

/// <summary>Runs as text: tables and plots.</summary>
internal static class LogsTerminal
{
    private const int MostLines = 6;

    /// <summary>From this ratio of the largest to the smallest value on, the vertical axis is logarithmic.</summary>
    private const double LogarithmicFrom = 10;

    /// <summary>Writes all runs of a directory.</summary>
    /// <returns>0; 1 if there are none, or a file is damaged.</returns>
    public static int Show(string directory, IAnsiConsole output, IAnsiConsole error)
    {
        IReadOnlyList<string> runs = Directory.Exists(directory) ? RunRecord.Find(directory) : [];
        if (runs.Count == 0)
        {
            error.WriteLine($"logs show: got '{directory}', expected a directory with event files.");
            return 1;
        }
        foreach (string run in runs)
        {
            try
            {
                Show(RunRecord.Load(run), output);
            }
            catch (MalformedFileException e)
            {
                error.WriteLine(e.Message);
                return 1;
            }
        }
        return 0;
    }

    private static void Show(RunRecord run, IAnsiConsole output)
    {
        output.WriteLine(run.IncompleteBytes == 0
            ? run.Directory
            : string.Create(CultureInfo.InvariantCulture, $"{run.Directory} (its last {run.IncompleteBytes} bytes are being written)"));
        output.WriteLine();
        foreach ((string name, HyperparameterValue value) in run.Hyperparameters)
        {
            output.WriteLine($"  {name}: {value}");
        }
        if (run.Hyperparameters.Count > 0)
        {
            output.WriteLine();
        }
        WriteValues(run, output);
        foreach ((string tag, (long step, HistogramSummary summary)) in run.Histograms)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {tag} at step {step}: {summary}"));
        }
        foreach (IGrouping<string, string> group in run.Tags.GroupBy(static tag => tag.Split('/')[0]))
        {
            output.WriteLine();
            WritePlot(group.Key, [.. group], run, output);
        }
        output.WriteLine();
    }

    private static void WriteValues(RunRecord run, IAnsiConsole output)
    {
        Table table = new Table().Border(TableBorder.Ascii2).AddColumn("tag");
        foreach (string title in (string[])["points", "last step", "last", "least", "greatest"])
        {
            table.AddColumn(title, static column => column.RightAligned().NoWrap());
        }
        foreach (string tag in run.Tags)
        {
            IReadOnlyList<ScalarPoint> points = run[tag];
            table.AddRow(
                new Text(tag), Number(points.Count), Number(points[^1].Step), Number(points[^1].Value),
                Number(points.Min(static point => point.Value)), Number(points.Max(static point => point.Value)));
        }
        output.Write(table);

        static Text Number(double value) => new(value.ToString("G6", CultureInfo.InvariantCulture));
    }

    private static void WritePlot(string name, string[] tags, RunRecord run, IAnsiConsole output)
    {
        string[] drawn = [.. tags.Where(tag => run[tag].Count > 1).Take(MostLines)];
        if (drawn.Length == 0)
        {
            return; // the table says it all
        }
        double[] values = [.. drawn.SelectMany(tag => run[tag]).Select(static point => point.Value).Where(double.IsFinite)];
        bool isLogarithmic = values.Length > 0 && values.Min() > 0 && values.Max() > LogarithmicFrom * values.Min();
        string more = drawn.Length < tags.Length
            ? string.Create(CultureInfo.InvariantCulture, $", {drawn.Length} of {tags.Length} curves")
            : "";
        string title = isLogarithmic ? $"{name}, logarithmic{more}" : $"{name}{more}";
        int last = (int)Math.Min(drawn.Max(tag => run[tag][^1].Step), int.MaxValue);
        TerminalPlot.Write(output, new LineChart(
            title,
            Axis.Count("step", last),
            isLogarithmic ? Axis.Logarithmic(name, values) : Axis.Around(name, values),
            [.. drawn.Select((tag, i) => new Series(Short(tag), Points(run[tag])) { Style = i, Mark = (char)('a' + i) })]));
    }

    private static Point[] Points(IReadOnlyList<ScalarPoint> points) =>
        [.. points.Select(static point => new Point(point.Step, point.Value))];

    /// <summary>The tag without its group, which the plot's title names.</summary>
    private static string Short(string tag) => tag[(tag.IndexOf('/') + 1)..];
}
