using System.Buffers.Binary;
using System.Text;
using System.Text.Json;

namespace Engine.Tests.Persistence;

/// <summary>Arrays of NumPy are read as it reads them, and written as it writes them.</summary>
public sealed class NpyTests
{
    /// <summary>Catches: any element out of its place; the Fortran order that is read as if it were the other.</summary>
    [TestCase("float32-3x4", DataType.Float32)]
    [TestCase("float64-fortran", DataType.Float64)]
    public void Files_of_NumPy_are_read_as_it_reads_them(string name, DataType type)
    {
        double[][] expected =
            [.. Golden.Load("npy/npy.json").GetProperty(name).EnumerateArray().Select(static row => row.ToDoubles())];
        string path = GoldenFiles.PathOf($"npy/{name}.npy");
        using NpyFile file = Npy.Open(path);
        Assert.That((file.Type, file.Length), Is.EqualTo((type, 12L)));
        Assert.That(file.Shape, Is.EqualTo((long[])[3, 4]));
        Assert.That(file.Read<double>().ToArray(), Is.EqualTo(expected.SelectMany(static row => row)));
        Assert.That(Npy.Read<float>(path).ToArray(), Is.EqualTo(expected.SelectMany(static row => row).Select(static x => (float)x)));
    }

    /// <summary>Catches: any byte that differs from numpy.save.</summary>
    [Test]
    public void The_same_content_has_the_same_bytes()
    {
        string path = GoldenFiles.PathOf("npy/float32-3x4.npy");
        Assert.That(NpyBytes.Written(Npy.Read<float>(path)), Is.EqualTo(File.ReadAllBytes(path)));
    }

    private static IEnumerable<TestCaseData> Headers()
    {
        yield return Case(Tensor<double>.From([1.0], Shape.Scalar), "{'descr': '<f8', 'fortran_order': False, 'shape': (), }", 118);
        yield return Case(Tensor<float>.Zeros([5]), "{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }", 118);
        yield return Case(TensorContent.From<bool>(new bool[2], [2]), "{'descr': '|b1', 'fortran_order': False, 'shape': (2,), }", 118);
        yield return Case(TensorContent.From<sbyte>(default, [0, 3]), "{'descr': '|i1', 'fortran_order': False, 'shape': (0, 3), }", 118);
        // with the 20 blanks for growth the line would end exactly at 64 · 2: NumPy then adds 64 more
        yield return Case(TensorContent.From<ulong>(default, [0, .. Enumerable.Repeat(1L, 12), 100]),
            "{'descr': '<u8', 'fortran_order': False, 'shape': (0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 100), }", 182);

        static TestCaseData Case(TensorContent content, string header, int length) =>
            new TestCaseData(content, header, length).SetArgDisplayNames(header);
    }

    /// <summary>Catches: a tuple of one that Python reads as a number, a header that is not aligned to 64.</summary>
    [TestCaseSource(nameof(Headers))]
    public void Headers_are_NumPys(TensorContent content, string header, int length)
    {
        byte[] written = NpyBytes.Written(content);
        Assert.That(written[..8], Is.EqualTo((byte[])[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0]));
        Assert.That(BinaryPrimitives.ReadUInt16LittleEndian(written.AsSpan(8)), Is.EqualTo(length));
        Assert.That(Encoding.ASCII.GetString(written, 10, length), Is.EqualTo(header.PadRight(length - 1) + "\n"));
        using NpyFile file = NpyBytes.Open(written);
        Assert.That((file.Type, file.Shape), Is.EqualTo((content.Type, content.Shape)));
    }

    private static readonly (string Name, double Value, byte[] LittleEndian)[] s_types =
    [
        ("f2", -0.1666259765625, BitConverter.GetBytes((Half)(-0.1666259765625))), ("f4", 0.1f, BitConverter.GetBytes(0.1f)),
        ("f8", 0.1, BitConverter.GetBytes(0.1)), ("i1", -3, [0xFD]), ("u1", 253, [253]), ("i2", -300, BitConverter.GetBytes((short)-300)),
        ("u2", 65000, BitConverter.GetBytes((ushort)65000)), ("i4", -70000, BitConverter.GetBytes(-70000)),
        ("u4", 4000000000, BitConverter.GetBytes(4000000000)), ("i8", -5000000000, BitConverter.GetBytes(-5000000000)),
        ("u8", 1UL << 63, BitConverter.GetBytes(1UL << 63)), ("b1", 1, [1]),
    ];

    /// <summary>Every type in either order of bytes, in every version. Catches: a type that is read as another, or back to front.</summary>
    [Test]
    public void Every_type_is_read([Values(1, 2, 3)] int version)
    {
        foreach ((string name, double value, byte[] bytes) in s_types)
        {
            foreach (char order in bytes.Length == 1 ? "|<>" : "<>")
            {
                byte[] one = order == '>' ? [.. bytes.Reverse()] : bytes;
                byte[] data = [.. new byte[bytes.Length], .. one];
                using NpyFile file = NpyBytes.Open(NpyBytes.Of(NpyBytes.Header($"{order}{name}", "(2,)"), data, version));
                Assert.That(file.Read<double>().ToArray(), Is.EqualTo((double[])[0, value]), $"{order}{name}");
                Assert.That(file.Read<float>().ToArray(), Is.EqualTo((float[])[0, (float)value]), $"{order}{name}");
            }
        }
        using NpyFile shorts = NpyBytes.Open(NpyBytes.Of(NpyBytes.Header(">i2", "(2,)"), [1, 2, 0xFF, 0xFE], version));
        short[] read = new short[2];
        shorts.ReadInto(read.AsSpan());
        Assert.That(read, Is.EqualTo((short[])[0x102, -2]));
        Assert.That(() => shorts.ReadInto(new int[2].AsSpan()), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("Int16"));
        Assert.That(() => shorts.ReadInto(new short[3].AsSpan()), Throws.ArgumentException.With.Message.Contains("expected 2"));
    }

    /// <summary>
    /// Shapes with axes of 0 and 1, and more elements than are put in place at once. Catches: an index that is carried to the wrong axis,
    /// a second batch of elements that begins anew.
    /// </summary>
    [TestCase()]
    [TestCase(7)]
    [TestCase(3, 0, 2)]
    [TestCase(1, 5, 1)]
    [TestCase(2, 3, 4)]
    [TestCase(5, 1, 7, 2)]
    [TestCase(37, 41, 3)]
    [TestCase(2, 2, 2, 2, 2, 2)]
    public void The_first_index_varies_fastest_in_Fortran_order(params int[] shape)
    {
        int length = shape.Aggregate(1, static (a, b) => a * b);
        float[] rowMajor = [.. Enumerable.Range(0, length).Select(static i => (float)i)];
        byte[] data = new byte[4 * length];
        for (int i = 0; i < length; i++)
        {
            int rest = i, place = 0, stride = 1;
            int[] indices = new int[shape.Length];
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                (rest, indices[axis]) = Math.DivRem(rest, shape[axis]);
            }
            for (int axis = 0; axis < shape.Length; axis++)
            {
                place += indices[axis] * stride;
                stride *= shape[axis];
            }
            BinaryPrimitives.WriteSingleBigEndian(data.AsSpan(4 * place), i);
        }
        string tuple = $"({string.Join(", ", shape)}{(shape.Length == 1 ? "," : "")})";
        using NpyFile file = NpyBytes.Open(NpyBytes.Of(NpyBytes.Header(">f4", tuple, "True"), data));
        Assert.That(file.Read<float>().Shape, Is.EqualTo(new Shape(shape)));
        Assert.That(file.Read<float>().ToArray(), Is.EqualTo(rowMajor));
        Assert.That(file.Read<double>().ToArray(), Is.EqualTo(Array.ConvertAll(rowMajor, static x => (double)x)));
    }

    /// <summary>Headers that other writers make. Catches: a reader that knows NumPy's own blanks and order alone.</summary>
    [TestCase("{\"shape\":(2,),\"descr\":\"<f4\",\"fortran_order\":False}")]
    [TestCase(" {'shape': (2L,), 'fortran_order': True, 'descr': '<f4'}  \n")]
    [TestCase("{'descr' : '<f4' ,\t'fortran_order': False, 'shape': ( 1 , 2 , ) , }")]
    [TestCase("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1)}")]
    public void Other_ways_to_write_a_header_are_read(string header)
    {
        using NpyFile file = NpyBytes.Open(NpyBytes.Of(header, [.. BitConverter.GetBytes(1f), .. BitConverter.GetBytes(2f)]));
        Assert.That(file.Read<float>().ToArray(), Is.EqualTo((float[])[1, 2]));
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        byte[] four = new byte[4];
        string header = NpyBytes.Header("<f4", "(1,)");
        byte[] sound = NpyBytes.Of(header, four);
        yield return Row("empty", [], FileDefect.HeaderTooShort);
        yield return Row("seven bytes", sound[..7], FileDefect.HeaderTooShort);
        yield return Row("no length", sound[..9], FileDefect.HeaderTooShort);
        yield return Row("half a length", NpyBytes.Of(header, four, 2)[..11], FileDefect.HeaderTooShort);
        yield return Row("another magic", [0x92, .. sound[1..]], FileDefect.WrongFormat);
        yield return Row("an archive", "PK\u0003\u0004        "u8.ToArray(), FileDefect.WrongFormat);
        yield return Row("version 0", [.. sound[..6], 0, .. sound[7..]], FileDefect.UnsupportedVersion);
        yield return Row("version 4", [.. sound[..6], 4, .. sound[7..]], FileDefect.UnsupportedVersion);
        yield return Row("version 1.1", [.. sound[..7], 1, .. sound[8..]], FileDefect.UnsupportedVersion);
        yield return Row("a header that is longer than the file", sound[..40], FileDefect.HeaderBeyondFile);
        yield return Row("a header of 4 GB", [0x93, .. "NUMPY"u8, 2, 0, 0xFF, 0xFF, 0xFF, 0xFF, .. new byte[50]], FileDefect.HeaderTooLong);
        yield return Row("a header of 10,001 bytes", NpyBytes.Of(header.PadRight(10_001), four), FileDefect.HeaderTooLong);
        yield return Row("no data", NpyBytes.Of(header, []), FileDefect.DataLength);
        yield return Row("too few data", NpyBytes.Of(header, new byte[3]), FileDefect.DataLength);
        yield return Row("too many data", NpyBytes.Of(header, new byte[5]), FileDefect.DataLength);
        yield return Row("data of nothing", NpyBytes.Of(NpyBytes.Header("<f4", "(0,)"), four), FileDefect.DataLength);
        foreach (string shape in (string[])
            ["(1)", "[1]", "(1,", "1", "(-1,)", "(1.0,)", "(01,)", "(,)", "(1,,)", "(1 1,)", "None", "(True,)", "('1',)", "(1_0,)",
                "(1LL,)", "(L,)"])
        {
            yield return Row($"the shape {shape}", NpyBytes.Of(NpyBytes.Header("<f4", shape), four), FileDefect.InvalidHeader);
        }
        foreach (string shape in (string[])
            ["(9223372036854775808,)", "(9223372036854775807, 2)", "(4611686018427387904,)", "(9223372036854775807, 9, 0)",
                "(0, 9223372036854775807, 9)"])
        {
            yield return Row($"the shape {shape}", NpyBytes.Of(NpyBytes.Header("<f4", shape), four), FileDefect.Overflow);
        }
        foreach (
            string type in (string[])[
            "<c8", "|O", "<U5", "f4", "=f4", "<f3", "<f16", "<M8[ns]", "|f4", "|S4", "<f", "", "<b2", "<V4", ">>f4"])
        {
            yield return Row($"the type {type}", NpyBytes.Of(NpyBytes.Header(type, "(1,)"), four), FileDefect.UnsupportedType);
        }
        yield return Row(
            "a record", NpyBytes.Of("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", four),
            FileDefect.UnsupportedType);
        foreach (string text in (string[])
            [
                "", "{", "{}", "()", "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), ", "{'descr': '<f4', 'shape': (1,)}",
                "{'descr': '<f4', 'fortran_order': False}", "{'fortran_order': False, 'shape': (1,)}", $"{header}x", $"{header}\0",
                "{'descr': '<f4', 'fortran_order': False, 'shape': (1,), 'x': 1}", "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}",
                "{'descr': '<f4', 'fortran_order': false, 'shape': (1,)}", "{'descr': '<f4\", 'fortran_order': False, 'shape': (1,)}",
                "{'descr': '<\\x664', 'fortran_order': False, 'shape': (1,)}", "{'descr': <f4, 'fortran_order': False, 'shape': (1,)}",
                "{'descr': '<f4' 'fortran_order': False, 'shape': (1,)}", "{'descr': '<f4',, 'fortran_order': False, 'shape': (1,)}",
                "{,'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", "{'descr' '<f4', 'fortran_order': False, 'shape': (1,)}",
                "{'descr': '<f4\u0001', 'fortran_order': False, 'shape': (1,)}",
                    "{'descr': '<f4\u00fc', 'fortran_order': False, 'shape': (1,)}",
                "{'descr': '<f4', 'fortran_order': Tru", "{'descr", "{'descr': ",
            ])
        {
            yield return Row($"the header {text}", NpyBytes.Of(text, four), FileDefect.InvalidHeader);
        }
        yield return Row(
            "a key twice", NpyBytes.Of("{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,)}", four),
            FileDefect.DuplicateName);

        static TestCaseData Row(string name, byte[] file, FileDefect defect) =>
            new TestCaseData(file, defect).SetArgDisplayNames(string.Concat(name.Where(static c => c is >= ' ' and <= '~')));
    }

    /// <summary>
    /// Catches: a malformed file that is read, that ends in another exception, or whose error does not say where the defect is.
    /// </summary>
    [TestCaseSource(nameof(Malformed))]
    public void Malformed_files_are_refused_by_their_own_error(byte[] file, FileDefect defect)
    {
        using TemporaryDirectory directory = new();
        string path = directory["m.npy"];
        File.WriteAllBytes(path, file);
        MalformedFileException error = Assert.Throws<MalformedFileException>(() => Npy.Open(path))!;
        Assert.That(error.Defect, Is.EqualTo(defect), error.Message);
        Assert.That(error.Message, Does.StartWith($"{path}, byte {error.Offset}: got ").And.Contains("expected"));
        Assert.That(error.Offset, Is.InRange(0, file.Length));
    }

    [Test]
    public void What_NumPy_does_not_have_is_not_written() => Assert.That(
        () => Npy.Write(new MemoryStream(), TensorContent.FromBytes(DataType.BFloat16, new byte[2], [1])),
        Throws.ArgumentException.With.Message.Contains("BFloat16"));

    /// <summary>Catches: a file that its own reader, or NumPy, refuses.</summary>
    [Test]
    public void Shapes_that_NumPy_does_not_have_are_not_written()
    {
        long[] ones = [.. Enumerable.Repeat(1L, 65)];
        MemoryStream stream = new();
        Assert.That(
            () => Npy.Write(stream, TensorContent.From<float>(new float[1], ones)),
            Throws.ArgumentException.With.Message.Contains("got 65 dimensions, expected at most the 64 that NumPy has"));
        Assert.That(
            () => Npy.Write(stream, TensorContent.From<float>(default, 0, 1L << 61)),
            Throws.ArgumentException.With.Message.Contains("got the shape [0, 2305843009213693952], expected fewer than 2⁶³ bytes"));
        Assert.That(stream.Length, Is.Zero);
        Npy.Write(stream, TensorContent.From<float>(new float[1], ones.AsSpan(1)));
        stream.Position = 0;
        using NpyFile read = Npy.Open(stream);
        Assert.That(read.Shape, Has.Count.EqualTo(64));
    }

    [Test]
    public void Files_are_written_and_read_by_path()
    {
        using TemporaryDirectory directory = new();
        Npy.Write(directory["a.npy"], Tensor<double>.From([1, 2, 3, 4, 5, 6], [2, 3]));
        Assert.That(Npy.Read<double>(directory["a.npy"]).ToString(), Is.EqualTo("[2, 3] { 1, 2, 3, 4, 5, 6 }"));
        Assert.That(directory.Files, Is.EqualTo((string[])["a.npy"]));
    }
}
