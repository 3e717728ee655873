using System.IO.Compression;
using System.Text;

namespace Engine.Tests.Persistence;

/// <summary>Archives of NumPy are read as it reads them, and written as it writes them.</summary>
public sealed class NpzTests
{
    /// <summary>The elements of the two arrays in two.npz.</summary>
    public static readonly double[][] Contents =
    [
        Golden.Load("npy/npy.json").GetProperty("two").GetProperty("a").ToDoubles(),
        [.. Golden.Load("npy/npy.json").GetProperty("two").GetProperty("b").EnumerateArray().SelectMany(static row => row.ToDoubles())],
    ];

    /// <summary>The arrays of two.npz in an archive that is compressed, as numpy.savez_compressed writes it.</summary>
    public static byte[] Compressed()
    {
        using ZipArchive sound = ZipFile.OpenRead(GoldenFiles.PathOf("npy/two.npz"));
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (ZipArchiveEntry entry in sound.Entries)
            {
                using Stream from = entry.Open(), to = archive.CreateEntry(entry.FullName, CompressionLevel.Optimal).Open();
                from.CopyTo(to);
            }
        }
        return stream.ToArray();
    }

    /// <summary>Catches: an array that is not found, or read from another's data.</summary>
    [Test]
    public void An_archive_of_NumPy_is_read_as_it_reads_it([Values] bool compressed)
    {
        using NpzFile file = compressed ? Npz.Open(new MemoryStream(Compressed())) : Npz.Open(GoldenFiles.PathOf("npy/two.npz"));
        Assert.That(file.Names, Is.EqualTo((string[])["a", "b"]));
        Assert.That(file.Read<double>("b").Shape, Is.EqualTo(new Shape(2, 3)));
        Assert.That(file.Read<double>("b").ToArray(), Is.EqualTo(Contents[1]));
        Assert.That(file.Read<double>("a").ToArray(), Is.EqualTo(Contents[0]));
        using NpyFile b = file.Open("b");
        long[] whole = new long[6];
        b.ReadInto(whole.AsSpan());
        b.ReadInto(whole.AsSpan()); // from the beginning again
        Assert.That((b.Type, whole.Sum()), Is.EqualTo((DataType.Int64, 15L)));
        Assert.That(() =>
            file.Read<float>("c"), Throws.InstanceOf<KeyNotFoundException>().With.Message.Contains("'c'").And.Message.Contains("a, b"));
    }

    /// <summary>Catches: any byte that differs from numpy.savez: a time, a system, a checksum.</summary>
    [Test]
    public void The_same_content_has_the_same_bytes()
    {
        using TemporaryDirectory directory = new();
        KeyValuePair<string, TensorContent>[] arrays =
            [new("a", Tensor<double>.From(Contents[0])), new("b", TensorContent.From<long>((long[])[0, 1, 2, 3, 4, 5], [2, 3]))];
        Npz.Write(directory["two.npz"], arrays);
        using MemoryStream stream = new();
        Npz.Write(stream, arrays);
        byte[] expected = File.ReadAllBytes(GoldenFiles.PathOf("npy/two.npz"));
        Assert.That(File.ReadAllBytes(directory["two.npz"]), Is.EqualTo(expected));
        Assert.That(stream.ToArray(), Is.EqualTo(expected));
    }

    /// <summary>Catches: numbers of arrays and names that the ordinary directory has no room for.</summary>
    [TestCase(0)]
    [TestCase(1)]
    [TestCase(70_000)]
    [Category("Slow")]
    public void Archives_of_any_number_are_read_again(int count)
    {
        using MemoryStream stream = new();
        TensorContent none = TensorContent.From<byte>(default, [0]);
        Npz.Write(stream, Enumerable.Range(0, count).Select(i => KeyValuePair.Create($"ä{i}/x", none)));
        using NpzFile file = Npz.Open(stream);
        Assert.That(file.Names, Has.Count.EqualTo(count));
        Assert.That(file.Names, Is.EqualTo(Enumerable.Range(0, count).Select(static i => $"ä{i}/x")));
        if (count > 0)
        {
            Assert.That(file.Read<float>($"ä{count - 1}/x").Shape, Is.EqualTo(new Shape(0)));
        }
    }

    /// <summary>The vector of the checksum's definition, also in pieces.</summary>
    [Test]
    public void The_checksum_is_that_of_IEEE_802_3()
    {
        Crc32 checksum = default;
        checksum.Append("1234"u8);
        checksum.Append("56789"u8);
        Assert.That(checksum.Value, Is.EqualTo(0xCBF43926));
    }

    private static IEnumerable<TestCaseData> Damaged()
    {
        byte[] sound = File.ReadAllBytes(GoldenFiles.PathOf("npy/two.npz"));
        yield return Row("empty", [], FileDefect.InvalidArchive);
        yield return Row("no archive", "nothing of the kind, nothing of the kind"u8.ToArray(), FileDefect.InvalidArchive);
        yield return Row("cut off", sound[..300], FileDefect.InvalidArchive);
        yield return Row("an element", Changed(sound, sound.AsSpan().LastIndexOf("PK\u0003\u0004"u8) - 1, 1), FileDefect.ChecksumMismatch);
        const byte tab = ' ' ^ '\t';
        yield return Row(
            "a blank in the header", Changed(sound, sound.AsSpan().IndexOf("(3,), }"u8) + 20, tab), FileDefect.ChecksumMismatch);
        byte[] compressed = Compressed();
        const int firstBlock = 35; // after the header and the name
        yield return Row("compressed data", Changed(compressed, firstBlock, (byte)~compressed[firstBlock]), FileDefect.InvalidArchive);
        yield return Row("a false length", Changed(sound, sound.AsSpan().LastIndexOf("a.npy"u8) - 20, 1), FileDefect.DataLength);
        yield return Row("a directory that says 4 GB", Large(sound), FileDefect.InvalidArchive);
        yield return Row("another file", Archive("a.npy", "readme.txt"), FileDefect.InvalidArchive);
        yield return Row("a name twice", Archive("a.npy", "a.npy"), FileDefect.DuplicateName);
        yield return Row("no array", Archive("a.npy"), FileDefect.HeaderTooShort);

        static byte[] Changed(byte[] file, int at, byte bits)
        {
            byte[] changed = [.. file];
            changed[at] ^= bits;
            return changed;
        }

        static byte[] Large(byte[] file)
        {
            byte[] changed = [.. file];
            int name = changed.AsSpan().LastIndexOf("a.npy"u8);
            "\u0000\u0000\u0000\u007F"u8.CopyTo(changed.AsSpan(name - 22)); // the length, not the compressed one
            return changed;
        }

        static byte[] Archive(params string[] names)
        {
            using MemoryStream stream = new();
            using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (string name in names)
                {
                    archive.CreateEntry(name).Open().Dispose();
                }
            }
            return stream.ToArray();
        }

        static TestCaseData Row(string name, byte[] file, FileDefect defect) => new TestCaseData(file, defect).SetArgDisplayNames(name);
    }

    /// <summary>Catches: damaged data that are read, lengths that are believed, exceptions that do not name the file.</summary>
    [TestCaseSource(nameof(Damaged))]
    public void Damaged_archives_are_refused(byte[] file, FileDefect defect)
    {
        using TemporaryDirectory directory = new();
        string path = directory["m.npz"];
        File.WriteAllBytes(path, file);
        MalformedFileException error = Assert.Throws<MalformedFileException>(() =>
        {
            using NpzFile archive = Npz.Open(path);
            archive.Names.ToList().ForEach(name => archive.Read<float>(name));
        })!;
        Assert.That(error.Defect, Is.EqualTo(defect), error.Message);
        Assert.That(error.Message, Does.StartWith(path));
        File.Move(path, directory["moved"]);
    }

    [Test]
    public void Names_that_no_archive_can_have_are_refused()
    {
        TensorContent one = Tensor<float>.From(1);
        Assert.That(() =>
            Npz.Write(Stream.Null, [new("a", one), new("a", one)]), Throws.ArgumentException.With.Message.Contains("'a.npy'"));
        Assert.That(() => Npz.Write(Stream.Null, [new("\udc00", one)]), Throws.ArgumentException.With.Message.Contains("surrogate"));
        Assert.That(
            () => Npz.Write(Stream.Null, [new(new string('x', 65_532), one)]),
            Throws.ArgumentException.With.Message.Contains(Encoding.UTF8.GetByteCount("x") * 65_536 + " bytes"));
        Assert.That(() => Npz.Write(Stream.Null, [new(null!, one)]), Throws.ArgumentNullException);
    }

    /// <summary>Catches: an array of a closed archive that is called damaged.</summary>
    [Test]
    public void A_closed_archive_says_so()
    {
        MemoryStream stream = new();
        Npz.Write(stream, [new("a", Tensor<float>.From(1, 2))]);
        NpzFile archive = Npz.Open(stream);
        NpyFile array = archive.Open("a");
        archive.Dispose();
        Assert.That(() => array.Read<float>(), Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(() => archive.Open("a"), Throws.InstanceOf<ObjectDisposedException>());
    }
}
