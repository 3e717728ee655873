namespace Engine.Tests.Logging;

/// <summary>What all logs promise that are files: no waiting, no lost errors, no allocation.</summary>
public sealed class FileLogTests
{
    private static readonly RunLogOptions Options = new() { FlushInterval = TimeSpan.FromMilliseconds(5) };

    private static IEnumerable<Func<Stream, RunLogOptions, FileLog>> Logs =>
    [
        static (stream, options) => new EventLog(stream, "a file", options),
        static (stream, options) => new CsvLog(stream, "a file", options, isNew: true),
        static (stream, options) => new JsonLinesLog(stream, "a file", options),
    ];

    /// <summary>Catches: an error of the writing thread that is lost, ends the process, or leaves the stream open.</summary>
    [TestCaseSource(nameof(Logs))]
    public void An_error_comes_with_the_next_call(Func<Stream, RunLogOptions, FileLog> create)
    {
        TroubledStream stream = new(failsAfter: 200);
        FileLog log = create(stream, Options);
        IOException? error = Assert.Throws<IOException>(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                log.Scalar("loss", i, i);
            }
            log.Flush();
        });
        Assert.That(error!.Message, Is.EqualTo("RunLog: a file: writing failed, and nothing more is written: No space left on device"));
        Assert.That(error.InnerException, Is.InstanceOf<IOException>());
        Assert.That(() => log.Scalar("loss", 1, 1), Throws.InstanceOf<IOException>(), "every later call too");
        Assert.That(log.Flush, Throws.InstanceOf<IOException>());
        Assert.That(log.Dispose, Throws.Nothing, "it has been said");
        Assert.That(stream.IsDisposed, Is.True);
    }

    /// <summary>Catches: an error that is lost because no call follows it.</summary>
    [TestCaseSource(nameof(Logs))]
    public void An_error_that_no_call_has_thrown_comes_at_the_end(Func<Stream, RunLogOptions, FileLog> create)
    {
        TroubledStream stream = new(failsAfter: 10);
        FileLog log = create(stream, new RunLogOptions { FlushInterval = TimeSpan.FromHours(1) });
        log.Scalar("loss", 1, 1);
        Assert.That(log.Dispose, Throws.InstanceOf<IOException>().With.Message.Contains("No space left on device"));
        Assert.That(log.Dispose, Throws.Nothing, "a second time");
        Assert.That(stream.IsDisposed, Is.True);
    }

    /// <summary>Catches: a call that waits for the disk, memory without bound, dropped entries that nobody counts or hears of.</summary>
    [TestCaseSource(nameof(Logs))]
    public void A_disk_that_hangs_does_not_stop_the_training(Func<Stream, RunLogOptions, FileLog> create)
    {
        TroubledStream stream = new();
        stream.Released.Reset();
        FileLog log = create(stream, Options with { Capacity = 4096 });
        for (int i = 0; i < 1000; i++)
        {
            log.Scalar("loss", i, i); // would never return if it waited
        }
        Assert.That(log.DroppedEntries, Is.InRange(500, 995));
        long dropped = log.DroppedEntries;
        stream.Released.Set();
        Assert.That(
            log.Dispose, Throws.InstanceOf<IOException>().With.Message.Contains($"got {dropped} entries while 4096 bytes were waiting"));
        Assert.That(stream.ToArray(), Has.Length.InRange(1000, 2 * 4096 + 200));
    }

    /// <summary>Catches: entries that stay in memory until the log is closed.</summary>
    [TestCaseSource(nameof(Logs))]
    public void Entries_are_written_after_the_interval(Func<Stream, RunLogOptions, FileLog> create)
    {
        using TroubledStream stream = new();
        using FileLog log = create(stream, Options);
        log.Scalar("loss", 1, 1);
        Assert.That(() => stream.Length, Is.GreaterThan(0).After(10_000, 5));
    }

    /// <summary>Catches: an allocation in each call, which would collect garbage in a training loop.</summary>
    [TestCaseSource(nameof(Logs))]
    public void A_warm_call_allocates_nothing(Func<Stream, RunLogOptions, FileLog> create)
    {
        using FileLog log = create(Stream.Null, Options with { FlushInterval = TimeSpan.FromHours(1) });
        float[] values = [.. Enumerable.Range(0, 300).Select(static i => i / 100f)];
        long step = 0;
        Warm.AllocatesNothing(
            () =>
            {
                log.Scalar("loss/training", 1.25 / (1 + step), step);
                log.Scalar("loss/training", double.NaN, step);
                log.Histogram<float>("weights", values, step++);
                if (step % 5 == 0)
                {
                    log.Flush();
                }
            },
            steps: 50);
    }

    /// <summary>Catches: entries that nobody can read, a closed log that takes entries, a second set of hyperparameters.</summary>
    [TestCaseSource(nameof(Logs))]
    public void Wrong_calls_are_refused(Func<Stream, RunLogOptions, FileLog> create)
    {
        MemoryStream stream = new();
        FileLog log = create(stream, Options);
        Dictionary<string, HyperparameterValue> none = [];
        Assert.Multiple(() =>
        {
            Assert.That(() => log.Scalar("", 1, 1), Throws.ArgumentException.With.Message.Contains("got an empty name or tag"));
            Assert.That(() => log.Histogram<float>("x", [], 1), Throws.ArgumentException.With.Message.Contains("got no values for 'x'"));
            Assert.That(() => log.Image("x", null!, 1), Throws.ArgumentNullException);
            Assert.That(() => log.Text("x", null!, 1), Throws.ArgumentNullException);
            Assert.That(() => log.Hyperparameters(none, [""]), Throws.ArgumentException);
        });
        log.Hyperparameters(none, []);
        Assert.That(() => log.Hyperparameters(none, []), Throws.InvalidOperationException.With.Message.Contains("a second time"));
        log.Dispose();
        byte[] written = stream.ToArray();
        Assert.That(() => log.Scalar("x", 1, 1), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(log.Flush, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(stream.ToArray(), Is.EqualTo(written));
    }

    [Test]
    public void Options_have_ranges()
    {
        Assert.That(
            () => new RunLogOptions { Capacity = 1 },
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("got 1, expected at least 1024"));
        Assert.That(
            () => new RunLogOptions { FlushInterval = TimeSpan.Zero },
            Throws.InstanceOf<ArgumentOutOfRangeException>().With.Message.Contains("expected 1 ms to 1 day"));
    }
}
