using System.CommandLine;
using Engine;
using Spectre.Console;

namespace Examples.Logs;

/// <summary>Logs of training runs: records one, shows it in the terminal, makes a web page of it.</summary>
internal static class LogsCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "logs";

    /// <summary>The command's description in the help text.</summary>
    public const string Description =
        "Shows the event logs of runs, as TensorBoard reads them, in the terminal or as one HTML file; or records a run.";

    /// <summary>Adds the commands that the logs have.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Command show = new("show", "Prints hyperparameters, last values and curves of each run in a directory.");
        Add(show, directory => LogsTerminal.Show(directory, output, error));
        command.Subcommands.Add(show);

        Command report = new("report", "Writes the curves, tables and texts of a run to one HTML file.");
        Option<string> file = new("--output")
        {
            Description = "The HTML file.",
            DefaultValueFactory = _ => "report.html",
            HelpName = "FILE",
        };
        report.Options.Add(file);
        Argument<string> run = Directory();
        report.Arguments.Add(run);
        report.SetAction(result => Report(result.GetValue(run)!, result.GetValue(file)!, output, error));
        command.Subcommands.Add(report);

        Command record = new("record", "Trains a small classifier and logs the run: events, and the numbers as CSV.");
        Add(record, directory => CircleRun.Record(directory, output));
        command.Subcommands.Add(record);
    }

    private static void Add(Command command, Func<string, int> action)
    {
        Argument<string> directory = Directory();
        command.Arguments.Add(directory);
        command.SetAction(result => action(result.GetValue(directory)!));
    }

    private static Argument<string> Directory() => new("DIR") { Description = "The directory of the run or runs." };

    private static int Report(string directory, string file, IAnsiConsole output, IAnsiConsole error)
    {
        if (!System.IO.Directory.Exists(directory) || RunRecord.Find(directory).FirstOrDefault() is not { } run)
        {
            error.WriteLine($"logs report: got '{directory}', expected a directory with event files.");
            return 1;
        }
        new HtmlReport(RunRecord.Load(run)).Save(file);
        output.WriteLine($"The report of {run} is in {file}.");
        return 0;
    }
}
