using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Engine.Tests.Persistence;

/// <summary>Files of the safetensors package are read as it reads them, and written as it writes them.</summary>
public sealed class SafetensorsTests
{
    private static readonly Dictionary<string, DataType> s_torchTypes = new()
    {
        ["torch.float32"] = DataType.Float32, ["torch.float64"] = DataType.Float64, ["torch.float16"] = DataType.Float16,
        ["torch.bfloat16"] = DataType.BFloat16, ["torch.int64"] = DataType.Int64, ["torch.bool"] = DataType.Bool,
    };

    /// <summary>Catches: any type, shape, name or element that is not what the package's own reader finds.</summary>
    [Test]
    public void The_sample_is_read_as_its_own_reader_reads_it()
    {
        using SafetensorsFile file = Safetensors.Open(GoldenFiles.PathOf("safetensors/sample.safetensors"));
        JsonProperty[] expected = [.. Golden.Load("safetensors/sample.json").EnumerateObject()];
        Assert.That(file.Tensors.Select(static tensor => tensor.Name), Is.EquivalentTo(expected.Select(static tensor => tensor.Name)));
        Assert.That(file.Metadata, Is.EquivalentTo(new Dictionary<string, string>
        {
            ["step"] = "17", ["note"] = "made by the safetensors package",
        }));
        foreach (JsonProperty tensor in expected)
        {
            StoredTensor stored = file[tensor.Name];
            int[] shape = tensor.Value.GetProperty("shape").ToInts();
            Assert.That(stored.Type, Is.EqualTo(s_torchTypes[tensor.Value.GetProperty("dtype").GetString()!]), tensor.Name);
            Assert.That(stored.Shape, Is.EqualTo(Array.ConvertAll(shape, static extent => (long)extent)), tensor.Name);
            Tensor<double> read = file.Read<double>(tensor.Name);
            double[] data = tensor.Value.GetProperty("data").ToDoubles();
            Assert.That(read.Shape, Is.EqualTo(new Shape(shape)), tensor.Name);
            Assert.That(Closeness.Doubles(file.Read<float>(tensor.Name)), Is.EqualTo(Array.ConvertAll(data, static x => (double)(float)x)));
            Assert.That(read.ToArray(), Is.EqualTo(data), tensor.Name);
        }
        long[] whole = new long[6];
        file.ReadInto("ints", whole.AsSpan());
        bool[] flags = new bool[2];
        file.ReadInto("flags", flags.AsSpan());
        Half[] halves = new Half[4];
        file.ReadInto("half", halves.AsSpan());
        Assert.That(whole, Is.EqualTo((long[])[0, 1, 2, 3, 4, 5]));
        Assert.That(flags, Is.EqualTo((bool[])[true, false]));
        Assert.That(halves.Select(static half => (double)half), Is.EqualTo(file.Read<double>("half").ToArray()));
    }

    /// <summary>
    /// Catches: any byte that differs from the package's writer. It leaves the order of the metadata open: there the files may differ.
    /// </summary>
    [TestCase("sample", "{\"step\":\"17\",\"note\":\"made by the safetensors package\"}",
        "{\"note\":\"made by the safetensors package\",\"step\":\"17\"}")]
    [TestCase("adamw-data", "", "")]
    [TestCase("adamw-step5", "", "")]
    [TestCase("adamw-step10", "{\"updates\":\"10\",\"lr\":\"0.01\"}", "{\"lr\":\"0.01\",\"updates\":\"10\"}")]
    public void The_same_content_has_the_same_bytes(string name, string metadata, string sorted)
    {
        byte[] bytes = File.ReadAllBytes(GoldenFiles.PathOf($"safetensors/{name}.safetensors"));
        using SafetensorsFile file = SafetensorsBytes.Open(bytes);
        byte[] written = SafetensorsBytes.Written(
            SafetensorsBytes.Contents(file).Reverse(), file.Metadata.Count > 0 ? file.Metadata : null);
        if (metadata.Length > 0)
        {
            int place = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(metadata));
            Assert.That(place, Is.GreaterThan(0));
            Encoding.UTF8.GetBytes(sorted, bytes.AsSpan(place));
        }
        Assert.That(written, Is.EqualTo(bytes));
    }

    private static readonly TensorContent s_fourInts = TensorContent.From<int>(new int[4], [2, 2]);

    private static IEnumerable<TestCaseData> KnownBytes()
    {
        Dictionary<string, string> pt = new() { ["framework"] = "pt" };
        yield return Case("nothing", "{}      ", 0, [], null);
        yield return Case("only metadata", "{\"__metadata__\":{\"framework\":\"pt\"}}     ", 0, [], pt);
        yield return Case("empty metadata", "{\"__metadata__\":{}}    ", 0, [], []);
        yield return Case("zeros", "{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}    ", 16,
            new() { ["test"] = s_fourInts }, null);
        yield return Case("no padding", "{\"attn.0\":{\"dtype\":\"F32\",\"shape\":[1,2,3],\"data_offsets\":[0,24]}}", 24,
            new() { ["attn.0"] = Tensor<float>.Zeros([1, 2, 3]) }, null);
        yield return Case("padding of 7", "{\"attn0\":{\"dtype\":\"F32\",\"shape\":[1,1,2,3],\"data_offsets\":[0,24]}}       ", 24,
            new() { ["attn0"] = Tensor<float>.Zeros([1, 1, 2, 3]) }, null);
        yield return Case("the larger type first", "{\"test1\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]},"
            + "\"test2\":{\"dtype\":\"F16\",\"shape\":[2,2],\"data_offsets\":[16,24]}}      ", 24,
            new() { ["test2"] = TensorContent.From<Half>(new Half[4], [2, 2]), ["test1"] = s_fourInts }, null);
        yield return Case("both", "{\"__metadata__\":{\"framework\":\"pt\"},"
            + "\"test1\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}} ", 16, new() { ["test1"] = s_fourInts }, pt);
        yield return Case("escapes", "{\"__metadata__\":{\"\":\"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\u007F\u00FC\"},"
            + "\"a\\\"\u540D\U0001F600\":{\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", 1,
            new() { ["a\"\u540D\U0001F600"] = TensorContent.From<byte>(new byte[1]) }, new()
            {
                [""] = "\"\\/\b\f\n\r\t\0\u001F\u007F\u00FC",
            });
        // by UTF-16 the second would stand first
        yield return Case("names by their UTF-8 bytes", "{\"\uFFFD\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
            + "\"\U00010000\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0, new()
            {
                ["\U00010000"] = TensorContent.From<byte>(default, [0]), ["\uFFFD"] = TensorContent.From<byte>(default, [0]),
            }, null);

        static TestCaseData Case(string name, string header, int dataLength, Dictionary<string, TensorContent> tensors,
            Dictionary<string, string>? metadata) => new TestCaseData(header, dataLength, tensors, metadata).SetArgDisplayNames(name);
    }

    /// <summary>
    /// Catches: another order, escape, blank or padding than that of the format's own writer; the first rows are its own tests'.
    /// </summary>
    [TestCaseSource(nameof(KnownBytes))]
    public void The_bytes_are_known(
        string header, int dataLength, Dictionary<string, TensorContent> tensors, Dictionary<string, string>? metadata)
    {
        int padded = (Encoding.UTF8.GetByteCount(header) + 7) / 8 * 8;
        byte[] expected = SafetensorsBytes.Of(header + new string(' ', padded - Encoding.UTF8.GetByteCount(header)), dataLength);
        Assert.That(SafetensorsBytes.Written(tensors, metadata), Is.EqualTo(expected));
        Assert.That(SafetensorsBytes.Written(tensors.Reverse(), metadata?.Reverse().ToDictionary()), Is.EqualTo(expected), "in any order");
        using SafetensorsFile file = SafetensorsBytes.Open(expected);
        Assert.That(file.Tensors.Select(static tensor => tensor.Name), Is.EquivalentTo(tensors.Keys));
        Assert.That(file.Metadata, Is.EquivalentTo(metadata ?? []));
    }

    private static IEnumerable<TestCaseData> Accepted()
    {
        yield return Case("a scalar", "{\"test\":{\"dtype\":\"I32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4, 1);
        yield return Case("without elements", "{\"test\":{\"dtype\":\"I32\",\"shape\":[2,0],\"data_offsets\":[0, 0]}}", 0, 1);
        yield return Case("blanks at the end", "{}\r \t\n", 0, 0);
        yield return Case(
            "blanks inside", "{ \"a\" :\t{\n\"dtype\" : \"U8\" , \"shape\" : [ 1 , 2 ] , \"data_offsets\" : [ 0 , 2 ] } }", 2, 1);
        yield return Case("no multiple of 8", "{\"test\":{\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]}}", 16, 1);
        yield return Case("not aligned", "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
            + "\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[1,9]}}", 9, 2);
        yield return Case("fields and tensors in any order", "{\"b\":{\"data_offsets\":[8,9],\"shape\":[1],\"dtype\":\"U8\"},"
            + "\"a\":{\"shape\":[1],\"dtype\":\"F64\",\"data_offsets\":[0,8]}}", 9, 2);
        yield return Case("strange names", "{\"\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]},"
            + "\"../a\\u0000\\ud83d\\ude00\":{\"dtype\":\"\\u00558\",\"shape\":[0],\"data_offsets\":[0,0]},"
            + "\"\\/\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}", 0, 3);
        yield return Case("types that are only listed", "{\"a\":{\"dtype\":\"F4\",\"shape\":[4],\"data_offsets\":[0,2]},"
            + "\"b\":{\"dtype\":\"F6_E3M2\",\"shape\":[4],\"data_offsets\":[2,5]},"
            + "\"c\":{\"dtype\":\"F8_E5M2FNUZ\",\"shape\":[1],\"data_offsets\":[5,6]},"
            + "\"d\":{\"dtype\":\"C64\",\"shape\":[1],\"data_offsets\":[6,14]}}", 14, 4);
        yield return Case("many dimensions", "{\"a\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1,1,2],\"data_offsets\":[0,2]}}", 2, 1);

        static TestCaseData Case(string name, string header, int dataLength, int count) =>
            new TestCaseData(header, dataLength, count).SetArgDisplayNames(name);
    }

    /// <summary>Catches: a reader that refuses what the format allows, or that mixes up what each tensor has.</summary>
    [TestCaseSource(nameof(Accepted))]
    public void What_the_format_allows_is_read(string header, int dataLength, int count)
    {
        byte[] bytes = SafetensorsBytes.Of(header, dataLength);
        using SafetensorsFile file = SafetensorsBytes.Open(bytes);
        Assert.That(file.Tensors, Has.Count.EqualTo(count));
        Assert.That(file.Tensors.Sum(static tensor => tensor.ByteLength), Is.EqualTo(dataLength));
        byte[] canonical = SafetensorsBytes.Written(SafetensorsBytes.Contents(file));
        using SafetensorsFile again = SafetensorsBytes.Open(canonical);
        Assert.That(SafetensorsBytes.Written(SafetensorsBytes.Contents(again)), Is.EqualTo(canonical));
        Assert.That(
            again.Tensors.Select(static tensor => tensor.ToString()),
                Is.EquivalentTo(file.Tensors.Select(static tensor => tensor.ToString())));
    }

    /// <summary>Catches: a type that cannot be read and is read as another; a tensor in memory that has other dimensions.</summary>
    [Test]
    public void What_does_not_convert_is_refused_by_name()
    {
        using SafetensorsFile file = SafetensorsBytes.Open(SafetensorsBytes.Of(
            "{\"f8\":{\"dtype\":\"F8_E4M3\",\"shape\":[1],\"data_offsets\":[0,1]},"
                + "\"deep\":{\"dtype\":\"U8\",\"shape\":[1,1,1,1,1,1,1],\"data_offsets\":[1,2]},"
                + "\"wide\":{\"dtype\":\"U8\",\"shape\":[0,4294967296],\"data_offsets\":[2,2]},"
                + "\"many\":{\"dtype\":\"BOOL\",\"shape\":[3],\"data_offsets\":[2,5]}}", 5));
        Assert.Multiple(() =>
        {
            Assert.That(() => file.Read<float>("f8"), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("Float8E4M3"));
            Assert.That(() => file.Read<float>("deep"), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("dimensions"));
            Assert.That(() => file.Read<double>("wide"), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("4294967296"));
            Assert.That(() =>
                file.ReadInto("many", new int[3].AsSpan()), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("Bool"));
            Assert.That(
                () => file.ReadInto("many", new float[2].AsSpan()),
                Throws.ArgumentException.With.Message.Contains("2 elements").And.Message.Contains("expected 3"));
            Assert.That(() => file.ReadBytes("many", new byte[4]), Throws.ArgumentException.With.Message.Contains("4 bytes"));
            Assert.That(() =>
                file.ReadInto("many", new char[3].AsSpan()), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("Char"));
            Assert.That(
                () => file["none"], Throws.InstanceOf<KeyNotFoundException>().With.Message.Contains("none").And.Message.Contains("deep"));
            Assert.That(file.Find("none"), Is.Null);
        });
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        TensorContent one = TensorContent.From<byte>(new byte[1], [1]);
        yield return Case("twice", [new("a", one), new("b", one), new("a", one)], null, "'a'");
        yield return Case("the metadata's name", [new("__metadata__", one)], null, "__metadata__");
        yield return Case("half a pair", [new("a\ud800", one)], null, "surrogate");
        yield return Case("half a pair in the metadata", [], new() { ["a"] = "\udc00" }, "surrogate");

        static TestCaseData Case(
            string name, KeyValuePair<string, TensorContent>[] tensors, Dictionary<string, string>? metadata, string word) =>
            new TestCaseData(tensors, metadata, word).SetArgDisplayNames(name);
    }

    /// <summary>Catches: a file that no reader can read again; an old file that is gone although the new one was refused.</summary>
    [TestCaseSource(nameof(Refused))]
    public void What_cannot_be_read_again_is_not_written(
        KeyValuePair<string, TensorContent>[] tensors, Dictionary<string, string>? metadata, string word)
    {
        using TemporaryDirectory directory = new();
        File.WriteAllText(directory["a"], "old");
        using MemoryStream stream = new();
        Assert.That(() => Safetensors.Write(stream, tensors, metadata), Throws.ArgumentException.With.Message.Contains(word));
        Assert.That(() => Safetensors.Write(directory["a"], tensors, metadata), Throws.ArgumentException);
        Assert.That((stream.Length, File.ReadAllText(directory["a"]), directory.Files.Length), Is.EqualTo((0, "old", 1)));
    }

    [Test]
    public void A_content_has_as_many_elements_as_its_shape()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() =>
                TensorContent.From<int>(new int[5], [2, 3]),
                Throws.ArgumentException.With.Message.Contains("got 5").And.Message.Contains("expected 6"));
            Assert.That(() => TensorContent.From<int>(new int[1], [-1, -1]), Throws.ArgumentException.With.Message.Contains("[-1, -1]"));
            Assert.That(() => TensorContent.From<int>(default, [1L << 62, 4]), Throws.ArgumentException.With.Message.Contains("2⁶³"));
            Assert.That(() =>
                TensorContent.From<char>(new char[1], [1]), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("Char"));
            Assert.That(() =>
                TensorContent.FromBytes(DataType.Float4, new byte[1], [1]), Throws.ArgumentException.With.Message.Contains("4 bits"));
            Assert.That(() => TensorContent.FromBytes((DataType)99, new byte[1], [1]), Throws.InstanceOf<ArgumentOutOfRangeException>());
            Assert.That(TensorContent.FromBytes(DataType.Float4, new byte[1], [2]).ByteLength, Is.EqualTo(1));
            Assert.That(TensorContent.From<int>(default, [1L << 62, 0]).Shape, Is.EqualTo((long[])[1L << 62, 0]));
        });
    }

    /// <summary>
    /// Sets of random tensors of all types, with names beyond ASCII and empty axes. Catches: a tensor read from another's place, bits of a
    /// NaN that change, bytes that depend on the order in which the tensors are given; a tensor that is not aligned to its elements.
    /// </summary>
    [Test]
    public void Every_set_of_tensors_comes_back_bit_for_bit()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            Dictionary<string, (DataType Type, long[] Shape, byte[] Bytes)> set = [];
            for (int i = random.Next(9); i > 0; i--)
            {
                DataType type = (DataType)random.Next(22);
                long[] shape = [.. Enumerable.Range(0, random.Next(7)).Select(_ => (long)random.Next(5))];
                if (type.Bits < 8)
                {
                    shape = [.. shape, 4];
                }
                byte[] bytes = new byte[shape.Aggregate(1L, static (a, b) => a * b) * type.Bits / 8];
                random.NextBytes(bytes);
                set[string.Concat(Enumerable.Range(0, random.Next(5)).Select(_ => Rune(random)))] = (type, shape, bytes);
            }
            KeyValuePair<string, TensorContent>[] tensors =
                [.. set.Select(static pair =>
                    KeyValuePair.Create(pair.Key, TensorContent.FromBytes(pair.Value.Type, pair.Value.Bytes, pair.Value.Shape)))];
            byte[] written = SafetensorsBytes.Written(tensors);
            random.Shuffle(tensors);
            Assert.That(SafetensorsBytes.Written(tensors), Is.EqualTo(written), $"seed {seed}");
            using SafetensorsFile file = SafetensorsBytes.Open(written);
            Assert.That(file.Tensors, Has.Count.EqualTo(set.Count), $"seed {seed}");
            foreach ((string name, (DataType type, long[] shape, byte[] bytes)) in set)
            {
                StoredTensor stored = file[name];
                Assert.That((stored.Type, stored.ByteLength), Is.EqualTo((type, (long)bytes.Length)), $"seed {seed}");
                Assert.That(stored.Shape, Is.EqualTo(shape), $"seed {seed}");
                Assert.That(SafetensorsBytes.Bytes(file, name), Is.EqualTo(bytes), $"seed {seed}");
                Assert.That(stored.Offset % Math.Max(1, type.Bits / 8), Is.Zero, $"seed {seed}");
            }
        }

        static string Rune(Random random)
        {
            int[] beginnings = [0, 'a', 0x7F, 0x3B1, 0x540D, 0xE000, 0xFFFD, 0x10000, 0x1F600];
            return char.ConvertFromUtf32(beginnings[random.Next(beginnings.Length)] + random.Next(3));
        }
    }

    /// <summary>Catches: a header that is read past its cap, or refused at it.</summary>
    [Test]
    [Category("Slow")]
    public void A_header_of_the_largest_size_is_read()
    {
        byte[] header = new byte[Safetensors.MaxHeaderLength];
        header.AsSpan().Fill((byte)' ');
        "{}"u8.CopyTo(header);
        using SafetensorsFile file = SafetensorsBytes.Open(SafetensorsBytes.Of(header));
        Assert.That(file.Tensors, Is.Empty);
    }

    /// <summary>Catches: a header of too many tensors that is written and cannot be read back.</summary>
    [Test]
    [Category("Slow")]
    public void A_header_beyond_the_cap_is_not_written()
    {
        TensorContent none = TensorContent.From<byte>(default, [0]);
        IEnumerable<KeyValuePair<string, TensorContent>> tensors = Enumerable.Range(0, 110).Select(
            i => KeyValuePair.Create(i.ToString(CultureInfo.InvariantCulture) + new string('x', 1_000_000), none));
        Assert.That(() => Safetensors.Write(Stream.Null, tensors), Throws.ArgumentException.With.Message.Contains("100000000"));
    }

    /// <summary>A stream that begins elsewhere, is left open or closed, and is never read where no tensor was asked for.</summary>
    [Test]
    public void A_stream_is_read_from_its_position_and_only_where_it_is_asked()
    {
        byte[] bytes = SafetensorsBytes.Written(new Dictionary<string, TensorContent>
        {
            ["a"] = Tensor<float>.From(1, 2), ["b"] = Tensor<float>.From(3, 4),
        });
        using MemoryStream stream = new();
        stream.Write([9, 9, 9]);
        stream.Write(bytes);
        stream.Position = 3;
        using (SafetensorsFile file = Safetensors.Open(stream, leaveOpen: true))
        {
            BinaryPrimitives.WriteSingleLittleEndian(stream.GetBuffer().AsSpan(3 + (int)file["b"].Offset), 7);
            Assert.That(file.Read<float>("b").ToArray(), Is.EqualTo((float[])[7, 4]), "read when it is asked for");
            Assert.That(file.Path, Is.EqualTo("stream"));
        }
        stream.Position = 3;
        Safetensors.Open(stream).Dispose();
        Assert.That(stream.CanRead, Is.False);
        using MemoryStream malformed = new([1]);
        Assert.That(() => Safetensors.Open(malformed), Throws.InstanceOf<MalformedFileException>());
        Assert.That(malformed.CanRead, Is.False, "a stream that was handed over is closed also where it is refused");
        Assert.That(() => Safetensors.Open(new ChecksumStream()), Throws.ArgumentException.With.Message.Contains("seek"));
    }
}
