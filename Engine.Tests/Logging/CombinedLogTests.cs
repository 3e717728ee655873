namespace Engine.Tests.Logging;

/// <summary>Several logs as one.</summary>
public sealed class CombinedLogTests
{
    private static readonly string[] Expected =
        ["loss 1 2", "w 3 4", "picture 1 5", "note text 6", "rate loss", "flush", "dispose"];

    /// <summary>Catches: a call that does not reach one of the logs, or with other arguments.</summary>
    [Test]
    public void Every_call_reaches_every_log()
    {
        RecordingLog[] logs = [new(), new()];
        foreach (Action call in Calls(new CombinedLog(logs)))
        {
            call();
        }
        Assert.That(logs.Select(static log => log.Calls), Is.All.EqualTo(Expected));
    }

    /// <summary>Catches: a log that receives nothing because the one before it failed, and an error that is lost.</summary>
    [Test]
    public void A_log_that_fails_does_not_harm_the_others()
    {
        RecordingLog failing = new(failsAt: 1), sound = new(), another = new(failsAt: 1);
        foreach (Action call in Calls(new CombinedLog(failing, sound)))
        {
            Assert.That(call, Throws.InstanceOf<IOException>().With.Message.StartsWith("no space for"));
        }
        Assert.That(sound.Calls, Is.EqualTo(Expected));
        foreach (Action call in Calls(new CombinedLog(failing, sound, another)))
        {
            Assert.That(
                call, Throws.InstanceOf<AggregateException>().With.Property(nameof(AggregateException.InnerExceptions)).Count.EqualTo(2));
        }
        Assert.That(sound.Calls, Has.Count.EqualTo(2 * Expected.Length));
    }

    /// <summary>Catches: an allocation for each entry.</summary>
    [Test]
    public void A_warm_call_allocates_nothing()
    {
        using CombinedLog log = new(new EventLog(Stream.Null, "nothing", new RunLogOptions()), new CsvLog(
            Stream.Null, "nothing", new RunLogOptions(), isNew: true));
        Warm.AllocatesNothing(() => log.Scalar("loss", 1, 2));
    }

    private static Action[] Calls(CombinedLog log) =>
    [
        () => log.Scalar("loss", 1, 2),
        () => log.Histogram<float>("w", [1, 2, 3], 4),
        () => log.Image("picture", new LogImage(1, 1, 1, [0]), 5),
        () => log.Text("note", "text", 6),
        () => log.Hyperparameters(new Dictionary<string, HyperparameterValue> { ["rate"] = 1.0 }, ["loss"]),
        log.Flush,
        log.Dispose,
    ];
}
