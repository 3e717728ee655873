using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Words;

/// <summary>The command that trains word vectors.</summary>
internal static class WordsCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "words";

    /// <summary>The help text of the command.</summary>
    public const string Description =
        "Trains vectors of the words of this repository's documentation with sparse steps of Adagrad, RMSprop and SGD.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Option<long> seed = Whole("--seed", "Seed of the vectors, the batch order and the drawn words", 1L, 0, 1_000_000_000_000);
        Option<int> epochs = Whole("--epochs", "Passes over the pairs of words", 5, 1, 1000);
        Option<int> least = Whole("--least", "Leaves out words that are in the text less often", 5, 1, 100);
        Option<string> file = new("--output")
        {
            Description = "The file for the picture.",
            DefaultValueFactory = _ => "words.svg",
            HelpName = "FILE",
        };
        file.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var name }] && string.IsNullOrWhiteSpace(name))
            {
                result.AddError($"--output: got '{name}', expected the name of a file.");
            }
        });
        foreach (Option option in (Option[])[seed, epochs, least, file])
        {
            command.Options.Add(option);
        }
        command.SetAction(result => PictureFile.Write(result.GetValue(file)!, "Picture", output, error,
            () => WordReport.Write(result.GetValue(seed), result.GetValue(epochs), result.GetValue(least), output)));
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
