using System.Text;

namespace Engine.Tests.Persistence;

/// <summary>
/// What must not be read, with the error that it must give. Where the format's own reader accepts a row, its name says so: two readers
/// that understand a file differently are a way to hide something in it.
/// </summary>
public sealed class MalformedSafetensorsTests
{
    private const string Field = "\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":[0,16]";

    private static IEnumerable<TestCaseData> Table()
    {
        // 1 to 10: lengths
        yield return Row("empty", [], FileDefect.HeaderTooShort);
        for (int length = 1; length < 8; length++)
        {
            yield return Row($"{length} bytes", new byte[length], FileDefect.HeaderTooShort);
        }
        yield return Row("a length alone", SafetensorsBytes.WithLength(60, []), FileDefect.HeaderBeyondFile);
        yield return Row("no header", SafetensorsBytes.Of(""), FileDefect.InvalidHeader, 8);
        yield return Row("{", SafetensorsBytes.Of("{"), FileDefect.InvalidHeader, 9);
        yield return Row("not UTF-8", SafetensorsBytes.Of([0xFF]), FileDefect.InvalidUtf8, 8);
        yield return Row("not UTF-8 further on", SafetensorsBytes.Of([.. "{\"ü"u8, 0xC3, .. "\":1}"u8]), FileDefect.InvalidUtf8, 12);
        yield return Row("over the cap", SafetensorsBytes.WithLength(100_000_001, "{}"u8), FileDefect.HeaderTooLong);
        yield return Row("2⁶⁴ − 1", SafetensorsBytes.WithLength(ulong.MaxValue, "{}"u8), FileDefect.HeaderTooLong);
        yield return Row("2⁶³", SafetensorsBytes.WithLength(1UL << 63, "{}"u8), FileDefect.HeaderTooLong);
        yield return Row("one byte too long", SafetensorsBytes.WithLength(3, "{}"u8), FileDefect.HeaderBeyondFile);
        yield return Row("the cap in a small file", SafetensorsBytes.WithLength(100_000_000, "{}"u8), FileDefect.HeaderBeyondFile);
        yield return Row("zip", [.. "PK\u0003\u0004"u8, .. new byte[60]], FileDefect.HeaderBeyondFile, 0, "zip");
        yield return Row("zip with a version", [.. "PK\u0003\u0004"u8, 0x2D, 0, 0, 1, .. new byte[60]], FileDefect.HeaderTooLong, 0, "zip");
        yield return Row("pickle", [0x80, 2, .. "}q\u0000(X\u0006\u0000\u0000weight"u8], FileDefect.HeaderTooLong, 0, "pickle");
        yield return Row("GGUF", [.. "GGUF"u8, 3, 0, 0, 0, .. new byte[60]], FileDefect.HeaderTooLong, 0, "GGUF");
        yield return Row("web page", "<!DOCTYPE html><html>"u8.ToArray(), FileDefect.HeaderTooLong, 0, "web page");

        // 11 to 17: what stands around
        string test = $"{{\"test\":{{{Field}}}}}";
        yield return Row(
            "one byte cut off", SafetensorsBytes.WithLength((ulong)test.Length - 1, Encoding.UTF8.GetBytes(test), 16),
            FileDefect.InvalidHeader);
        yield return Row(
            "one byte of data", SafetensorsBytes.WithLength((ulong)test.Length + 1, Encoding.UTF8.GetBytes(test), 16),
            FileDefect.InvalidHeader);
        yield return Row("byte order mark", SafetensorsBytes.Of([0xEF, 0xBB, 0xBF, .. "{}"u8]), FileDefect.InvalidHeader, 8);
        foreach (string other in (string[])["[]", "\"x\"", "1", "null"])
        {
            yield return Row(other, SafetensorsBytes.Of(other), FileDefect.InvalidHeader, 8);
        }
        yield return Row("{}x", SafetensorsBytes.Of("{}x"), FileDefect.InvalidHeader, 10);
        yield return Row("{}{}", SafetensorsBytes.Of("{}{}"), FileDefect.InvalidHeader, 10);
        yield return Row("padded with 0", SafetensorsBytes.Of("{}\0\0"), FileDefect.InvalidHeader, 10);
        yield return Row("blank before (own reader accepts)", SafetensorsBytes.Of(" {}"), FileDefect.InvalidHeader, 8);

        // 18 to 21, 42 to 47: fields
        foreach (string fields in (string[])
            [
                "", "\"shape\":[2,2],\"data_offsets\":[0,16]", "\"dtype\":\"I32\",\"data_offsets\":[0,16]",
                    "\"dtype\":\"I32\",\"shape\":[2,2]",
                $"{Field},", $",{Field}", $"{Field},\"dtype\":\"I32\"", $"{Field},\"shape\":[2,2]", $"{Field},\"data_offsets\":[0,16]",
                $"{Field},\"extra\":1", $"{Field},\"extra\":{new string('[', 100)}{new string(']', 100)}", "'dtype':'I32'", $"{Field}//",
                .. from type in (string[])["\"F128\"", "\"f32\"", "\"\"", "3", "null", "{\"F32\":null}", "\"I32 \"", "\"I32"]
                   select $"\"dtype\":{type},\"shape\":[2,2],\"data_offsets\":[0,16]",
                .. from shape in (string[])
                   [
                       "[-1]", "[1.5]", "[\"2\"]", "[null]", "[[2]]", "null", "{}", "[4,]", "[,4]", "[2 2]", "4", "[1.0,4]", "[4e0]",
                           "[-0]",
                       "[+4]", "[04]", "[18446744073709551616]", "[0x4]", "[4", "[NaN]",
                   ]
                   select $"\"dtype\":\"I32\",\"shape\":{shape},\"data_offsets\":[0,16]",
                .. from offsets in (string[])
                   ["[0]", "[0,8,16]", "[16]", "[]", "\"0,16\"", "[-4,16]", "{}", "null", "[0,16.0]", "[0,1e1]", "[0,016]",
                       "[0,18446744073709551616]"]
                   select $"\"dtype\":\"I32\",\"shape\":[2,2],\"data_offsets\":{offsets}",
            ])
        {
            yield return Row(fields, SafetensorsBytes.Of($"{{\"test\":{{{fields}}}}}", 16), FileDefect.InvalidHeader);
        }
        yield return Row(
            "an array (own reader accepts)", SafetensorsBytes.Of("{\"test\":[\"I32\",[2,2],[0,16]]}", 16), FileDefect.InvalidHeader, 16);
        yield return Row("a comma at the end", SafetensorsBytes.Of($"{{\"test\":{{{Field}}},}}", 16), FileDefect.InvalidHeader);
        yield return Row("a name without quotes", SafetensorsBytes.Of($"{{test:{{{Field}}}}}", 16), FileDefect.InvalidHeader, 9);

        // 22 to 34: offsets, sizes, the whole file
        yield return Data("end before begin", [("I32", "2,2", 16, 0)], 16, FileDefect.InvalidOffsets);
        yield return Data("a gap at the beginning", [("I32", "2,2", 4, 20)], 20, FileDefect.InvalidOffsets);
        yield return Data("a gap", [("I32", "1", 0, 4), ("I32", "1", 5, 9)], 9, FileDefect.InvalidOffsets);
        yield return Data("an overlap", [("I32", "1", 0, 4), ("I32", "1", 3, 7)], 7, FileDefect.InvalidOffsets);
        yield return Data(
            "an end before its begin further on", [("U8", "0", 0, 0), ("I32", "2", 0, 8), ("U8", "4", 8, 4)], 8, FileDefect.InvalidOffsets);
        yield return Data("ten of the same", [.. Enumerable.Repeat(("I32", "2,2", 0UL, 16UL), 10)], 16, FileDefect.InvalidOffsets);
        yield return Data("10,000 of the same", [.. Enumerable.Repeat(("I32", "2,2", 0UL, 16UL), 10_000)], 16, FileDefect.InvalidOffsets);
        yield return Data("too few bytes", [("I32", "2,2", 0, 15)], 15, FileDefect.SizeMismatch);
        yield return Data("too many bytes", [("I32", "2,2", 0, 17)], 17, FileDefect.SizeMismatch);
        yield return Data("bytes without elements", [("I32", "2,0", 0, 4)], 4, FileDefect.SizeMismatch);
        yield return Data("too many elements", [("I32", "2,18446744073709551614", 0, 16)], 16, FileDefect.Overflow);
        yield return Data("too many bits", [("I32", "2,9223372036854775807", 0, 16)], 16, FileDefect.Overflow);
        yield return Data("too many before a 0", [("I32", "9223372036854775808,2,0", 0, 0)], 0, FileDefect.Overflow);
        yield return Data("too many after a 0 (own reader accepts)", [("I32", "0,9223372036854775808,2", 0, 0)], 0, FileDefect.Overflow);
        const ulong eighth = 2305843009213693951;
        yield return Data("a sum beyond 64 bits",
            [.. Enumerable.Range(0, 8).Select(static i => ("U8", $"{eighth}", (ulong)i * eighth, ((ulong)i + 1) * eighth))], 8,
                FileDefect.Overflow);
        yield return Data("a sum beyond 63 bits",
            [.. Enumerable.Range(0, 5).Select(static i => ("U8", $"{eighth}", (ulong)i * eighth, ((ulong)i + 1) * eighth))], 8,
                FileDefect.DataLength);
        yield return Data("bytes at the end", [("I32", "2,2", 0, 16)], 17, FileDefect.DataLength);
        yield return Data("bytes cut off", [("I32", "2,2", 0, 16)], 15, FileDefect.DataLength);
        yield return Data("no data", [("I32", "2,2", 0, 16)], 0, FileDefect.DataLength);
        yield return Data("data of nothing", [], 4, FileDefect.DataLength);
        yield return Data("half a byte", [("F4", "3", 0, 2)], 2, FileDefect.PartialByte);

        // 35 to 41: names
        string one = "{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}", two =
            one.Replace("[0,1]", "[1,2]", StringComparison.Ordinal);
        yield return Row(
            "a name twice", SafetensorsBytes.Of($"{{\"a\":{one},\"a\":{two}}}", 2), FileDefect.DuplicateName, 9 + 4 + one.Length + 1);
        yield return Row(
            "a name twice, all the same (own reader accepts)", SafetensorsBytes.Of($"{{\"a\":{one},\"a\":{one}}}", 1),
            FileDefect.DuplicateName);
        yield return Row(
            "a name twice, once with an escape (own reader accepts)", SafetensorsBytes.Of($"{{\"a\":{one},\"\\u0061\":{two}}}", 2),
            FileDefect.DuplicateName);
        yield return Row("metadata twice", SafetensorsBytes.Of("{\"__metadata__\":{},\"__metadata__\":{}}"), FileDefect.DuplicateName);
        yield return Row(
            "a key twice (own reader accepts)", SafetensorsBytes.Of("{\"__metadata__\":{\"a\":\"1\",\"a\":\"2\"}}"),
            FileDefect.DuplicateName);
        foreach (string value in (string[])["1", "true", "null", "{}", "[]"])
        {
            yield return Row($"metadata {value}", SafetensorsBytes.Of($"{{\"__metadata__\":{{\"a\":{value}}}}}"), FileDefect.InvalidHeader);
        }
        yield return Row("no metadata (own reader accepts)", SafetensorsBytes.Of("{\"__metadata__\":null}"), FileDefect.InvalidHeader);
        yield return Row("metadata that is a text", SafetensorsBytes.Of("{\"__metadata__\":\"a\"}"), FileDefect.InvalidHeader);
        yield return Row(
            "metadata with a comma at the end", SafetensorsBytes.Of("{\"__metadata__\":{\"a\":\"b\",}}"), FileDefect.InvalidHeader);

        // 48: texts
        foreach (string text in (string[])
            [
                "\\ud800", "\\ude00\\ud83d", "\\ud83dx", "\\x", "\\u12", "\\u12G4", "\\u+123", "\\u000\0", "\\u 123",
                "\n", "\u0001", "a\\nb\u001F", "\\",
            ])
        {
            yield return Row($"the name {Escape(text)}", SafetensorsBytes.Of($"{{\"{text}\":{one}}}", 1), FileDefect.InvalidHeader);
            yield return Row(
                $"the metadata {Escape(text)}", SafetensorsBytes.Of($"{{\"__metadata__\":{{\"a\":\"{text}\"}}}}"),
                FileDefect.InvalidHeader);
        }

        static string Escape(string text) => string.Concat(text.Select(static c => c < ' ' ? $"0x{(int)c:X2}" : $"{c}"));

        static TestCaseData Data(
            string name, (string Type, string Shape, ulong Begin, ulong End)[] tensors, int dataLength, FileDefect defect) =>
            Row(name, SafetensorsBytes.Of($"{{{string.Join(',', tensors.Select(Member))}}}", dataLength), defect);

        static string Member((string Type, string Shape, ulong Begin, ulong End) t, int i) =>
            $"\"t{i}\":{{\"dtype\":\"{t.Type}\",\"shape\":[{t.Shape}],\"data_offsets\":[{t.Begin},{t.End}]}}";

        static TestCaseData Row(string name, byte[] file, FileDefect defect, long offset = -1, string word = "expected") =>
            new TestCaseData(file, defect, offset, word).SetArgDisplayNames(name.Length > 60 ? name[..60] : name);
    }

    /// <summary>
    /// Catches: a malformed file that is read, that ends in another exception, or whose error does not say where the defect is.
    /// </summary>
    [TestCaseSource(nameof(Table))]
    public void Malformed_files_are_refused_by_their_own_error(byte[] file, FileDefect defect, long offset, string word)
    {
        using TemporaryDirectory directory = new();
        string path = directory["m.safetensors"];
        File.WriteAllBytes(path, file);
        MalformedFileException error = Assert.Throws<MalformedFileException>(() => Safetensors.Open(path))!;
        Assert.Multiple(() =>
        {
            Assert.That(error.Defect, Is.EqualTo(defect), error.Message);
            Assert.That(error.Path, Is.EqualTo(path));
            Assert.That(error.Message, Does.StartWith($"{path}, byte {error.Offset}: got ").And.Contains(word).And.Contains("expected"));
            Assert.That(error.Offset, offset < 0 ? Is.InRange(0, file.Length) : Is.EqualTo(offset), error.Message);
            Assert.That(() =>
                SafetensorsBytes.Open(file), Throws.InstanceOf<MalformedFileException>().With.Property("Defect").EqualTo(defect));
        });
        File.Move(path, directory["moved"]);
    }

    /// <summary>
    /// Every way to cut off or lengthen a file is refused, and every bit of the header that flips gives an error or a header that says
    /// something else of the same data. Catches: damage that passes for the original.
    /// </summary>
    [Test]
    public void Damage_is_seen()
    {
        byte[] file = SafetensorsBytes.Written(
            new Dictionary<string, TensorContent>
            {
                ["layer.weight"] = Tensor<float>.From([1, 2, 3, 4, 5, 6], [2, 3]), ["layer.bias"] = Tensor<double>.From(7, 8),
                ["count"] = TensorContent.From<long>((long[])[9]),
            },
            new Dictionary<string, string> { ["by"] = "test" });
        string original = Text(file)!;
        int header = file.Length - 24 - 16 - 8;
        for (int length = 0; length < file.Length; length++)
        {
            Assert.That(Text(file[..length]), Is.Null, $"{length} bytes");
        }
        Assert.That(Text([.. file, 0]), Is.Null);
        for (int bit = 0; bit < 8 * header; bit++)
        {
            byte[] damaged = [.. file];
            damaged[bit / 8] ^= (byte)(1 << bit % 8);
            string? text = Text(damaged);
            // a blank in the padding may turn into another
            bool isPadding = file[bit / 8] == ' ' && damaged[bit / 8] is (byte)'\t' or (byte)'\n' or (byte)'\r';
            Assert.That(text, isPadding ? Is.EqualTo(original) : Is.Not.EqualTo(original), $"bit {bit}");
        }

        static string? Text(byte[] file)
        {
            try
            {
                using SafetensorsFile read = SafetensorsBytes.Open(file);
                return string.Join(
                    '\n', [.. read.Metadata.Select(static pair => $"{pair}"),
                    .. read.Tensors.Select(static tensor => $"{tensor} {tensor.Offset}")]);
            }
            catch (MalformedFileException)
            {
                return null;
            }
        }
    }

    /// <summary>Catches: a directory, a pipe or a missing file that hangs or ends the process.</summary>
    [Test]
    public void What_is_no_file_is_refused()
    {
        using TemporaryDirectory directory = new();
        Directory.CreateDirectory(directory["d"]);
        Assert.That(() => Safetensors.Open(directory["d"]), Throws.InstanceOf<IOException>().With.Message.Contains("directory"));
        Assert.That(() => Npz.Open(directory["d"]), Throws.InstanceOf<IOException>().With.Message.Contains("directory"));
        Assert.That(() => Safetensors.Open(directory["none"]), Throws.InstanceOf<FileNotFoundException>());
        Assert.That(() => Safetensors.Open(""), Throws.ArgumentException);
        if (!OperatingSystem.IsWindows())
        {
            using var make = System.Diagnostics.Process.Start("mkfifo", [directory["pipe"]]);
            make.WaitForExit();
            Assert.That(() => Safetensors.Open(directory["pipe"]), Throws.InstanceOf<MalformedFileException>());
            Assert.That(() => Npy.Open(directory["pipe"]), Throws.InstanceOf<MalformedFileException>());
            Assert.That(() => Npz.Open(directory["pipe"]), Throws.InstanceOf<MalformedFileException>());
            Assert.That(() => Safetensors.Open("/dev/zero"), Throws.InstanceOf<MalformedFileException>());
        }
    }

    /// <summary>Catches: a tensor that is half read when the file has become shorter, and passes for whole.</summary>
    [Test]
    public void A_file_that_shrinks_is_noticed()
    {
        using TemporaryDirectory directory = new();
        Safetensors.Write(directory["a"], new Dictionary<string, TensorContent> { ["w"] = Tensor<double>.Zeros([1000]) });
        using SafetensorsFile file = Safetensors.Open(directory["a"]);
        using (FileStream shorter = new(directory["a"], FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete))
        {
            shorter.SetLength(file["w"].Offset + 12);
        }
        MalformedFileException error = Assert.Throws<MalformedFileException>(() => file.Read<double>("w"))!;
        Assert.That((error.Defect, error.Offset), Is.EqualTo((FileDefect.DataLength, file["w"].Offset + 12)));
        Assert.That(() => file.Read<float>("w"), Throws.InstanceOf<MalformedFileException>());
    }

    /// <summary>Catches: a number of elements that wraps around in 32 bits. The file has a length, and no disk has to hold it.</summary>
    [TestCase("U8", 1L << 32)]
    [TestCase("BOOL", (1L << 31) + 5)]
    [TestCase("F64", 1L << 31)]
    public void More_elements_than_a_tensor_holds_are_refused(string type, long count)
    {
        long bytes = count * (type == "F64" ? 8 : 1);
        byte[] header = SafetensorsBytes.Of($"{{\"w\":{{\"dtype\":\"{type}\",\"shape\":[{count}],\"data_offsets\":[0,{bytes}]}}}}");
        using SafetensorsFile file = Safetensors.Open(new LongStream(header, bytes));
        Assert.That(file["w"].Length, Is.EqualTo(count));
        Assert.That(
            () => file.Read<float>("w"),
                Throws.InstanceOf<NotSupportedException>().With.Message.Contains($"{count}").And.Message.Contains("elements"));
    }
}
