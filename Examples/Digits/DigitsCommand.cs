using System.CommandLine;
using System.Globalization;
using System.Numerics;
using Spectre.Console;
using static System.FormattableString;

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

    private const long LargestSeed = 1_000_000_000_000;

    /// <summary>Adds the options of the comparison to <paramref name="command"/>, and its action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Option<long> seed = Whole("--seed", "First seed of the test split, the initial weights and the batch order", 1, 0, LargestSeed);
        Option<int> seeds = Whole("--seeds", "Trains with so many seeds, one after the other", 3, 1, 100);
        Option<int> epochs = Whole("--epochs", "Passes over the training images", 30, 1, 1000);
        Option<int> batch = Whole("--batch", "Images per step", 32, 1, 1797);
        Option<int> hidden = Whole("--hidden", "Units of the hidden layer", 128, 1, 4096);
        string[] names = [.. Contender.All.Select(contender => contender.Key)];
        Option<string[]> optimizers = new("--optimizer")
        {
            Description = "Trains only this optimizer; may be given several times.",
            HelpName = string.Join('|', names),
        };
        Reject(optimizers, name => !names.Contains(name), $"expected {string.Join(", ", names)}");
        Option<string> file = new("--output")
        {
            Description = "The file for the picture of the learning curves.",
            DefaultValueFactory = _ => "learning-curves.svg",
            HelpName = "FILE",
        };
        Reject(file, string.IsNullOrWhiteSpace, "expected the name of a file");
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

    private static void Reject(Option option, Predicate<string> wrong, string expected) => option.Validators.Add(result =>
    {
        foreach (string value in result.Tokens.Select(token => token.Value).Where(value => wrong(value)))
        {
            result.AddError($"{option.Name}: got '{value}', {expected}.");
        }
    });

    private static bool IsChosen(Contender contender, string[]? keys) => keys is not { Length: > 0 } || keys.Contains(contender.Key);

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
