using System.CommandLine;
using Spectre.Console;

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
        Option<long> seed = StudyOptions.Seed("Seed of the vectors, the batch order and the drawn words");
        Option<int> epochs = StudyOptions.Whole("--epochs", "Passes over the pairs of words", 5, 1, 1000);
        Option<int> least = StudyOptions.Whole("--least", "Leaves out words that are in the text less often", 5, 1, 100);
        Option<string> file = StudyOptions.Output("words.svg");
        foreach (Option option in (Option[])[seed, epochs, least, file])
        {
            command.Options.Add(option);
        }
        command.SetAction(result => PictureFile.Write(result.GetValue(file)!, "Picture", output, error,
            () => WordReport.Write(result.GetValue(seed), result.GetValue(epochs), result.GetValue(least), output)));
    }
}
