using System.Text.Json;

namespace Engine.Tests.Logging;

/// <summary>The reader of event files: files of other programs, damaged and growing ones.</summary>
public sealed class EventFileTests
{
    private static IReadOnlyList<string> Files => GoldenEvents.Names;

    /// <summary>
    /// Catches: a field read by the wrong number or type, a plugin that is not recognized, a file of PyTorch's that cannot be read. What
    /// TensorBoard's own reader finds is the oracle.
    /// </summary>
    [TestCaseSource(nameof(Files))]
    public void It_finds_what_TensorBoard_finds(string name)
    {
        RunEvent[] found = [.. EventFile.Read(GoldenEvents.PathOf(name))];
        JsonElement[] expected = GoldenEvents.EventsOf(name);
        Assert.That(found, Has.Length.EqualTo(expected.Length).And.Length.GreaterThan(1));
        for (int i = 0; i < found.Length; i++)
        {
            Compare(found[i], expected[i]);
        }
    }

    /// <summary>Catches: a partial record that is taken for a whole one or for damage, and whole ones that are lost before it.</summary>
    [Test]
    public void A_file_that_ends_anywhere_gives_its_whole_records()
    {
        byte[] file = SmallFile(out List<long> ends);
        string[] all = [.. Read(file).Select(EventText.Of)];
        for (int length = 0; length <= file.Length; length++)
        {
            RunEvent[] read = [.. Read(file[..length])];
            int whole = ends.Count(end => end <= length);
            long rest = length - (whole == 0 ? 0 : ends[whole - 1]);
            Assert.That(read.Take(whole).Select(EventText.Of), Is.EqualTo(all[..whole]), $"{length} bytes");
            Assert.That(
                read.Skip(whole),
                rest == 0 ? Is.Empty : Is.EqualTo(new[] { new RunEvent.IncompleteRecord(length - rest, rest) }), $"{length} bytes");
        }
    }

    /// <summary>
    /// Catches: damage that is read as if it were right, or that is reported without its place. Every bit of the second record is flipped
    /// in turn.
    /// </summary>
    [Test]
    public void A_flipped_bit_is_an_error_with_the_place_of_its_record()
    {
        byte[] file = SmallFile(out List<long> ends);
        for (long bit = 8 * ends[0]; bit < 8 * ends[1]; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << (int)(bit % 8));
            List<RunEvent> before = [];
            MalformedFileException? error = Assert.Throws<MalformedFileException>(() => before.AddRange(Read(damaged)), $"bit {bit}");
            Assert.That(error!.Offset, Is.EqualTo(ends[0]));
            Assert.That(error.Path, Is.EqualTo("memory"));
            Assert.That(error.Message, Does.Match("memory, byte [0-9]+: got the checksum [0-9A-F]{8} of the record's (length|data), "));
        }
    }

    /// <summary>Catches: a reader that stops for good at the end of a file that is being written, or that locks it.</summary>
    [Test]
    public void A_file_can_be_read_while_it_is_written()
    {
        using TemporaryDirectory directory = new();
        using EventLog log = new(directory.Path);
        for (int i = 1; i <= 3; i++)
        {
            log.Scalar("loss", i, i);
            log.Flush();
            Assert.That(EventFile.Read(log.FilePath).OfType<RunEvent.Scalar>().Count(), Is.EqualTo(i));
        }
    }

    /// <summary>Catches: an allocation of what a length claims, and a length that overflows when the framing is added to it.</summary>
    [TestCase(1000)]
    [TestCase(int.MaxValue)]
    [TestCase(long.MaxValue)]
    [TestCase(-1L)]
    [TestCase(-16L)]
    public void A_length_beyond_the_file_is_an_unfinished_record(long length)
    {
        byte[] header = new byte[12 + 20];
        BitConverter.TryWriteBytes(header, length);
        BitConverter.TryWriteBytes(header.AsSpan(8), Engine.Formats.Crc32C.Masked(header.AsSpan(0, 8)));
        long before = GC.GetAllocatedBytesForCurrentThread();
        RunEvent only = Read(header).Single();
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(20_000));
        Assert.That(only, Is.EqualTo(new RunEvent.IncompleteRecord(0, header.Length)));
    }

    /// <summary>Catches: a message that is no event and is read as one, or ends the program with another exception.</summary>
    [TestCase("09", "got 0 bytes for field 1, expected 8")]
    [TestCase("0A00", "got the wire type 2 of field 1, expected 1")]
    [TestCase("10FFFFFFFFFFFFFFFFFFFF01", "does not end within 10 bytes")]
    [TestCase("1A05", "got the length 5 of field 3, expected at most the 0 bytes that are left")]
    [TestCase("1A01FF", "got text that is not UTF-8 at byte 0")]
    [TestCase("0B", "got the wire type 3 of field 1")]
    [TestCase("00", "got the field number 0")]
    [TestCase("2A002A00", "got the fields 5 and 5 of a choice, expected one of them")]
    [TestCase("2A0C0A0A1500000000150000003F", "got the fields 2 and 2 of a choice")]
    [TestCase("2A0D0A0B2A093A0700000000000000", "got 7 bytes of doubles")]
    [TestCase("2A0E0A0C2A0A32080000000000000000", "got a histogram of 1 limits and 0 counts")]
    public void A_malformed_message_is_an_error(string message, string reason)
    {
        System.Buffers.ArrayBufferWriter<byte> file = new();
        Engine.Formats.TfRecord.Write(file, Convert.FromHexString(message));
        Assert.That(
            () => Read(file.WrittenSpan.ToArray()).ToArray(),
            Throws.InstanceOf<MalformedFileException>().With.Message.StartsWith("memory, byte 0: ")
                .And.Message.Contains(reason));
    }

    /// <summary>Catches: an empty record, or a field of a later version, that is taken for damage.</summary>
    [TestCase("", 0)]
    [TestCase("F80107", 0)]
    [TestCase("090000000000000040", 0)]
    [TestCase("3200", 1)]
    public void What_is_not_known_is_skipped(string message, int events)
    {
        System.Buffers.ArrayBufferWriter<byte> file = new();
        Engine.Formats.TfRecord.Write(file, Convert.FromHexString(message));
        Assert.That(Read(file.WrittenSpan.ToArray()).Count(), Is.EqualTo(events));
    }

    /// <summary>Catches: a histogram whose numbers are not packed, which proto2 writers make, that is read wrong.</summary>
    [Test]
    public void Numbers_need_not_be_packed()
    {
        string one = Convert.ToHexString(BitConverter.GetBytes(1.0)), two = Convert.ToHexString(BitConverter.GetBytes(2.0));
        string histogram = $"31{one}31{two}39{two}39{one}";
        System.Buffers.ArrayBufferWriter<byte> file = new();
        Engine.Formats.TfRecord.Write(file, Convert.FromHexString($"2A280A262A24{histogram}"));
        HistogramSummary summary = Read(file.WrittenSpan.ToArray()).OfType<RunEvent.Histogram>().Single().Summary;
        Assert.That(summary.Limits, Is.EqualTo(new[] { 1.0, 2 }));
        Assert.That(summary.Counts, Is.EqualTo(new[] { 2.0, 1 }));
    }

    [TestCase("events.out.tfevents.0123456789.host", true)]
    [TestCase("/a/tfevents.1", true)]
    [TestCase("/tfevents/a.csv", false)]
    [TestCase("events.out.tfevents.1.profile-empty", false)]
    public void Event_files_are_known_by_their_name(string path, bool isEventFile) =>
        Assert.That(EventFile.IsEventFile(path), Is.EqualTo(isEventFile));

    internal static IEnumerable<RunEvent> Read(byte[] file) => EventFile.Read(new MemoryStream(file), "memory");

    private static byte[] SmallFile(out List<long> ends)
    {
        using MemoryStream stream = new();
        ends = [];
        EventEncoder encoder = new();
        stream.Write(encoder.FileVersion(DateTimeOffset.UnixEpoch.AddSeconds(1), 0));
        ends.Add(stream.Length);
        stream.Write(encoder.Scalar(DateTimeOffset.UnixEpoch.AddSeconds(2), 3, "loss", 0.5));
        ends.Add(stream.Length);
        stream.Write(encoder.Text(DateTimeOffset.UnixEpoch.AddSeconds(4), 5, "note", "text"));
        ends.Add(stream.Length);
        return stream.ToArray();
    }

    private static void Compare(RunEvent found, JsonElement expected)
    {
        if (expected.TryGetProperty("file_version", out JsonElement version))
        {
            Assert.That(((RunEvent.FileVersion)found).Version, Is.EqualTo(version.GetString()));
            return;
        }
        Assert.That(found.Step, Is.EqualTo(expected.GetProperty("step").GetInt64()));
        Assert.That(found.WallTime, Is.EqualTo(expected.GetProperty("wall_time").GetDouble()));
        string tag = expected.GetProperty("tag").GetString()!;
        string plugin = expected.GetProperty("plugin").GetString()!;
        switch (found)
        {
            case RunEvent.Scalar scalar:
                Assert.That((plugin, scalar.Tag), Is.EqualTo(("scalars", tag)));
                Assert.That((double)scalar.Value, Is.EqualTo(expected.GetProperty("tensor")[0].GetDouble()));
                break;
            case RunEvent.Histogram histogram:
                Assert.That((plugin, histogram.Tag), Is.EqualTo(("histograms", tag)));
                // TensorBoard drops the empty outer intervals
                int rows = expected.GetProperty("tensor_shape")[0].GetInt32();
                double[] counts = [.. histogram.Summary.Counts];
                int first = Array.FindIndex(counts, static count => count > 0);
                int last = Array.FindLastIndex(counts, static count => count > 0);
                Assert.That(last - first + 1, Is.EqualTo(rows));
                break;
            case RunEvent.Image image:
                Assert.That((plugin, image.Tag), Is.EqualTo(("images", tag)));
                break;
            case RunEvent.Text text:
                Assert.That((plugin, text.Tag), Is.EqualTo(("text", tag)));
                break;
            case RunEvent.Hyperparameters hyperparameters:
                Assert.That((plugin, tag), Is.EqualTo(("hparams", "_hparams_/session_start_info")));
                Assert.That(hyperparameters.Values, Is.EqualTo(new Dictionary<string, HyperparameterValue>
                {
                    ["optimizer"] = "adam", ["lr"] = 0.1, ["nesterov"] = 1.0,
                }));
                break;
            case RunEvent.ComparedMetrics metrics:
                Assert.That((plugin, tag), Is.EqualTo(("hparams", "_hparams_/experiment")));
                Assert.That(metrics.Tags, Is.EqualTo(new[] { "hparam/accuracy" }));
                break;
            case RunEvent.Ended ended:
                Assert.That((plugin, tag), Is.EqualTo(("hparams", "_hparams_/session_end_info")));
                Assert.That(ended.Outcome, Is.EqualTo(RunOutcome.Succeeded));
                break;
            default:
                Assert.Fail($"got {found}, expected an event of the plugin {plugin}");
                break;
        }
    }
}
