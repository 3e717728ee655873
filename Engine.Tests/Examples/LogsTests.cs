using Engine.Tests.Logging;

namespace Engine.Tests.Examples;

/// <summary>The example that records and shows logs.</summary>
[Category("Slow")]
public sealed class LogsTests
{
    /// <summary>Catches: a run that is not logged, a table or curve that is not shown, a report that is not written.</summary>
    [Test]
    public void It_records_shows_and_reports_a_run()
    {
        using TemporaryDirectory directory = new();
        Command record = Command.Run("logs", "record", directory["runs/a"]);
        Assert.That((record.ExitCode, record.Error), Is.EqualTo((0, "")));
        Assert.That(record.Output, Does.Contain("epoch 20: training loss"));

        Command show = Command.Run("logs", "show", directory["runs"]);
        Assert.That((show.ExitCode, show.Error), Is.EqualTo((0, "")));
        Assert.That(show.Output, Does.Contain("optimizer: Adam").And.Contain("| loss/validation"));
        Assert.That(show.Output, Does.Contain("weights/0.weight at step 160: 64 numbers, "));
        Assert.That(show.Output, Does.Contain("\nloss").And.Contain("aaa batch").And.Contain("\nupdate-ratio"));
        Assert.That(show.Output.Split('\n'), Has.All.Length.LessThan(110));

        Command report = Command.Run("logs", "report", directory["runs"], "--output", directory["report.html"]);
        Assert.That((report.ExitCode, report.Error), Is.EqualTo((0, "")));
        Assert.That(File.ReadAllText(directory["report.html"]), Does.Contain("update-ratio/0.weight"));
        Assert.That(File.ReadLines(directory["runs/a/numbers.csv"]).Count(), Is.GreaterThan(1000));

        RunEvent[] events = [.. EventFile.Read(Directory.GetFiles(directory["runs/a"], "*tfevents*").Single())];
        foreach (Type kind in (Type[])[typeof(RunEvent.Graph), typeof(RunEvent.Image), typeof(RunEvent.Histogram), typeof(RunEvent.Ended)])
        {
            Assert.That(events, Has.Some.InstanceOf(kind));
        }
    }

    /// <summary>Catches: a damaged file or an empty directory that ends in an exception, or is passed by in silence.</summary>
    [Test]
    public void What_cannot_be_shown_is_said()
    {
        using TemporaryDirectory directory = new();
        foreach (string command in (string[])["show", "report"])
        {
            Command empty = Command.Run("logs", command, directory.Path);
            Assert.That(empty.ExitCode, Is.EqualTo(1));
            Assert.That(empty.Error, Does.Contain($"logs {command}: got '{directory.Path}', expected a directory with event files."));
        }
        File.WriteAllBytes(directory["tfevents.1"], new byte[100]);
        Command damaged = Command.Run("logs", "show", directory.Path);
        Assert.That(damaged.ExitCode, Is.EqualTo(1));
        Assert.That(damaged.Error, Does.Contain("byte 0: got the checksum 00000000 of the record's length"));
    }
}
