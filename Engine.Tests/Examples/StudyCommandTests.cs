using System.Xml.Linq;
using Examples;

namespace Engine.Tests.Examples;

/// <summary>The studies, as a person at a command line meets them.</summary>
[Category("Slow")]
public sealed class StudyCommandTests
{
    /// <summary>Each study with the shortest length at which it says something.</summary>
    private static readonly string[][] Studies =
    [
        ["rate", "--epochs", "1"],
        ["schedules", "--epochs", "2"],
        ["batch-size", "--epochs", "1"],
        ["initialization", "--epochs", "1"],
        ["normalization", "--epochs", "1"],
        ["regularization", "--epochs", "2"],
        ["precision", "--steps", "500"],
        ["gradient-flow", "--epochs", "1"],
        ["adagrad", "--epochs", "2"],
        ["amsgrad", "--periods", "200"],
    ];

    private string _folder = "";

    [OneTimeSetUp]
    public void MakeFolder() => _folder = Directory.CreateTempSubdirectory("studies").FullName;

    [OneTimeTearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    /// <summary>
    /// Catches: a study that depends on the order in which its runs end, a seed that is not used, text that is no plain text or too wide,
    /// a picture that is not written or not well-formed.
    /// </summary>
    [TestCaseSource(nameof(Studies))]
    public void A_study_prints_and_draws_the_same_for_a_seed(params string[] study)
    {
        (Command first, string picture) = Run(study);
        Assert.That((first.ExitCode, first.Error), Is.EqualTo((0, "")));
        string[] lines = [.. first.Output.Split('\n').Where(line => !line.Contains(_folder, StringComparison.Ordinal))];
        Assert.That(lines.Select(line => line.TrimEnd('\r').Length), Is.All.LessThanOrEqualTo(80));
        Assert.That(first.Output.All(char.IsAscii), Is.True, "readable in any code page");
        Assert.That(first.Output, Does.Not.Contain("NaN"));
        Assert.That(XDocument.Parse(picture).Root!.Name.LocalName, Is.EqualTo("svg"));
        (Command second, string same) = Run(study);
        Assert.That(second.Timeless, Is.EqualTo(first.Timeless));
        Assert.That(same, Is.EqualTo(picture));
        (_, string other) = Run([.. study, "--seed", "2"]);
        Assert.That(other, Is.Not.EqualTo(picture), "of another seed");
    }

    [TestCaseSource(nameof(Studies))]
    public void Help_names_every_option(params string[] study)
    {
        Command run = Command.Run(study[0], "--help");
        Assert.That(run.ExitCode, Is.Zero);
        Assert.That(run.Output, Does.Contain("--seed").And.Contain(study[1]).And.Contain("--output").And.Contain(".svg"));
    }

    [TestCaseSource(nameof(Studies))]
    public void A_command_line_that_is_not_understood_is_refused(params string[] study)
    {
        foreach (string[] wrong in (string[][])[[study[1], "0"], [study[1], "many"], ["--seed", "-1"], ["--output", ""]])
        {
            Command run = Command.Run([study[0], .. wrong]);
            Assert.That((run.ExitCode, run.Output), Is.EqualTo((2, "")));
            Assert.That(run.Error, Does.Contain($"{wrong[0]}: got '{wrong[1]}', expected"));
        }
    }

    [TestCaseSource(nameof(Studies))]
    public void A_picture_that_cannot_be_written_is_known_before_the_work(params string[] study)
    {
        Command run = Command.Run([.. study, "--output", _folder]);
        Assert.That((run.ExitCode, run.Output), Is.EqualTo((1, "")));
        Assert.That(run.Error, Does.Contain(_folder));
    }

    /// <summary>Catches: a study whose command is not in the catalog, or not in these tests.</summary>
    [Test]
    public void Every_study_is_in_the_catalog_and_tested()
    {
        Type[] types = typeof(Program).Assembly.GetTypes();
        string[] commands =
        [
            .. from study in types
               where study.Name.EndsWith("Study", StringComparison.Ordinal)
               from command in types
               where command.Namespace == study.Namespace && command.Name.EndsWith("Command", StringComparison.Ordinal)
               select (string)command.GetField("Name")!.GetRawConstantValue()!,
        ];
        Assert.That(
            Studies.Concat(RealDataCommandTests.s_commands).Select(command => command[0]), Is.SupersetOf(commands));
        Assert.That(ExampleCatalog.All.Select(example => example.Name), Is.SupersetOf(commands));
    }

    private (Command Run, string Picture) Run(string[] study)
    {
        string file = Path.Combine(_folder, $"{study[0]}.svg");
        Command run = Command.Run([.. study, "--output", file]);
        return (run, File.ReadAllText(file));
    }
}
