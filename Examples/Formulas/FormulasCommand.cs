using System.CommandLine;
using Spectre.Console;

namespace Examples.Formulas;

/// <summary>The command line that writes the document of the rules.</summary>
internal static class FormulasCommand
{
    /// <summary>What it is called.</summary>
    public const string Name = "formulas";

    /// <summary>Where the document stands in the repository.</summary>
    public const string Document = "docs/optimizers.md";

    /// <summary>What it does, in a line.</summary>
    public const string Description = "Writes the formulas of all elementwise rules, read off the code that runs, as Markdown.";

    /// <summary>Gives <paramref name="command"/> its options, and writes on <paramref name="output"/> and <paramref name="error"/> what it did.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Option<string> file = new("--output") { Description = "Where the document goes.", DefaultValueFactory = _ => Document, HelpName = "FILE" };
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
