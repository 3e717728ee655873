using System.CommandLine;
using Examples.Digits;
using Examples.Formulas;
using Examples.OwnOp;
using Examples.OwnRule;
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
        Command digits = new(DigitsCommand.Name, $"{DigitsCommand.Description} The default.");
        DigitsCommand.Configure(digits, outputConsole, errorConsole);
        root.Subcommands.Add(digits);
        Command formulas = new(FormulasCommand.Name, FormulasCommand.Description);
        FormulasCommand.Configure(formulas, outputConsole, errorConsole);
        root.Subcommands.Add(formulas);
        Command ownRule = new(OwnRuleCommand.Name, OwnRuleCommand.Description);
        OwnRuleCommand.Configure(ownRule, outputConsole);
        root.Subcommands.Add(ownRule);
        Command ownOp = new(OwnOpCommand.Name, OwnOpCommand.Description);
        OwnOpCommand.Configure(ownOp, outputConsole);
        root.Subcommands.Add(ownOp);

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
