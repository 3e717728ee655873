using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Engine;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Tabular;

/// <summary>The command line of a cross-validation.</summary>
internal static class TabularOptions
{
    /// <summary>Adds options and action to a command.</summary>
    /// <param name="command">The command.</param>
    /// <param name="title">What is classified.</param>
    /// <param name="load">Reads the examples.</param>
    /// <param name="output">Where the report goes.</param>
    /// <param name="error">Where errors go.</param>
    public static void Configure(Command command, string title, Func<Dataset<float>> load, IAnsiConsole output, IAnsiConsole error)
    {
        Option<long> seed = Whole("--seed", "Seed of the folds, the initial weights and the batch order", 1L, 0, 1_000_000_000_000);
        Option<int> folds = Whole("--folds", "Parts of the data, each tested once", 5, 2, 20);
        Option<int> epochs = Whole("--epochs", "Passes over the training part", 40, 1, 1000);
        Option<string> file = new("--output")
        {
            Description = "The file for the picture.",
            DefaultValueFactory = _ => $"{command.Name}.svg",
            HelpName = "FILE",
        };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && string.IsNullOrWhiteSpace(name))
            {
                result.AddError($"--output: got '{name}', expected the name of a file.");
            }
        });
        foreach (Option option in (Option[])[seed, folds, epochs, file])
        {
            command.Options.Add(option);
        }
        command.SetAction(result => PictureFile.Write(result.GetValue(file)!, "Picture", output, error, () => TabularReport.Write(
            title,
            load(),
            new TabularSettings(result.GetValue(seed), result.GetValue(folds), result.GetValue(epochs)),
            output)));
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
