using System.Buffers;
using System.Globalization;
using Engine.Formats;
using Engine.Tests.Logging.Schemas;
using Google.Protobuf;

namespace Engine.Tests.Logging;

/// <summary>
/// Mutated event files. A file whose bytes were changed gives events of the unchanged one or a typed error; one whose records were changed
/// under right checksums gives what Google's Protocol Buffers finds in them, or a typed error.
/// </summary>
/// <remarks>
/// The environment variable ENGINE_FUZZ_FILES sets the number of files, 2,000 unless set. <c>docs/reliability.md</c> has the figures of one
/// long run.
/// </remarks>
[Category("Slow")]
public sealed class EventFileFuzzTests
{
    /// <summary>Beside twice the size of the file: the buffers, tables and lists that a reader has for any file.</summary>
    private const int FixedBytes = 16 * 1024;

    private static readonly int Files =
        int.Parse(Environment.GetEnvironmentVariable("ENGINE_FUZZ_FILES") ?? "2000", CultureInfo.InvariantCulture);

    /// <summary>
    /// Catches: a crash, a loop without end, an allocation that a file's numbers and not its size decide, damage that is read as data.
    /// </summary>
    [Test]
    public void Mutated_bytes_are_an_error_or_what_was_written()
    {
        (byte[] File, HashSet<string> Events)[] originals = [.. Originals().Select(static file => (file, EventsOf(file)))];
        int errors = 0, read = 0;
        double largest = 0;
        for (int i = 0; i < Files / 2; i++)
        {
            Draw draw = new(RandomKey.FromSeed(1).Fold(i));
            (byte[] original, HashSet<string> events) = originals[draw.Below(originals.Length)];
            byte[] mutated = Mutate(original, draw);
            (List<RunEvent> found, bool isError, long allocated) = Read(mutated);
            foreach (RunEvent one in found.Where(static one => one is not RunEvent.IncompleteRecord))
            {
                Assert.That(events, Does.Contain(EventText.Of(one)), $"file {i}");
            }
            (errors, read) = isError ? (errors + 1, read) : (errors, read + 1);
            Assert.That(allocated, Is.LessThanOrEqualTo(2 * mutated.Length + FixedBytes), $"file {i}");
            largest = Math.Max(largest, (allocated - FixedBytes) / (double)mutated.Length);
        }
        Report("bytes", errors, read, largest);
    }

    /// <summary>Catches: a malformed message that ends in another exception, and one that is read as another than it is.</summary>
    [Test]
    public void Mutated_messages_are_an_error_or_what_their_schema_says()
    {
        byte[][][] originals = [.. Originals().Select(static file => GoldenEvents.RecordsOf(file).ToArray())];
        int errors = 0, read = 0;
        double largest = 0;
        for (int i = 0; i < Files / 2; i++)
        {
            Draw draw = new(RandomKey.FromSeed(2).Fold(i));
            byte[][] records = originals[draw.Below(originals.Length)];
            byte[][] mutated = [.. records.Select(record => draw.Below(4) == 0 ? Mutate(record, draw) : record)];
            ArrayBufferWriter<byte> file = new();
            Array.ForEach(mutated, record => TfRecord.Write(file, record));
            (List<RunEvent> found, bool isError, long allocated) = Read(file.WrittenSpan.ToArray());
            (errors, read) = isError ? (errors + 1, read) : (errors, read + 1);
            Assert.That(allocated, Is.LessThanOrEqualTo(2 * file.WrittenCount + FixedBytes), $"file {i}");
            largest = Math.Max(largest, (allocated - FixedBytes) / (double)file.WrittenCount);
            Compare(found, isError, mutated, $"file {i}");
        }
        Report("messages", errors, read, largest);
    }

    private static void Report(string what, int errors, int read, double largest) => TestContext.Out.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"mutated {what}: {errors} files gave an error, {read} were read; at most {largest:F2} times a file's size was allocated"));

    private static (List<RunEvent> Found, bool IsError, long Allocated) Read(byte[] file)
    {
        List<RunEvent> found = new(256);
        using MemoryStream stream = new(file);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isError = false;
        try
        {
            foreach (RunEvent one in EventFile.Read(stream, "mutated"))
            {
                found.Add(one);
            }
        }
        catch (MalformedFileException)
        {
            isError = true;
        }
        return (found, isError, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    /// <summary>The events that the engine finds, against the same messages read by the published schema.</summary>
    private static void Compare(List<RunEvent> found, bool isError, byte[][] records, string what)
    {
        int next = 0;
        foreach (byte[] record in records)
        {
            if (isError && next == found.Count)
            {
                return; // the records after the error are not read
            }
            Event expected;
            try
            {
                expected = Event.Parser.ParseFrom(record);
            }
            catch (InvalidProtocolBufferException)
            {
                // known fields are checked by both, others by Google's parser alone: groups, and what is inside what the engine skips
                return;
            }
            if (expected.WhatCase != Event.WhatOneofCase.Summary)
            {
                next += expected.WhatCase == Event.WhatOneofCase.None && HasNoContent(record) ? 0 : 1;
                continue;
            }
            foreach (Summary.Types.Value value in expected.Summary.Value)
            {
                if (next == found.Count)
                {
                    Assert.That(isError, Is.True, what);
                    return;
                }
                RunEvent one = found[next++];
                Assert.That(
                    (BitConverter.DoubleToInt64Bits(one.WallTime), one.Step),
                    Is.EqualTo((BitConverter.DoubleToInt64Bits(expected.WallTime), expected.Step)), what);
                switch (one)
                {
                    case RunEvent.Scalar scalar when value.ValueCase == Summary.Types.Value.ValueOneofCase.SimpleValue:
                        Assert.That(scalar.Tag, Is.EqualTo(value.Tag), what);
                        int expectedBits = BitConverter.SingleToInt32Bits(value.SimpleValue);
                        Assert.That(BitConverter.SingleToInt32Bits(scalar.Value), Is.EqualTo(expectedBits), what);
                        break;
                    case RunEvent.Histogram histogram:
                        Assert.That(histogram.Tag, Is.EqualTo(value.Tag), what);
                        Assert.That(histogram.Summary.Counts.Select(Bits), Is.EqualTo(value.Histo.Bucket.Select(Bits)), what);
                        Assert.That(histogram.Summary.Limits.Select(Bits), Is.EqualTo(value.Histo.BucketLimit.Select(Bits)), what);
                        break;
                    case RunEvent.Image image when value.ValueCase == Summary.Types.Value.ValueOneofCase.Image:
                        Assert.That(image.Encoded.ToArray(), Is.EqualTo(value.Image.EncodedImageString.ToByteArray()), what);
                        break;
                }
            }
        }
    }

    private static long Bits(double value) => BitConverter.DoubleToInt64Bits(value);

    /// <summary>Whether a message has no field of an event's content, nor one that the schema of the tests lacks.</summary>
    private static bool HasNoContent(byte[] record)
    {
        ProtobufReader reader = new(record);
        while (reader.Next())
        {
            if (reader.Field is >= 3 and <= 9)
            {
                return false;
            }
            reader.Skip();
        }
        return true;
    }

    private static HashSet<string> EventsOf(byte[] file) => [.. EventFileTests.Read(file).Select(EventText.Of)];

    private static IEnumerable<byte[]> Originals()
    {
        foreach (string name in GoldenEvents.Names)
        {
            yield return File.ReadAllBytes(GoldenEvents.PathOf(name));
        }
        yield return EventLogTests.Write(static log =>
        {
            log.Hyperparameters(new Dictionary<string, HyperparameterValue> { ["rate"] = 0.1, ["rule"] = "Adam", ["on"] = true }, ["loss"]);
            for (int i = 0; i < 20; i++)
            {
                log.Scalar("loss/training", 1.0 / (i + 1), i);
            }
            log.Histogram<double>("w", [-3, -0.5, 0, 1e-3, 7], 1);
            log.Image("picture", new LogImage(4, 4, 1, new byte[16]), 2);
            log.Text("note", "some text", 3);
        });
    }

    /// <summary>One to four changes: a bit, a byte, a piece removed, repeated or cut off.</summary>
    private static byte[] Mutate(byte[] original, Draw draw)
    {
        List<byte> bytes = [.. original];
        for (int changes = 1 + draw.Below(4); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = draw.Below(bytes.Count), length = Math.Min(1 + draw.Below(40), bytes.Count - at);
            switch (draw.Below(6))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << draw.Below(8));
                    break;
                case 1:
                    bytes[at] = (byte)draw.Below(256);
                    break;
                case 2:
                    bytes[at] = (byte)(draw.Below(2) == 0 ? 0xFF : 0);
                    break;
                case 3:
                    bytes.RemoveRange(at, length);
                    break;
                case 4:
                    bytes.InsertRange(draw.Below(bytes.Count + 1), bytes.GetRange(at, length));
                    break;
                default:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
            }
        }
        return [.. bytes];
    }

    /// <summary>Numbers of a key, one after the other.</summary>
    private sealed class Draw(RandomKey key)
    {
        private readonly double[] _numbers = new double[1];
        private int _count;

        public int Below(int bound)
        {
            key.Fold(_count++).FillUniform(_numbers.AsSpan(), 0, 1);
            return Math.Min((int)(_numbers[0] * bound), bound - 1);
        }
    }
}
