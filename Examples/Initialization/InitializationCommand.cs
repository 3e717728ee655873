using System.CommandLine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;
using static Examples.Charts.Numerals;
using static Examples.Digits.DigitsTrainer;

namespace Examples.Initialization;

/// <summary>The study of initial weights.</summary>
internal static class InitializationCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "initialization";

    /// <summary>The command's description in the help text.</summary>
    public const string Description =
        "Starts a deep ReLU network by He, by Xavier, too small and too large: gradients by depth, and learning.";

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error) =>
        StudyCommand.Configure(command, StudyOptions.Epochs(15), "initialization.svg", output, error, Report);

    private static StudyReport Report(long seed, int epochs)
    {
        IReadOnlyList<InitializationRun> runs = InitializationStudy.Run(seed, epochs);
        Table table = StudyReport.Columned(
            "initial weights", "signal,\nlast", "gradient,\nfirst", "gradient,\nlast", "first/\nlast", "test\naccuracy");
        foreach (InitializationRun run in runs)
        {
            table.AddRow(
                run.Name, Short(run.Profile.Signals[^1]), Short(run.Profile.Gradients[0]),
                Short(run.Profile.Gradients[^1]), Short(run.Profile.FirstToLast), Percent(run.Accuracy));
        }
        string setting = Invariant($"Digits, {InitializationStudy.Depth} hidden layers of {InitializationStudy.Width} ReLU, SGD with the ")
            + Invariant($"rate {InitializationStudy.LearningRate}, {epochs} epochs. Signals and gradients are root mean squares ")
            + "of a layer's outputs and of the loss's gradient there, at the first or the last layer, before the training.";
        string conclusion = string.Join(' ', runs.Select(run =>
            Invariant($"{run.Name}: the gradient at the first layer is {Short(run.Profile.FirstToLast)} times that at the last, ")
            + (double.IsNaN(run.Accuracy) ? "and the training diverges." : $"and the test accuracy reaches {Percent(run.Accuracy)}.")));
        return new StudyReport(setting, table, conclusion, Picture(runs));
    }

    private static Figure Picture(IReadOnlyList<InitializationRun> runs)
    {
        Axis layers = Axis.Between("layer", 1, InitializationStudy.Depth + 1);
        return new Figure(
            "Initial weights of a deep ReLU network",
            "Root mean squares before the training; a loss can only be learned from where its gradient arrives.",
            Chart("signal by layer, logarithmic", run => run.Profile.Signals),
            Chart("gradient by layer, logarithmic", run => run.Profile.Gradients));

        LineChart Chart(string title, Func<InitializationRun, IReadOnlyList<double>> values) => new(
            title, layers, Axis.Logarithmic("", runs.SelectMany(values)),
            [.. runs.Select((run, i) => new Series(run.Name, Series.FromOne(values(run))) { Style = i })]);
    }
}
