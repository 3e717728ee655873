using System.CommandLine;
using Examples.Data;
using Spectre.Console;

namespace Examples.Tabular;

/// <summary>The command that classifies wines.</summary>
internal static class WineCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "wine";

    /// <summary>The help text of the command.</summary>
    public const string Description = "Cross-validates classifiers of wines by cultivar, with and without standardized features.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        TabularOptions.Configure(command, "Wine", EmbeddedData.Wine, output, error);
}
