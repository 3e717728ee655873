using System.CommandLine;
using Spectre.Console;

namespace Examples;

/// <summary>The command line of a study: a seed, a length, and the file of its picture.</summary>
internal static class StudyCommand
{
    /// <summary>Adds the options and the action.</summary>
    /// <param name="command">The study's command.</param>
    /// <param name="length">The option that says how long the study is.</param>
    /// <param name="file">The file of the picture unless given.</param>
    /// <param name="output">Where the report goes.</param>
    /// <param name="error">Where errors go.</param>
    /// <param name="run">Runs the study with a seed and a length.</param>
    public static void Configure(
        Command command, Option<int> length, string file, IAnsiConsole output, IAnsiConsole error, Func<long, int, StudyReport> run)
    {
        Option<long> seed = StudyOptions.Seed("Seed of everything random, such as initial weights and the order of batches");
        Option<string> picture = StudyOptions.Output(file);
        foreach (Option option in (Option[])[seed, length, picture])
        {
            command.Options.Add(option);
        }
        command.SetAction(result => PictureFile.Write(result.GetValue(picture)!, "Picture", output, error, () =>
        {
            StudyReport report = run(result.GetValue(seed), result.GetValue(length));
            report.Write(output);
            return report.Picture;
        }));
    }
}
