using System.CommandLine;
using Spectre.Console;

namespace Examples.Formulas;

/// <summary>The command that writes the page of the optimizers.</summary>
internal static class FormulasCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "formulas";

    /// <summary>The path of the page in the repository.</summary>
    public const string Document = "docs/optimizers.md";

    /// <summary>The description in the help text.</summary>
    public const string Description = "Writes the page of all optimizers, from their code and its documentation, as Markdown.";

    /// <summary>Adds the options and the action; messages go to <paramref name="output"/> and <paramref name="error"/>.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Option<string> file = new("--output")
        {
            Description = "The file to write.", DefaultValueFactory = _ =>
            Document, HelpName = "FILE"
        };
        command.Options.Add(file);
        command.SetAction(result => Run(result.GetValue(file)!, output, error));
    }

    private static int Run(string file, IAnsiConsole output, IAnsiConsole error)
    {
        try
        {
            File.WriteAllText(file, OptimizersDocument.Write());
            output.WriteLine($"Formulas: {file}");
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            error.WriteLine($"Cannot write '{file}': {exception.Message}");
            return 1;
        }
    }
}
