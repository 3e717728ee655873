using Examples;
using Examples.Characters;
using Examples.Charts;
using Examples.Compare;
using Examples.Data;
using Examples.Mnist;
using Examples.Regression;
using Examples.Tabular;
using Examples.Words;
using Spectre.Console;

namespace Engine.Tests.Examples;

/// <summary>What holds for every example on real data, as a person at a command line meets it.</summary>
[Category("Slow")]
public sealed class RealDataCommandTests
{
    private static readonly IAnsiConsole s_nowhere = Terminal.On(TextWriter.Null);

    /// <summary>The commands, each with options that make it small.</summary>
    internal static readonly string[][] s_commands =
    [
        ["wine", "--epochs", "1", "--folds", "2"],
        ["breast-cancer", "--epochs", "1", "--folds", "2"],
        ["regression", "--gradients", "5"],
        ["characters", "--epochs", "1", "--hidden", "4", "--characters", "20"],
        ["words", "--epochs", "1", "--least", "100"],
        ["compare", "--data", "iris", "--epochs", "2", "--seeds", "2"],
    ];

    /// <summary>Catches: a seed that is ignored, or numbers that differ from run to run.</summary>
    [TestCaseSource(nameof(s_commands))]
    public void The_same_seed_prints_and_draws_the_same_and_another_does_not(params string[] options)
    {
        using TemporaryDirectory folder = new();
        string[] given = [.. options, "--output", folder["p.svg"]];
        Command first = Command.Run(given);
        string picture = File.ReadAllText(folder["p.svg"]);
        Assert.That((first.ExitCode, first.Error), Is.EqualTo((0, "")));
        Assert.That(first.Output, Does.Contain($"Picture: {folder["p.svg"]}"));
        if (options[0] != "characters")
        {
            // what a model writes has lines of its own length
            IEnumerable<string> lines = first.Output.Split('\n').Where(line => !line.StartsWith("Picture", StringComparison.Ordinal));
            Assert.That(lines.Select(line => line.TrimEnd('\r').Length), Is.All.LessThanOrEqualTo(80));
        }
        Command second = Command.Run(given);
        Assert.That(second.Timeless, Is.EqualTo(first.Timeless));
        Assert.That(File.ReadAllText(folder["p.svg"]), Is.EqualTo(picture));
        Command other = Command.Run([.. given, "--seed", "2"]);
        Assert.That(other.Timeless.Replace("seed 2", "seed 1", StringComparison.Ordinal), Is.Not.EqualTo(first.Timeless));
    }

    [TestCaseSource(nameof(s_commands))]
    public void A_command_line_that_is_not_understood_is_refused(params string[] options)
    {
        foreach (string[] wrong in (string[][])[["--seed", "-1"], ["--output", ""], ["--sed", "1"], [options[1], "0"]])
        {
            if (options[1] == "--data" && wrong[0] == "--data")
            {
                continue; // CompareTests
            }
            Command run = Command.Run([options[0], .. wrong]);
            Assert.That(run.ExitCode, Is.EqualTo(2), wrong[0]);
            Assert.That(run.Output, Is.Empty);
            Assert.That(run.Error, Does.Contain(wrong[0]).And.Contain("--help"));
        }
    }

    [TestCaseSource(nameof(s_commands))]
    public void A_picture_that_cannot_be_written_is_known_before_the_work(params string[] options)
    {
        using TemporaryDirectory folder = new();
        Command run = Command.Run([.. options, "--output", folder[Path.Combine("no", "such.svg")]]);
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Error, Does.Contain("such.svg"));
    }

    [Test]
    public void Help_names_every_option_and_the_list_every_example()
    {
        string list = Command.Run("--list").Output;
        foreach (string name in (string[])[.. s_commands.Select(options => options[0]), "mnist"])
        {
            Command help = Command.Run(name, "--help");
            Assert.That(help.ExitCode, Is.Zero);
            Assert.That(help.Output, Does.Contain("--seed").And.Contain("--output"));
            Assert.That(list, Does.Contain(name));
        }
    }

    /// <summary>Catches: names that cover each other, or that the border cuts off.</summary>
    [Test]
    public void Nothing_in_the_pictures_collides(
        [Values("wine", "breast-cancer", "regression", "characters", "words", "compare", "mnist")] string name)
    {
        using TemporaryDirectory folder = new();
        MnistFiles.Write(folder[""], train: 60, test: 20);
        CompareSettings compare = new()
        {
            Data = CompareData.All[3], Rules = ["Sgd", "Momentum", "Adam"], Rates = LearningRates.Parse(["0.001..1"])!, Epochs = 3,
        };
        Figure figure = name switch
        {
            "wine" => TabularReport.Write("Wine", EmbeddedData.Wine(), new(1, 3, 10), s_nowhere),
            "breast-cancer" => TabularReport.Write("Tumors", EmbeddedData.BreastCancer(), new(1, 3, 3), s_nowhere),
            "regression" => RegressionReport.Write(1, 5000, s_nowhere),
            "characters" => CharacterReport.Write(new(1, 2, 4, 0, 1), s_nowhere),
            "words" => WordReport.Write(1, 1, 60, s_nowhere),
            "compare" => CompareReport.Picture(Comparison.Run(compare, null, default), compare),
            _ => MnistReport.Write(MnistData.Load(folder[""]), MnistNetwork.All, 1, 1, s_nowhere, s_nowhere),
        };
        Assert.That(new Drawing(figure).Collisions(), Is.Empty);
    }
}
