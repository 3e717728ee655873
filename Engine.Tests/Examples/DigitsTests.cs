using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Engine.Kernels;
using Examples.Digits;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>The digits comparison, as a person at a command line meets it.</summary>
[Category("Slow")]
public sealed partial class DigitsTests
{
    private string _folder = "";

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("digits").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    private string File(string name) => Path.Combine(_folder, name);

    [Test]
    public void All_four_learn_and_the_adaptive_ones_reach_97_percent()
    {
        // a wrong gradient, rule, split or measure shows here
        Command run = Command.Run("--output", File("all.svg"));
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Error, Is.Empty);
        Dictionary<string, double> accuracies = TableRow().Matches(run.Output)
            .ToDictionary(row => row.Groups[1].Value, row => double.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture));
        Assert.That(accuracies.Keys, Is.EqualTo(Contender.All.Select(contender => contender.Name)));
        Assert.That(accuracies.Values, Is.All.GreaterThan(95).And.All.LessThanOrEqualTo(100));
        Assert.That(Math.Max(accuracies["Adam"], accuracies["AdamW"]), Is.GreaterThanOrEqualTo(97));
        Assert.That(run.Output, Does.Contain("training loss").And.Contain("test accuracy").And.Contain(File("all.svg")));
    }

    [Test]
    public void The_same_seed_prints_and_draws_the_same_and_another_does_not()
    {
        string[] options = ["digits", "--epochs", "2", "--hidden", "16", "--output", File("same.svg")];
        Command first = Command.Run(options);
        string picture = System.IO.File.ReadAllText(File("same.svg"));
        Command second = Command.Run(options), other = Command.Run([.. options, "--seed", "2"]);
        Assert.That(second.Timeless, Is.EqualTo(first.Timeless));
        Assert.That(System.IO.File.ReadAllText(File("same.svg")), Is.Not.EqualTo(picture), "of seed 2");
        Command.Run(options);
        Assert.That(System.IO.File.ReadAllText(File("same.svg")), Is.EqualTo(picture));
        Assert.That(other.Timeless.Replace("seeds 2 to 4", "seeds 1 to 3", StringComparison.Ordinal), Is.Not.EqualTo(first.Timeless));
    }

    /// <summary>Catches: seeds that are all the first one, and a mean, a range or bands of something else than the runs alone.</summary>
    [Test]
    public void Several_seeds_are_the_runs_with_each_of_them()
    {
        string[] options = ["--epochs", "1", "--hidden", "8", "--optimizer", "sgd", "--output", File("seeds.svg")];
        double[] alone = [.. new[] { "4", "5" }.Select(seed => Accuracy(Command.Run([.. options, "--seed", seed, "--seeds", "1"])))];
        Assert.That(XDocument.Load(File("seeds.svg")).Descendants().Count(IsBand), Is.Zero, "one run has no band");
        Command both = Command.Run([.. options, "--seed", "4", "--seeds", "2"]);
        Assert.That(XDocument.Load(File("seeds.svg")).Descendants().Count(IsBand), Is.EqualTo(2), "of loss and accuracy");
        Assert.That(alone[0], Is.Not.EqualTo(alone[1]));
        Assert.That(Accuracy(both), Is.EqualTo(alone.Average()).Within(0.1001), "rounded to a tenth each");
        Assert.That(both.Output, Does.Contain(FormattableString.Invariant($"({alone.Min():0.0}-{alone.Max():0.0})"))
            .And.Contain("mean of seeds 4 to 5"));

        static bool IsBand(XElement element) => element.Name.LocalName == "path" && element.Attribute("fill-opacity") is not null;

        static double Accuracy(Command run) =>
            double.Parse(AccuracyCell().Match(run.Output).Groups[1].Value, CultureInfo.InvariantCulture);
    }

    [Test]
    public void The_number_of_threads_changes_nothing()
    {
        string[] options = ["--epochs", "2", "--batch", "1433", "--hidden", "300", "--output", File("threads.svg")];
        int before = Workers.Count;
        try
        {
            string[] outputs = [.. new[] { 1, 2, 7 }.Select(threads =>
            {
                Workers.Count = threads;
                return Command.Run(options).Timeless;
            })];
            Assert.That(outputs[1..], Is.All.EqualTo(outputs[0]));
        }
        finally
        {
            Workers.Count = before;
        }
    }

    [TestCase("DOTNET_EnableHWIntrinsic")]
    [TestCase("DOTNET_EnableAVX2")]
    [TestCase("DOTNET_EnableAVX512")]
    public void A_machine_with_fewer_vector_instructions_prints_and_draws_the_same(string lacking)
    {
        string[] options = ["--epochs", "3", "--output", File("vectors.svg")];
        Command here = Command.Run(options);
        string picture = System.IO.File.ReadAllText(File("vectors.svg"));
        Command there = Command.Start((lacking, "0"), options);
        Assert.That((there.ExitCode, there.Error), Is.EqualTo((0, "")));
        Assert.That(there.Timeless, Is.EqualTo(here.Timeless));
        Assert.That(System.IO.File.ReadAllText(File("vectors.svg")), Is.EqualTo(picture));
    }

    [Test]
    public void A_culture_with_other_numbers_changes_nothing()
    {
        string[] options = ["--epochs", "1", "--hidden", "8", "--output", File("culture.svg")];
        Command plain = Command.Run(options);
        string picture = System.IO.File.ReadAllText(File("culture.svg"));
        CultureInfo before = CultureInfo.CurrentCulture, german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.PercentDecimalSeparator = ",";
        german.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.That(Command.Run(options).Timeless, Is.EqualTo(plain.Timeless));
            Assert.That(System.IO.File.ReadAllText(File("culture.svg")), Is.EqualTo(picture));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void All_start_from_the_same_weights()
    {
        DigitsJob job = new(new DigitsSettings(Seed: 3, Epochs: 1, Batch: 500, Hidden: 8));
        IReadOnlyList<LearningCurve> curves = job.Train(Contender.All, epochs: 1, _ => { });
        Assert.That(curves.Select(curve => curve.Loss[0]).Distinct().Count(), Is.EqualTo(1));
        Assert.That(curves.Select(curve => curve.Loss[1]).Distinct().Count(), Is.EqualTo(4), "and go different ways");
        Assert.That(curves[0].Loss[0], Is.EqualTo(Math.Log(DigitsData.Classes)).Within(1), "an untrained network knows nothing");
    }

    /// <summary>Catches: a column of seconds that charges the compilation of the code to the optimizer that is trained first.</summary>
    [Test]
    public void The_optimizers_take_turns_and_each_trains_as_if_alone()
    {
        DigitsJob job = new(new DigitsSettings(Seed: 3, Epochs: 2, Batch: 500, Hidden: 8));
        List<int> turns = [];
        IReadOnlyList<LearningCurve> together = job.Train(Contender.All, epochs: 2, turns.Add);
        Assert.That(turns, Is.EqualTo((int[])[0, 1, 2, 3, 0, 1, 2, 3]));
        Assert.That(
            Contender.All.Select(contender => job.Train([contender], epochs: 2, _ => { })[0].Loss),
            Is.EqualTo(together.Select(curve => curve.Loss)));
    }

    [Test]
    public void Output_to_a_file_is_plain_text_of_80_columns()
    {
        Command run = Command.Run("--epochs", "1", "--hidden", "8", "--optimizer", "adam", "--output", File("p"));
        Assert.That(run.Output, Does.Not.Contain('\u001b'), "no colors");
        string[] lines = [.. run.Output.Split('\n').Where(line => !line.Contains(_folder, StringComparison.Ordinal))];
        Assert.That(lines.Select(line => line.TrimEnd('\r').Length), Is.All.LessThanOrEqualTo(80));
        Assert.That(run.Output.All(char.IsAscii), Is.True, "readable in any code page");
        Assert.That(run.Output, Does.Contain("Adam").And.Not.Contain("AdamW"), "--optimizer chooses");
    }

    [Test]
    public void The_picture_replaces_a_longer_file_and_is_well_formed()
    {
        System.IO.File.WriteAllText(File("old.svg"), new string('x', 1_000_000));
        Assert.That(Command.Run("--epochs", "1", "--hidden", "8", "--output", File("old.svg")).ExitCode, Is.Zero);
        XElement picture = XDocument.Load(File("old.svg")).Root!;
        Assert.That(picture.Name.LocalName, Is.EqualTo("svg"));
        Assert.That(picture.Descendants().Count(element => element.Name.LocalName == "path"
            && element.Attribute("fill")!.Value == "none"), Is.EqualTo(8), "four lines in two plots");
    }

    [TestCase("--epochz", "3")]
    [TestCase("--epochs", "0")]
    [TestCase("--epochs", "many")]
    [TestCase("--epochs", "1e3")]
    [TestCase("--epochs")]
    [TestCase("--batch", "-1")]
    [TestCase("--hidden", "99999999999")]
    [TestCase("--seed", "-1")]
    [TestCase("--seeds", "0")]
    [TestCase("--optimizer", "magic")]
    [TestCase("--output", "")]
    [TestCase("letters")]
    public void A_command_line_that_is_not_understood_is_refused(params string[] arguments)
    {
        Command run = Command.Run(arguments);
        Assert.That(run.ExitCode, Is.EqualTo(2));
        Assert.That(run.Output, Is.Empty);
        Assert.That(run.Error, Does.Contain(arguments[0]).And.Contain("--help"));
    }

    [TestCase("")]
    [TestCase("digits")]
    public void Help_names_every_option(string command)
    {
        Command run = Command.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]);
        Assert.That(run.ExitCode, Is.Zero);
        string[] options = ["--seed", "--seeds", "--epochs", "--batch", "--hidden", "--optimizer", "--output"];
        foreach (string option in (string[])[.. options, "1 to 1000"])
        {
            Assert.That(run.Output, Does.Contain(option));
        }
    }

    [Test]
    public void A_picture_that_cannot_be_written_is_known_before_the_training()
    {
        foreach (string path in (string[])[_folder, File(Path.Combine("no", "such", "folder.svg"))])
        {
            Command run = Command.Run("--output", path);
            Assert.That(run.ExitCode, Is.EqualTo(1), path);
            Assert.That(run.Output, Is.Empty, "nothing was begun");
            Assert.That(run.Error, Does.Contain(path));
        }
    }

    [GeneratedRegex(@"^\| (\S.*?) +\|.* (\d+\.\d+) \(\d+\.\d+-\d+\.\d+\) \|", RegexOptions.Multiline)]
    private static partial Regex TableRow();

    [GeneratedRegex(@"^\| SGD .* (\d+\.\d)(?: \(.*\))? \| +\d+\.\d+ \|", RegexOptions.Multiline)]
    private static partial Regex AccuracyCell();
}
