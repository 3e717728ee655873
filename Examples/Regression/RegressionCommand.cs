using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Spectre.Console;
using static System.FormattableString;

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
        Option<long> seed = Whole("--seed", "Seed of the coefficients at the start", 1L, 0, 1_000_000_000_000);
        Option<int> gradients = Whole("--gradients", "The most gradients that a method computes", 5000, 1, 1_000_000);
        Option<string> file = new("--output")
        {
            Description = "The file for the picture.",
            DefaultValueFactory = _ => "regression.svg",
            HelpName = "FILE",
        };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && string.IsNullOrWhiteSpace(name))
            {
                result.AddError($"--output: got '{name}', expected the name of a file.");
            }
        });
        foreach (Option option in (Option[])[seed, gradients, file])
        {
            command.Options.Add(option);
        }
        command.SetAction(result => PictureFile.Write(result.GetValue(file)!, "Picture", output, error,
            () => RegressionReport.Write(result.GetValue(seed), result.GetValue(gradients), output)));
    }

    private static Option<T> Whole<T>(string name, string description, T value, T least, T most) where T : IBinaryInteger<T> => new(name)
    {
        Description = Invariant($"{description}, {least} to {most}."),
        HelpName = "N",
        DefaultValueFactory = _ => value,
        CustomParser = result =>
        {
            string text = result.Tokens.Single().Value;
            if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T? given)
                && given >= least && given <= most)
            {
                return given;
            }
            result.AddError(Invariant($"{name}: got '{text}', expected a whole number from {least} to {most}."));
            return value;
        },
    };
}
