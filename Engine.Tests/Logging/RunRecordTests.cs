namespace Engine.Tests.Logging;

/// <summary>The event files of a directory as one run.</summary>
public sealed class RunRecordTests
{
    /// <summary>Catches: numbers of steps that a resumed run made again, which would be there twice; files in another order.</summary>
    [Test]
    public void A_resumed_run_is_one_curve()
    {
        using TemporaryDirectory directory = new();
        using (EventLog log = new(directory.Path))
        {
            Log(log, 0, 10, 1);
            log.Scalar("only later", 1, 8);
            log.Histogram<double>("w", [1, 2], 9);
        }
        using (EventLog log = EventLog.Resume(directory.Path, 6))
        {
            Log(log, 6, 12, 2);
        }
        RunRecord run = RunRecord.Load(directory.Path);
        Assert.That(run.Tags, Is.EqualTo(new[] { "loss" }));
        Assert.That(run["loss"].Select(static point => point.Step), Is.EqualTo(Enumerable.Range(0, 12)));
        Assert.That(run["loss"].Select(static point => point.Value), Is.EqualTo(Enumerable.Range(0, 12).Select(static i => i < 6 ? 1 : 2)));
        Assert.That(run.Histograms, Is.Empty);
        Assert.That(() => run["los"], Throws.ArgumentException.With.Message.Contains("got the tag 'los', expected one of: loss"));
    }

    /// <summary>
    /// Catches: what a dropped part of a run says of its end, or a text of it; an earlier histogram or text that is lost with a later one;
    /// an end that is not written because the hyperparameters are in an older file.
    /// </summary>
    [Test]
    public void What_a_resumed_run_replaces_is_dropped()
    {
        using TemporaryDirectory directory = new();
        using (EventLog log = new(directory.Path))
        {
            log.Hyperparameters(new Dictionary<string, HyperparameterValue> { ["rate"] = 0.5 }, []);
            foreach (long step in (long[])[4, 8])
            {
                log.Text("note", $"at {step}", step);
                log.Histogram<double>("w", [step], step);
            }
            log.Text("dropped", "later", 9);
            log.Outcome = RunOutcome.Failed;
        }
        EventLog resumed = EventLog.Resume(directory.Path, 6);
        resumed.Flush();
        RunRecord run = RunRecord.Load(directory.Path);
        Assert.That(run.Texts, Is.EqualTo(new Dictionary<string, (long, string)> { ["note"] = (4, "at 4") }));
        Assert.That(run.Histograms["w"].Step, Is.EqualTo(4));
        Assert.That(run.Outcome, Is.EqualTo(RunOutcome.Unknown));
        Assert.That(run.Hyperparameters, Has.Count.EqualTo(1));
        resumed.Outcome = RunOutcome.Succeeded;
        resumed.Dispose();
        Assert.That(RunRecord.Load(directory.Path).Outcome, Is.EqualTo(RunOutcome.Succeeded));
    }

    /// <summary>Catches: a search that goes round in circles.</summary>
    [Test]
    public void Links_are_not_followed()
    {
        using TemporaryDirectory directory = new();
        new EventLog(directory["run"]).Dispose();
        try
        {
            Directory.CreateSymbolicLink(directory["run/above"], directory.Path);
        }
        catch (IOException e) when (OperatingSystem.IsWindows())
        {
            Assert.Pass($"links need a right on Windows: {e.Message}");
        }
        Assert.That(RunRecord.Find(directory.Path), Is.EqualTo(new[] { directory["run"] }));
    }

    /// <summary>Catches: texts, hyperparameters, histograms or the outcome that are lost, and a tail that is not reported.</summary>
    [Test]
    public void It_holds_what_was_logged()
    {
        using TemporaryDirectory directory = new();
        string path;
        using (EventLog log = new(directory["a/run"]))
        {
            path = log.FilePath;
            log.Hyperparameters(new Dictionary<string, HyperparameterValue> { ["rate"] = 0.5, ["name"] = "x", ["on"] = false }, []);
            log.Text("note", "first", 1);
            log.Text("note", "last", 2);
            log.Histogram<double>("w", [1, 2], 1);
            log.Histogram<double>("w", [1, 2, 3], 2);
            log.Outcome = RunOutcome.Failed;
        }
        using (FileStream file = new(path, FileMode.Append))
        {
            file.Write([1, 2, 3]);
        }
        Assert.That(RunRecord.Find(directory.Path), Is.EqualTo(new[] { directory["a/run"] }));
        RunRecord run = RunRecord.Load(directory["a/run"]);
        Assert.That(run.Hyperparameters, Is.EqualTo(new Dictionary<string, HyperparameterValue>
        {
            ["rate"] = 0.5, ["name"] = "x", ["on"] = false,
        }));
        Assert.That(run.Texts["note"], Is.EqualTo((2L, "last")));
        Assert.That((run.Histograms["w"].Step, run.Histograms["w"].Summary.Count), Is.EqualTo((2L, 3.0)));
        Assert.That((run.Outcome, run.IncompleteBytes), Is.EqualTo((RunOutcome.Failed, 3L)));
        Assert.That(() => RunRecord.Load(directory.Path), Throws.ArgumentException.With.Message.Contains("with event files"));
    }

    /// <summary>Catches: a hyperparameter that can be read as what it is not.</summary>
    [Test]
    public void A_hyperparameter_is_of_one_kind()
    {
        HyperparameterValue number = 0.1, text = "x", boolean = true;
        Assert.That((number.Number, text.Text, boolean.Boolean), Is.EqualTo((0.1, "x", true)));
        Assert.That((number.ToString(), text.ToString(), boolean.ToString()), Is.EqualTo(("0.1", "x", "true")));
        Assert.That(() => number.Text, Throws.InvalidOperationException.With.Message.Contains("got Number '0.1', expected Text"));
        Assert.That(() => text.Boolean, Throws.InvalidOperationException);
        Assert.That(() => boolean.Number, Throws.InvalidOperationException);
        Assert.That(() => (HyperparameterValue)(string)null!, Throws.ArgumentNullException);
        Assert.That(default(HyperparameterValue), Is.EqualTo((HyperparameterValue)0.0));
    }

    private static void Log(EventLog log, int from, int to, double value)
    {
        for (int step = from; step < to; step++)
        {
            log.Scalar("loss", value, step);
        }
    }
}
