using System.Buffers.Binary;

namespace Engine.Tests.Data;

/// <summary>IDX files: every type of element, plain and compressed, and the errors of those that are wrong.</summary>
public sealed class IdxTests
{
    private static readonly byte[] Small = [0, 0, 0x08, 2, 0, 0, 0, 2, 0, 0, 0, 3, 0, 51, 102, 153, 204, 255];

    private static IEnumerable<TestCaseData> Types()
    {
        yield return Case(0x08, [0, 1, 255], [0x00, 0x01, 0xFF]);
        yield return Case(0x09, [0, 1, -1], [0x00, 0x01, 0xFF]);
        yield return Case(0x0B, [258, -2, 0], [0x01, 0x02, 0xFF, 0xFE, 0, 0]);
        yield return Case(0x0C, [16909060, -2, 0], [1, 2, 3, 4, 0xFF, 0xFF, 0xFF, 0xFE, 0, 0, 0, 0]);
        yield return Case(0x0D, [1, -2.5, 0], [0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0, 0, 0, 0, 0]);
        yield return Case(0x0E, [1, -2.5, 0], [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);

        static TestCaseData Case(byte type, double[] values, byte[] bytes) =>
            new TestCaseData(type, values, bytes).SetArgDisplayNames($"type {type:X2}");
    }

    /// <summary>Catches: the lowest byte first, a type that is taken for another, an unsigned number that is signed.</summary>
    [TestCaseSource(nameof(Types))]
    public void EveryTypeIsRead(byte type, double[] values, byte[] bytes)
    {
        byte[] file = [0, 0, type, 1, 0, 0, 0, 3, .. bytes];
        Assert.That(Read(file).ToArray(), Is.EqualTo(values));
        Assert.That(Read(Gzip.Pack(file)).ToArray(), Is.EqualTo(values));
        if (type < 0x0D && values.All(value => value >= 0))
        {
            Assert.That(Idx.ReadLabels(new MemoryStream(file)), Is.EqualTo(values));
        }
    }

    /// <summary>Catches: another shape, and pixels that are not divided in the precision of the elements.</summary>
    [Test]
    public void ImagesHaveTheShapeAndScale()
    {
        Tensor<float> images = Idx.Read<float>(new MemoryStream(Small), divisor: 255);
        Assert.That(images.Shape, Is.EqualTo(new Shape(2, 3)));
        Assert.That(images.ToArray(), Is.EqualTo((float[])[0, 51 / 255f, 102 / 255f, 153 / 255f, 204 / 255f, 1]));
    }

    /// <summary>Catches: a file that is cut short and read as fewer or as black images.</summary>
    [Test]
    public void AFileCutShortAnywhereIsAnError([Values(false, true)] bool isPacked)
    {
        byte[] whole = isPacked ? Gzip.Pack(Small) : Small;
        for (int length = 0; length < whole.Length; length++)
        {
            Assert.That(
                () => Read(whole[..length]), Throws.TypeOf<InvalidDataException>().With.Message.Contains("Idx: test.idx"),
                $"cut to {length} bytes");
        }
        Assert.That(() => Read(Small[..15]), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            "Idx: test.idx, byte 15: got the end of the file, expected 3 more bytes of elements."));
        Assert.That(() => Read(Small[..6]), Throws.TypeOf<InvalidDataException>().With.Message.EqualTo(
            "Idx: test.idx, byte 6: got the end of the file, expected the extent of a dimension."));
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        yield return Case([0x89, (byte)'P', (byte)'N', (byte)'G'], "byte 0: got the magic number 89504E47, expected 00 00, a type");
        yield return Case([0, 0, 0x0A, 1, 0, 0, 0, 0], "byte 0: got the magic number 00000A01");
        yield return Case([1, 0, 8, 1, 0, 0, 0, 0], "byte 0: got the magic number 01000801");
        yield return Case([0, 0, 8, 0], "byte 3: got 0 dimensions, expected 1 to 6");
        yield return Case([0, 0, 8, 7], "byte 3: got 7 dimensions, expected 1 to 6");
        yield return Case([0, 0, 8, 2, 0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFF], "byte 8: got the extents [1, -1]");
        yield return Case([0, 0, 8, 2, 0x7F, 0xFF, 0, 0, 0x7F, 0xFF, 0, 0], "byte 8: got the extents [2147418112, 2147418112]");
        yield return Case([0, 0, 14, 1, 0x20, 0, 0, 0], "byte 4: got the extents [536870912]");
        yield return Case([.. Small, 7], "byte 18: got further bytes, expected the end of the file");
        yield return Case([0, 0, 13, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0x7F, 0xC0, 0, 0], "byte 12: got NaN, expected finite numbers");

        static TestCaseData Case(byte[] bytes, string message) => new TestCaseData(bytes, message).SetArgDisplayNames(message);
    }

    /// <summary>Catches: a wrong file that is read, a product of extents that overflows, an error without the place.</summary>
    [TestCaseSource(nameof(Malformed))]
    public void AWrongFileIsAnErrorThatSaysWhere(byte[] bytes, string message) =>
        Assert.That(() => Read(bytes), Throws.TypeOf<InvalidDataException>().With.Message.Contains(message));

    /// <summary>Catches: memory for what the header of a small file promises.</summary>
    [Test]
    public void AHeaderThatPromisesMuchAllocatesLittle()
    {
        byte[] file = [0, 0, 8, 1, 0x7F, 0, 0, 0, 1, 2, 3];
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.That(() => Read(file), Throws.TypeOf<InvalidDataException>());
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1_000_000));
    }

    /// <summary>Catches: any other exception, for any bytes after a right beginning.</summary>
    [Test]
    public void AnyBytesAreATensorOrAnError()
    {
        RandomKey key = RandomKey.FromSeed(6);
        int read = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            RandomKey random = key.Fold(trial);
            byte[] bytes = [.. Small];
            for (int change = 0; change < 3; change++)
            {
                bytes[(int)(random.Uniform(2 * change) * bytes.Length)] = (byte)(random.Uniform(2 * change + 1) * 256);
            }
            try
            {
                Assert.That(Read(bytes).Length, Is.LessThanOrEqualTo(bytes.Length));
                read++;
            }
            catch (InvalidDataException exception)
            {
                Assert.That(exception.Message, Does.StartWith("Idx: test.idx, byte"));
            }
        }
        Assert.That(read, Is.GreaterThan(20), "some are files");
    }

    /// <summary>Catches: labels that are not whole, negative, or a table; inputs and labels of unlike number.</summary>
    [Test]
    public void LabelsAreWholeNumbersInOneDimension()
    {
        Assert.That(() => Idx.ReadLabels(new MemoryStream(Small)), Message("got Byte numbers in 2 dimensions, expected labels"));
        Assert.That(
            () => Idx.ReadLabels(new MemoryStream([0, 0, 13, 1, 0, 0, 0, 1, 0, 0, 0, 0])), Message("got Single numbers in 1 dimensions"));
        Assert.That(
            () => Idx.ReadLabels(new MemoryStream([0, 0, 11, 1, 0, 0, 0, 2, 0, 1, 0xFF, 0xFF])), Message("byte 10: got the label -1"));
        Assert.That(() => Idx.Read<float>(new MemoryStream(Small), divisor: 0), Throws.InstanceOf<ArgumentException>()
            .With.Message.Contains("got divisor = 0, expected a finite number other than 0"));

        static NUnit.Framework.Constraints.IResolveConstraint Message(string text) =>
            Throws.TypeOf<InvalidDataException>().With.Message.Contains(text);
    }

    /// <summary>Catches: a chunk that is lost or doubled in a file that is longer than one.</summary>
    [Test]
    public void ALargeFileIsReadWhole()
    {
        byte[] file = new byte[8 + 300_001];
        file[2] = 8;
        file[3] = 1;
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(4), 300_001);
        for (int i = 0; i < 300_001; i++)
        {
            file[8 + i] = (byte)(i * 31 >> 3);
        }
        Assert.That(Idx.ReadLabels(new MemoryStream(file)).Index(), Has.All.Matches<(int I, int Label)>(
            item => item.Label == (byte)(item.I * 31 >> 3)));
        Assert.That(Read(Gzip.Pack(file)).ToArray(), Is.EqualTo(file[8..].Select(value => (double)value)));
    }

    /// <summary>Catches: labels beside the wrong inputs; files of unlike length that are read as far as they go.</summary>
    [Test]
    public void InputsAndLabelsMakeADataSet()
    {
        string folder = Directory.CreateTempSubdirectory("idx").FullName;
        try
        {
            string images = Path.Combine(folder, "images"), labels = Path.Combine(folder, "labels");
            File.WriteAllBytes(images, Gzip.Pack(Small));
            File.WriteAllBytes(labels, [0, 0, 8, 1, 0, 0, 0, 2, 9, 4]);
            Dataset<double> data = Idx.ReadDataset<double>(images, labels, divisor: 51);
            Assert.That(data.Inputs.ToArray(), Is.EqualTo((double[])[0, 1, 2, 3, 4, 5]));
            Assert.That(data.Labels.ToArray(), Is.EqualTo((int[])[9, 4]));
            Assert.That(data.ClassCount, Is.EqualTo(10));
            Assert.That(Idx.ReadLabels(labels), Is.EqualTo((int[])[9, 4]));
            Assert.That(Idx.Read<double>(images).Shape, Is.EqualTo(new Shape(2, 3)));
            File.WriteAllBytes(labels, [0, 0, 8, 1, 0, 0, 0, 1, 9]);
            Assert.That(
                () => Idx.ReadDataset<double>(images, labels),
                Throws.TypeOf<InvalidDataException>().With.Message.Contains("[2, 3] in images and 1 labels in labels"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Tensor<double> Read(byte[] bytes) => Idx.Read<double>(new MemoryStream(bytes), name: "test.idx");
}
