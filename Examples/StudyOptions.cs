using System.CommandLine;
using System.Globalization;
using System.Numerics;
using static System.FormattableString;

namespace Examples;

/// <summary>Options that several commands have. A value that is not understood is refused with what is expected instead.</summary>
internal static class StudyOptions
{
    private const long LargestSeed = 1_000_000_000_000;

    /// <summary>The seed.</summary>
    /// <param name="description">What is random, without a full stop.</param>
    public static Option<long> Seed(string description) => Whole("--seed", description, 1, 0, LargestSeed);

    /// <summary>The passes over the training images.</summary>
    /// <param name="value">The number unless given.</param>
    public static Option<int> Epochs(int value) => Whole("--epochs", "Passes over the training images", value, 1, 1000);

    /// <summary>The file of the picture.</summary>
    /// <param name="file">Its name unless given.</param>
    public static Option<string> Output(string file)
    {
        Option<string> option = new("--output")
        {
            Description = "The file for the picture.",
            DefaultValueFactory = _ => file,
            HelpName = "FILE",
        };
        Reject(option, string.IsNullOrWhiteSpace, "expected the name of a file");
        return option;
    }

    /// <summary>A whole number.</summary>
    /// <param name="name">The option.</param>
    /// <param name="description">What it means, without a full stop.</param>
    /// <param name="value">The number unless given.</param>
    /// <param name="least">The smallest number that is allowed.</param>
    /// <param name="most">The largest.</param>
    public static Option<T> Whole<T>(string name, string description, T value, T least, T most) where T : IBinaryInteger<T> => new(name)
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

    /// <summary>Refuses values.</summary>
    /// <param name="option">The option.</param>
    /// <param name="wrong">Which values are refused.</param>
    /// <param name="expected">What the message says after the value, without a full stop.</param>
    public static void Reject(Option option, Predicate<string> wrong, string expected) => option.Validators.Add(result =>
    {
        foreach (string value in result.Tokens.Select(token => token.Value).Where(value => wrong(value)))
        {
            result.AddError($"{option.Name}: got '{value}', {expected}.");
        }
    });
}
