using System.CommandLine;
using Engine;
using Spectre.Console;

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
        Option<long> seed = StudyOptions.Seed("Seed of the folds, the initial weights and the batch order");
        Option<int> folds = StudyOptions.Whole("--folds", "Parts of the data, each tested once", 5, 2, 20);
        Option<int> epochs = StudyOptions.Whole("--epochs", "Passes over the training part", 40, 1, 1000);
        Option<string> file = StudyOptions.Output($"{command.Name}.svg");
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
}
