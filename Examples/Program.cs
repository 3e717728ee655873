using System.CommandLine;
using Examples.Digits;
using Spectre.Console;

namespace Examples;

/// <summary>Runs the example that the command line names; without a name, the digits.</summary>
internal static class Program
{
    private const int InvalidCommandLine = 2;

    private static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>Runs an example.</summary>
    /// <returns>0; 1 if it failed; 2 if the command line is invalid, with the reason on <paramref name="error"/>.</returns>
    internal static int Run(string[] args, TextWriter output, TextWriter error)
    {
        IAnsiConsole outputConsole = Terminal.On(output), errorConsole = Terminal.On(error);
        RootCommand root = new(DigitsCommand.Description);
        DigitsCommand.Configure(root, outputConsole, errorConsole);
        root.Options.Add(new Option<bool>("--list") { Description = "Lists all examples.", Action = new ListAction(output) });
        foreach (ExampleEntry example in ExampleCatalog.All)
        {
            Command command = new(example.Name, example.Description);
            example.Configure(command, outputConsole, errorConsole);
            root.Subcommands.Add(command);
        }

        ParseResult parsed = root.Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (string message in parsed.Errors.Select(problem => problem.Message).Distinct())
            {
                error.WriteLine(message);
            }
            error.WriteLine("--help lists the commands and options.");
            return InvalidCommandLine;
        }
        return parsed.Invoke(new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false });
    }
}
