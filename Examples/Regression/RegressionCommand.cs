using System.CommandLine;
using Spectre.Console;

namespace Examples.Regression;

/// <summary>The command that compares descents with the closed form.</summary>
internal static class RegressionCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "regression";

    /// <summary>The help text of the command.</summary>
    public const string Description =
        "Finds the coefficients of a linear regression with five optimizers, and compares them with the closed form.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Option<long> seed = StudyOptions.Seed("Seed of the coefficients at the start");
        Option<int> gradients = StudyOptions.Whole("--gradients", "The most gradients that a method computes", 5000, 1, 1_000_000);
        Option<string> file = StudyOptions.Output("regression.svg");
        foreach (Option option in (Option[])[seed, gradients, file])
        {
            command.Options.Add(option);
        }
        command.SetAction(result => PictureFile.Write(result.GetValue(file)!, "Picture", output, error,
            () => RegressionReport.Write(result.GetValue(seed), result.GetValue(gradients), output)));
    }
}
