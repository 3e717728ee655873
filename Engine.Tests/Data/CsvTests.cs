using System.Globalization;
using System.Text;

namespace Engine.Tests.Data;

/// <summary>CSV files: what they mean, and the errors of those that are wrong.</summary>
public sealed class CsvTests
{
    private static readonly CsvOptions NoHeader = new() { HasHeader = false };

    private static IEnumerable<TestCaseData> Texts()
    {
        yield return Case("plain", "a,b\n1,2\n3,4\n", new());
        yield return Case("no line end at the end", "a,b\n1,2\n3,4", new());
        yield return Case("CR LF", "a,b\r\n1,2\r\n3,4\r\n", new());
        yield return Case("CR at the end", "a,b\r\n1,2\r\n3,4\r", new());
        yield return Case("empty lines", "\n\r\na,b\n\n1,2\n\n\n3,4\n\n", new());
        yield return Case("byte order mark", "\uFEFFa,b\n1,2\n3,4\n", new());
        yield return Case("quotes", "\"a\",\"b\"\r\n\"1\",\"2\"\r\n3,\"4\"", new());
        yield return Case("spaces", " a , b\n 1, 2 \n3\t,4\n", new());
        yield return Case("forms of numbers", "a,b\n+1.0,2e0\n.3e1,400E-2\n", new());
        yield return Case("semicolons", "a;b\n1;2\n3;4\n", new() { Separator = ';' });
        yield return Case("tabs", "a\tb\n1\t2\n3\t4\n", new() { Separator = '\t' });
        yield return Case("no header", "1,2\n3,4\n", NoHeader);
        yield return Case("ignored by name", "a,id,b\n1,x,2\n3,,4\n", new() { Ignored = ["id"] });
        yield return Case("ignored from the end", "a,b,id\n1,2,\"\"\n3,4,\"y\"\"z, w\"\n", new() { Ignored = [^1] });
        yield return Case("rows with missing values", "a,b\n,2\n1,2\nNaN,1\n?,7\n3,4\n1, \n",
            new() { Missing = MissingValues.SkipRow, MissingText = "?" });

        static TestCaseData Case(string name, string text, CsvOptions options) =>
            new TestCaseData(text, options).SetArgDisplayNames(name);
    }

    /// <summary>Catches: a form of the file that is read as other numbers, plain or compressed.</summary>
    [TestCaseSource(nameof(Texts))]
    public void TheseFilesAre1234(string text, CsvOptions options)
    {
        foreach (Dataset<double> data in (Dataset<double>[])[Read(text, options), Read(Gzip.Pack(Encoding.UTF8.GetBytes(text)), options)])
        {
            Assert.That(data.Inputs.Shape, Is.EqualTo(new Shape(2, 2)));
            Assert.That(data.Inputs.ToArray(), Is.EqualTo((double[])[1, 2, 3, 4]));
            Assert.That(data.FeatureNames, Is.EqualTo(options.HasHeader ? (string[])["a", "b"] : []));
            Assert.That((data.HasLabels, data.HasTargets), Is.EqualTo((false, false)));
        }
    }

    /// <summary>Catches: classes in another order than that of appearance or of the list; the label of a skipped row.</summary>
    [Test]
    public void LabelsAreNumbersOfNames()
    {
        const string text = "x,y,kind\n1,2,\"Rosé, dry\"\n,4,gone\n5,6, red \n7,8,\"Rosé, dry\"\n";
        CsvOptions options = new() { Labels = "kind", Missing = MissingValues.SkipRow };
        Dataset<double> data = Read(text, options);
        Assert.That(data.ClassNames, Is.EqualTo((string[])["Rosé, dry", "red"]));
        Assert.That(data.Labels.ToArray(), Is.EqualTo((int[])[0, 1, 0]));
        Assert.That(data.FeatureNames, Is.EqualTo((string[])["x", "y"]));
        Dataset<double> listed = Read(text, options with { ClassNames = ["white", "red", "Rosé, dry"] });
        Assert.That(listed.Labels.ToArray(), Is.EqualTo((int[])[2, 1, 2]));
        Assert.That((listed.ClassCount, listed.ClassNames[0]), Is.EqualTo((3, "white")));
    }

    /// <summary>Catches: targets in the order of the file, or among the inputs.</summary>
    [Test]
    public void TargetsAreColumnsInTheAskedOrder()
    {
        Dataset<double> data = Read("a,b,c,d\n1,2,3,4\n5,6,7,8\n", new() { Targets = ["d", 0] });
        Assert.That(data.Targets.Shape, Is.EqualTo(new Shape(2, 2)));
        Assert.That(data.Targets.ToArray(), Is.EqualTo((double[])[4, 1, 8, 5]));
        Assert.That(data.Inputs.ToArray(), Is.EqualTo((double[])[2, 3, 6, 7]));
        Assert.That(data.FeatureNames, Is.EqualTo((string[])["b", "c"]));
    }

    private static IEnumerable<TestCaseData> Malformed()
    {
        CsvOptions labeled = new() { Labels = ^1, ClassNames = ["yes", "no"] };
        yield return Case("", new(), "file without rows, expected a header and at least one row");
        yield return Case("\n\r\n", NoHeader, "file without rows, expected at least one row");
        yield return Case("a,b\n", new(), "got 0 rows after the header, expected at least one");
        yield return Case("a,b\n,1\n", new() { Missing = MissingValues.SkipRow }, "got 1 rows after the header, all with missing values");
        yield return Case("a,b\n1,2\n\n3\n", new(), "line 4: got 1 fields, expected 2 as in line 1");
        yield return Case("\na,b\n1,2,3\n", new(), "line 3: got 3 fields, expected 2 as in line 2");
        yield return Case("a,b\n1,2\n3,x\n", new(), "line 3, column 2 ('b'): got 'x', expected a number");
        yield return Case("1,2\n3,0x10\n", NoHeader, "line 2, column 2: got '0x10', expected a number");
        yield return Case("a,b\n1,\"2,5\"\n", new(), "line 2, column 2 ('b'): got '2,5', expected a number");
        yield return Case("a,b\n\"1\n\",\"x\"\n", new(), "line 3, column 2 ('b'): got 'x'");
        yield return Case("a,b\n1,\n", new(), "line 2, column 2 ('b'): got a missing value, expected a value");
        yield return Case("a,b\n1,?\n", new() { MissingText = "?" }, "got '?', which stands for a missing value, expected a value");
        yield return Case("a,b\n1,NaN\n", new(), "line 2, column 2 ('b'): got 'NaN', expected a number that is finite as double");
        yield return Case(
            "a,b\n1,-Infinity\n", new() { Missing = MissingValues.SkipRow }, "got '-Infinity', expected a number that is finite");
        yield return Case("a,b\n1,1e999\n", new(), "got '1e999', expected a number that is finite as double");
        yield return Case("a,k\n1,maybe\n", labeled, "line 2, column 2 ('k'): got the class 'maybe', expected one of 'yes', 'no'");
        yield return Case("a,k\n1,\n", labeled, "line 2, column 2 ('k'): got a missing value");
        yield return Case("a,b\n1,2\"\n", new(), "line 2, column 2: got a quote inside a field without quotes");
        yield return Case("a,b\n1,\"2\n3,4\n", new(), "line 2, column 2: got a quote that is not closed");
        yield return Case("a,b\n1,\"2\" \n", new(), "line 2, column 2: got text after the closing quote");
        yield return Case($"a,b\n1,{new string('7', 400)}x\n", new(), "777…', expected a number");
        yield return Case($"a,k\n1,{new string('k', 1025)}\n", new() { Labels = 1 }, "expected a name of at most 1024 bytes");
        yield return Case($"\"{new string('k', CsvRecords.MostBytes + 1)}", new(), "got a record of more than 16777216 bytes");

        static TestCaseData Case(string text, CsvOptions options, string message) =>
            new TestCaseData(text, options, message).SetArgDisplayNames(message);
    }

    /// <summary>Catches: a wrong file that is read as some numbers, or an error that does not say where.</summary>
    [TestCaseSource(nameof(Malformed))]
    public void AWrongFileIsAnErrorThatSaysWhere(string text, CsvOptions options, string message) => Assert.That(
        () => Read(text, options),
        Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("Csv: test.csv").And.Message.Contains(message));

    private static IEnumerable<TestCaseData> WrongOptions()
    {
        yield return Case(new() { Labels = "c" }, "got the column 'c' in Labels, expected one of 'a', 'b', 'b'");
        yield return Case(new() { Targets = [3] }, "got the column 3 in Targets, expected an index in 3 columns");
        yield return Case(new() { Ignored = [^4] }, "got the column ^4 in Ignored");
        yield return Case(new() { Ignored = ["b"] }, "got the column 'b' in Ignored, of which there are several");
        yield return Case(new() { Ignored = ["a"], Labels = 0 }, "got the column 'a' in Ignored, expected each column once");
        yield return Case(new() { Targets = [1], Labels = 0 }, "got Labels and Targets");
        yield return Case(new() { Ignored = [0, 1, 2] }, "none of which is left for the inputs");
        yield return Case(new() { HasHeader = false, Labels = "a" }, "expected an index, since the file is read without a header");
        yield return Case(new() { Labels = 0, ClassNames = ["k", "k"] }, "the class name 'k' twice");

        static TestCaseData Case(CsvOptions options, string message) => new TestCaseData(options, message).SetArgDisplayNames(message);
    }

    /// <summary>Catches: a column that is silently another, or used twice.</summary>
    [TestCaseSource(nameof(WrongOptions))]
    public void OptionsThatDoNotFitTheFileAreNamed(CsvOptions options, string message) => Assert.That(
        () => Read("a,b,b\n1,2,3\n", options), Throws.InstanceOf<ArgumentException>().With.Message.Contains(message));

    /// <summary>Catches: a separator that cannot be told from a number or a quote.</summary>
    [Test]
    public void ASeparatorIsNoPartOfAField([Values('"', '\n', '\r', '.', '-', '+', '1', 'e', 'é')] char separator) => Assert.That(
        () => new CsvOptions { Separator = separator },
        Throws.InstanceOf<ArgumentException>().With.Message.Contains("CsvOptions.Separator"));

    /// <summary>Catches: a choice that does not exist and is taken for one of the others.</summary>
    [Test]
    public void AnotherChoiceForMissingValuesIsRefused() => Assert.That(
        () => new CsvOptions { Missing = (MissingValues)2 },
        Throws.InstanceOf<ArgumentException>().With.Message.Contains("CsvOptions.Missing: got 2, expected Throw or SkipRow"));

    /// <summary>Catches: text in another encoding that is read as names, or as an empty file.</summary>
    [Test]
    public void AnotherEncodingIsAnError()
    {
        Assert.That(
            () => Read(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a\n1\n")).ToArray(), new()),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("UTF-16"));
        Assert.That(
            () => Read([.. "a,k\n1,ros"u8, 0xE9, .. "\n"u8], new() { Labels = "k" }),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("line 2, column 2 ('k'): got bytes that are not UTF-8"));
    }

    /// <summary>Catches: a compressed file that was cut short or damaged and is read as one with fewer rows.</summary>
    [Test]
    public void ACompressedFileIsReadWholeOrNotAtAll()
    {
        StringBuilder text = new("a\n");
        for (int i = 0; i < 300; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{RandomKey.FromSeed(3).Uniform(i)}\n");
        }
        byte[] packed = Gzip.Pack(Encoding.UTF8.GetBytes(text.ToString()));
        Assert.That(Read(packed, new()).Count, Is.EqualTo(300));
        for (int length = 2; length < packed.Length; length += length < packed.Length - 24 ? 17 : 1)
        {
            Assert.That(() => Read(packed[..length], new()), Throws.TypeOf<InvalidDataException>(), $"cut to {length} bytes");
        }
        for (int place = 10; place < packed.Length; place += 97)
        {
            byte[] damaged = [.. packed];
            damaged[place] ^= 0x10;
            Assert.That(() => Read(damaged, new()), Throws.TypeOf<InvalidDataException>(), $"damaged at byte {place}");
        }
    }

    /// <summary>Catches: any other exception, a loop without end, or a data set that is not finite, for any bytes.</summary>
    [Test]
    public void AnyBytesAreADataSetOrAnError()
    {
        ReadOnlySpan<byte> alphabet = "01,.\"\n\r-e xé"u8;
        RandomKey key = RandomKey.FromSeed(2);
        int read = 0;
        for (int trial = 0; trial < 3000; trial++)
        {
            RandomKey random = key.Fold(trial);
            byte[] bytes = new byte[1 + (int)(random.Uniform(0) * 24)];
            for (int i = 0; i < bytes.Length; i++)
            {
                bytes[i] = alphabet[(int)(random.Uniform(i + 1) * alphabet.Length)];
            }
            try
            {
                Dataset<double> data = Read(bytes, trial % 2 == 0 ? NoHeader : new());
                Assert.That(data.Inputs.ToArray(), Has.All.Matches<double>(double.IsFinite));
                read++;
            }
            catch (InvalidDataException exception)
            {
                Assert.That(exception.Message, Does.StartWith("Csv: test.csv"));
            }
        }
        Assert.That(read, Is.GreaterThan(20), "some are files");
    }

    /// <summary>Catches: a decimal comma, or a group separator, of the machine.</summary>
    [Test]
    public void TheCultureChangesNothing()
    {
        CultureInfo before = CultureInfo.CurrentCulture, german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.That(Read("a\n-1.5\n", new()).Inputs.Item, Is.EqualTo(-1.5));
            Assert.That(() => Read("a;b\n1,5;~2\n", new() { Separator = ';' }), Throws.TypeOf<InvalidDataException>());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    /// <summary>Catches: a name of the file that messages do not give; a stream that is closed; a file that stays open.</summary>
    [Test]
    public void AFileAndAStreamAreReadAlike()
    {
        string folder = Directory.CreateTempSubdirectory("csv").FullName;
        try
        {
            string path = Path.Combine(folder, "numbers.csv");
            File.WriteAllText(path, "a,b\n1,2\n");
            using MemoryStream stream = new(File.ReadAllBytes(path));
            Assert.That(Csv.Read<float>(path).Inputs.ToArray(), Is.EqualTo(Csv.Read<float>(stream).Inputs.ToArray()));
            Assert.That(stream.CanRead, Is.True);
            File.WriteAllText(path, "a,b\n1\n");
            Assert.That(
                () => Csv.Read<float>(path), Throws.TypeOf<InvalidDataException>().With.Message.StartsWith("Csv: numbers.csv, line 2"));
            Assert.That(() => Csv.Read<float>(path + "x"), Throws.InstanceOf<IOException>());
            Assert.That(() => Csv.Read<float>(""), Throws.ArgumentException);
            Assert.That(() => Csv.Read<float>((Stream)null!), Throws.ArgumentNullException);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Catches: memory for each field or row, beyond the numbers themselves.</summary>
    [Test]
    public void TwiceTheRowsAllocateLittleMore()
    {
        byte[] rows = Encoding.UTF8.GetBytes("a,b,k\n" + string.Concat(Enumerable.Repeat("0.125,-17.5,some class\n", 8192)));
        Read(rows, new() { Labels = "k" });
        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(rows, new() { Labels = "k" });
        // lists that double, and the tensors: some 70 bytes for each row of two numbers and a label, where a string for each field has more
        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(8192 * 90 + 200_000));
    }

    private static Dataset<double> Read(string text, CsvOptions options) => Read(Encoding.UTF8.GetBytes(text), options);

    private static Dataset<double> Read(byte[] bytes, CsvOptions options) =>
        Csv.Read<double>(new MemoryStream(bytes), options, "test.csv");
}
