using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Examples.Characters;

/// <summary>The command that trains a character model.</summary>
internal static class CharactersCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "characters";

    /// <summary>The help text of the command.</summary>
    public const string Description =
        "Trains a recurrent network on this repository's documentation, character by character, and lets it write.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Option<long> seed = StudyOptions.Seed("Seed of the weights, the batch order and the text");
        Option<int> epochs = StudyOptions.Whole("--epochs", "Passes over the documentation", 20, 1, 1000);
        Option<int> hidden = StudyOptions.Whole("--hidden", "Recurrent units", 192, 1, 4096);
        Option<int> count = StudyOptions.Whole("--characters", "Characters to write", 500, 0, 1_000_000);
        Option<double> temperature = new("--temperature")
        {
            Description = "What the logits are divided by when writing, 0.1 to 10; below 1 for likelier characters.",
            DefaultValueFactory = _ => 0.6,
            HelpName = "X",
            CustomParser = result =>
            {
                string text = result.Tokens.Single().Value;
                if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double given) && given is >= 0.1 and <= 10)
                {
                    return given;
                }
                result.AddError($"--temperature: got '{text}', expected a number from 0.1 to 10.");
                return 1;
            },
        };
        Option<string> file = StudyOptions.Output("characters.svg");
        foreach (Option option in (Option[])[seed, epochs, hidden, count, temperature, file])
        {
            command.Options.Add(option);
        }
        command.SetAction(result => PictureFile.Write(result.GetValue(file)!, "Picture", output, error, () => CharacterReport.Write(
            new CharacterSettings(
                result.GetValue(seed), result.GetValue(epochs), result.GetValue(hidden), result.GetValue(count),
                result.GetValue(temperature)),
            output)));
    }
}
