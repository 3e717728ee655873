using System.CommandLine;
using Spectre.Console;

namespace Examples.Digits;

/// <summary>The command line of the digits comparison.</summary>
internal static class DigitsCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "digits";

    /// <summary>The help text of the command.</summary>
    public const string Description =
        "Trains a classifier of 8x8 handwritten digits with SGD, SGD + momentum, Adam and AdamW from the same initial weights, "
        + "and compares them.";

    /// <summary>Adds the options of the comparison to <paramref name="command"/>, and its action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Option<long> seed = StudyOptions.Seed("First seed of the test split, the initial weights and the batch order");
        Option<int> seeds = StudyOptions.Whole("--seeds", "Trains with so many seeds, one after the other", 3, 1, 100);
        Option<int> epochs = StudyOptions.Epochs(30);
        Option<int> batch = StudyOptions.Whole("--batch", "Images per step", 32, 1, 1797);
        Option<int> hidden = StudyOptions.Whole("--hidden", "Units of the hidden layer", 128, 1, 4096);
        string[] names = [.. Contender.All.Select(contender => contender.Key)];
        Option<string[]> optimizers = new("--optimizer")
        {
            Description = "Trains only this optimizer; may be given several times.",
            HelpName = string.Join('|', names),
        };
        StudyOptions.Reject(optimizers, name => !names.Contains(name), $"expected {string.Join(", ", names)}");
        Option<string> file = StudyOptions.Output("learning-curves.svg");
        foreach (Option option in (Option[])[seed, seeds, epochs, batch, hidden, optimizers, file])
        {
            command.Options.Add(option);
        }
        command.SetAction(result => DigitsReport.Run(
            new DigitsSettings(result.GetValue(seed), result.GetValue(epochs), result.GetValue(batch), result.GetValue(hidden)),
            result.GetValue(seeds),
            [.. Contender.All.Where(contender => IsChosen(contender, result.GetValue(optimizers)))],
            result.GetValue(file)!, output, error));
    }

    private static bool IsChosen(Contender contender, string[]? keys) => keys is not { Length: > 0 } || keys.Contains(contender.Key);
}
