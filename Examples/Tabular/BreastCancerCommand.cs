using System.CommandLine;
using Examples.Data;
using Spectre.Console;

namespace Examples.Tabular;

/// <summary>The command that classifies breast tumors.</summary>
internal static class BreastCancerCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "breast-cancer";

    /// <summary>The help text of the command.</summary>
    public const string Description =
        "Cross-validates classifiers of breast tumors, malignant or benign, with and without standardized features.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        TabularOptions.Configure(command, "Breast tumors", EmbeddedData.BreastCancer, output, error);
}
