using System.CommandLine;
using System.Runtime.InteropServices;
using Engine;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Compare;

/// <summary>The command that compares update rules and learning rates over seeds.</summary>
internal static class CompareCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "compare";

    /// <summary>The help text of the command.</summary>
    public const string Description =
        "Compares update rules and learning rates over seeds in parallel, by grid, random search, successive halving or Hyperband.";

    private static readonly string[] s_usualRules = ["Momentum", "Adam", "AdamW"];

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        string[] names = [.. CompareCandidate.Rules.Select(rule => rule.Name)];
        Option<string> data = Choice("--data", "The examples.", [.. CompareData.All.Select(set => set.Name)]);
        Option<string> search = Choice(
            "--search", "How candidates are found; random and hyperband need a range of rates.",
            [.. Enum.GetNames<SearchMethod>().Select(name => name.ToLowerInvariant())]);
        Option<string[]> rules = new("--rule")
        {
            Description = $"An update rule; may be given several times. Any of {string.Join(", ", names)}.",
            DefaultValueFactory = _ => s_usualRules,
            HelpName = "NAME",
        };
        rules.AcceptOnlyFromAmong(names);
        Option<string[]> rates = new("--rate")
        {
            Description = "A learning rate; may be given several times. Or a range such as 0.001..1.",
            DefaultValueFactory = _ => ["0.001..1"],
            HelpName = "RATE",
        };
        rates.Validators.Add(result =>
        {
            string[] given = [.. result.Tokens.Select(token => token.Value)];
            if (given.Length > 0 && LearningRates.Parse(given) is null)
            {
                result.AddError($"--rate: got '{string.Join(' ', given)}', {LearningRates.Expected}.");
            }
        });
        Option<int> points = StudyOptions.Whole("--points", "Rates that a grid has of a range", 4, 1, 1000);
        Option<int> candidates = StudyOptions.Whole("--candidates", "Candidates of a random search", 12, 1, 10_000);
        Option<int> seeds = StudyOptions.Whole("--seeds", "Seeds of each candidate", 3, 1, 1000);
        Option<int> epochs = StudyOptions.Whole("--epochs", "Passes over the training part", 20, 1, 10_000);
        Option<int> workers = StudyOptions.Whole(
            "--workers", "Trials at the same time", Math.Min(1024, Environment.ProcessorCount), 1, 1024);
        Option<int> target = StudyOptions.Whole("--target", "The accuracy in percent to which epochs and seconds are counted", 95, 1, 100);
        Option<long> seed = StudyOptions.Seed("Seed of the splits, weights, batches and the search");
        Option<string?> study = new("--study")
        {
            Description = "A file to which finished trials are added, and from which a comparison that was broken off goes on.",
            HelpName = "FILE",
        };
        Option<string> file = StudyOptions.Output("compare.svg");
        foreach (Option option in (Option[])
            [data, rules, rates, search, points, candidates, seeds, epochs, workers, target, seed, study, file])
        {
            command.Options.Add(option);
        }
        command.Validators.Add(result =>
        {
            // what cannot be parsed is an error of the option already
            if (result.GetResult(search)?.Tokens is [{ Value: "random" or "hyperband" } method]
                && LearningRates.Parse([.. result.GetResult(rates)?.Tokens.Select(token => token.Value) ?? []]) is { Range: null })
            {
                result.AddError($"--rate: got numbers for --search {method.Value}, expected a range such as 0.001..1.");
            }
        });
        command.SetAction(result => Run(
            new CompareSettings
            {
                Data = CompareData.All.First(set => set.Name == result.GetValue(data)),
                Rules = [.. result.GetValue(rules)!.Distinct()],
                Rates = LearningRates.Parse(result.GetValue(rates)!)!,
                Search = Enum.Parse<SearchMethod>(result.GetValue(search)!, ignoreCase: true),
                Points = result.GetValue(points),
                Candidates = result.GetValue(candidates),
                Seeds = result.GetValue(seeds),
                Epochs = result.GetValue(epochs),
                Workers = result.GetValue(workers),
                Target = result.GetValue(target) / 100.0,
                Study = result.GetValue(study),
                Seed = result.GetValue(seed),
            },
            result.GetValue(file)!, output, error));
    }

    private static int Run(CompareSettings settings, string file, IAnsiConsole output, IAnsiConsole error)
    {
        using CancellationTokenSource cancellation = new();
        // Ctrl-C ends the study after the epochs that are running, and what is done is printed
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            context.Cancel = true;
            cancellation.Cancel();
        });
        return Run(settings, file, output, error, cancellation.Token);
    }

    /// <summary>Compares, prints and draws.</summary>
    /// <param name="settings">The options.</param>
    /// <param name="file">The file of the picture.</param>
    /// <param name="output">Where the report goes.</param>
    /// <param name="error">Where progress and errors go.</param>
    /// <param name="cancellation">Ends the comparison early; what is done is printed all the same.</param>
    /// <returns>The exit code: 0, or 1 if a file cannot be read or written.</returns>
    internal static int Run(
        CompareSettings settings, string file, IAnsiConsole output, IAnsiConsole error, CancellationToken cancellation)
    {
        try
        {
            return PictureFile.Write(file, "Picture", output, error, () =>
            {
                CompareReport.WriteSetting(settings, output);
                IProgress<TrialResult>? progress = error.Profile.Capabilities.Interactive ? new ConsoleProgress(error) : null;
                Comparison comparison = Comparison.Run(settings, progress, cancellation);
                CompareReport.WriteTable(comparison, settings, output);
                return CompareReport.Picture(comparison, settings);
            });
        }
        catch (InvalidDataException exception)
        {
            error.WriteLine($"Cannot read: {exception.Message}");
            return 1;
        }
    }

    private static Option<string> Choice(string name, string description, string[] values)
    {
        Option<string> option = new(name)
        {
            Description = description,
            DefaultValueFactory = _ => values[0],
            HelpName = string.Join('|', values),
        };
        option.AcceptOnlyFromAmong(values);
        return option;
    }


    /// <summary>Writes a line for each trial.</summary>
    private sealed class ConsoleProgress(IAnsiConsole console) : IProgress<TrialResult>
    {
        private readonly Lock _lock = new();

        public void Report(TrialResult value)
        {
            lock (_lock)
            {
                console.WriteLine(Invariant($"{value.Candidate}, trial {value.Seed}: {value.Outcome}, ")
                    + Invariant($"{value.Values.Count} epochs, {value.Values.LastOrDefault():0.000}"));
            }
        }
    }
}
