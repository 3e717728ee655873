using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Engine.Tests.Logging;

/// <summary>The logs of lines, comma-separated and JSON.</summary>
public sealed class LineLogTests
{
    private static readonly RunLogOptions Options = new() { Clock = new TestClock(1_700_000_000.5) };

    /// <summary>Catches: a column out of place, a text without its quotation marks, a number that loses digits.</summary>
    [Test]
    public void A_table_has_a_row_for_each_entry()
    {
        using TemporaryDirectory directory = new();
        using (CsvLog log = new(directory["inside/log.csv"], Options))
        {
            log.Hyperparameters(new Dictionary<string, HyperparameterValue> { ["rule"] = "Adam, \"fast\"", ["rate"] = 0.1 }, []);
            log.Scalar("loss", 1.0 / 3, 7);
            log.Scalar("a,b", double.NaN, -1);
            log.Text("note", "two\nlines", 8);
            log.Histogram<double>("w", [1, 3], 9);
            log.Image("i", new LogImage(2, 1, 3, new byte[6]), 10);
        }
        string[] rows =
        [
            "0,hyperparameter,rule,\"Adam, \"\"fast\"\"\"", "0,hyperparameter,rate,0.1", "7,scalar,loss,0.3333333333333333",
            "-1,scalar,\"a,b\",NaN", "8,text,note,\"two\nlines\"", "9,scalar,w/count,2", "9,scalar,w/mean,2",
            "9,scalar,w/standard-deviation,1", "9,scalar,w/minimum,1", "9,scalar,w/maximum,3", "10,image,i,2x1x3",
        ];
        Assert.That(File.ReadAllText(directory["inside/log.csv"]), Is.EqualTo(
            "time,step,kind,tag,value\n" + string.Concat(rows.Select(static row => $"2023-11-14T22:13:20.5000000Z,{row}\n"))));
    }

    /// <summary>
    /// Catches: √(Σx²/n − mean²), which gives 0 or noise for numbers far from 0; a minimum of 0 where there is no number.
    /// </summary>
    [Test]
    public void Moments_are_those_of_the_numbers()
    {
        using TemporaryDirectory directory = new();
        using (CsvLog log = new(directory["log.csv"], Options))
        {
            log.Histogram<double>("far", [1e9 - 1, 1e9, 1e9 + 1, double.PositiveInfinity], 1);
            log.Histogram<float>("none", [float.NaN], 1);
        }
        Dictionary<string, double> values = File.ReadAllLines(directory["log.csv"]).Skip(1).Select(static line => line.Split(','))
            .ToDictionary(static row => row[3], static row => double.Parse(row[4], CultureInfo.InvariantCulture));
        Assert.That((values["far/count"], values["far/mean"]), Is.EqualTo((3.0, 1e9)));
        Assert.That(values["far/standard-deviation"], Is.EqualTo(Math.Sqrt(2.0 / 3)).Within(1e-15));
        Assert.That(values["none/count"], Is.Zero);
        Assert.That(
            (string[])["none/mean", "none/standard-deviation", "none/minimum", "none/maximum"],
            Has.All.Matches<string>(name => double.IsNaN(values[name!])));
    }

    /// <summary>Catches: a line that is no JSON, a number that JSON does not have, a picture that cannot be read back.</summary>
    [Test]
    public void Each_line_is_an_object()
    {
        using TemporaryDirectory directory = new();
        LogImage image = new(2, 1, 1, [5, 250]);
        using (JsonLinesLog log = new(directory["log.jsonl"], Options))
        {
            log.Hyperparameters(
                new Dictionary<string, HyperparameterValue>
                {
                    ["rule"] = "\"Adam\"\n", ["clip"] = true, ["bound"] = double.PositiveInfinity,
                },
                ["loss"]);
            log.Scalar("loss ünïcödé", 1.0 / 3, 7);
            log.Scalar("loss", double.NegativeInfinity, 8);
            log.Text("note", "</script>", 9);
            log.Histogram<double>("w", [1, 3], 10);
            log.Image("i", image, 11);
        }
        JsonElement[] lines = [.. File.ReadAllLines(directory["log.jsonl"]).Select(static line => JsonDocument.Parse(line).RootElement)];
        Assert.That(lines, Has.Length.EqualTo(6));
        Assert.That(
            lines.Select(static line => line.GetProperty("time").GetDateTime()),
            Is.All.EqualTo(new DateTime(2023, 11, 14, 22, 13, 20, 500, DateTimeKind.Utc)));
        JsonElement values = lines[0].GetProperty("hyperparameters");
        Assert.That(values.GetProperty("rule").GetString(), Is.EqualTo("\"Adam\"\n"));
        Assert.That(values.GetProperty("clip").GetBoolean(), Is.True);
        Assert.That(values.GetProperty("bound").GetString(), Is.EqualTo("Infinity"));
        Assert.That(lines[0].GetProperty("metrics")[0].GetString(), Is.EqualTo("loss"));
        Assert.That(lines[1].GetProperty("tag").GetString(), Is.EqualTo("loss ünïcödé"));
        Assert.That((lines[1].GetProperty("value").GetDouble(), lines[1].GetProperty("step").GetInt64()), Is.EqualTo((1.0 / 3, 7L)));
        Assert.That(lines[2].GetProperty("value").GetString(), Is.EqualTo("-Infinity"));
        Assert.That(lines[3].GetProperty("text").GetString(), Is.EqualTo("</script>"));
        JsonElement histogram = lines[4].GetProperty("histogram");
        Assert.That(histogram.GetProperty("counts").EnumerateArray().Sum(static count => count.GetDouble()), Is.EqualTo(2));
        Assert.That(histogram.GetProperty("limits").GetArrayLength(), Is.EqualTo(histogram.GetProperty("counts").GetArrayLength()));
        Assert.That((histogram.GetProperty("sum").GetDouble(), histogram.GetProperty("sumOfSquares").GetDouble()), Is.EqualTo((4, 10)));
        Assert.That(PngTests.Decode(lines[5].GetProperty("image").GetBytesFromBase64()).Pixels, Is.EqualTo(image.Pixels.ToArray()));
    }

    /// <summary>Catches: a second header in the middle of a table, and a torn line that spoils the one after it.</summary>
    [TestCase("")]
    [TestCase("2023-11-14T22:13:20.5000000Z,1,sca")]
    public void A_file_is_continued(string torn)
    {
        using TemporaryDirectory directory = new();
        string path = directory["log.csv"];
        for (int run = 0; run < 2; run++)
        {
            using (CsvLog log = new(path, Options))
            {
                log.Scalar("loss", run, run);
            }
            File.AppendAllText(path, torn);
        }
        string[] lines = File.ReadAllLines(path);
        Assert.That(lines.Take(3).Select(static line => line[(line.IndexOf(',') + 1)..]), Is.EqualTo(new[]
        {
            "step,kind,tag,value", "0,scalar,loss,0", "1,scalar,loss,1",
        }));
        Assert.That(lines, Has.Length.EqualTo(torn.Length == 0 ? 3 : 4));
    }

    /// <summary>Catches: a torn line longer than the block that is read from the end, which is then not found.</summary>
    [TestCase(0)]
    [TestCase(4095)]
    [TestCase(4096)]
    [TestCase(20_000)]
    public void A_torn_line_may_be_long(int length)
    {
        using TemporaryDirectory directory = new();
        string path = directory["log.jsonl"];
        File.WriteAllText(path, "{}\n" + new string('x', length));
        new JsonLinesLog(path, Options).Dispose();
        Assert.That(File.ReadAllText(path), Is.EqualTo("{}\n"));
        File.WriteAllText(path, "{" + new string('x', length));
        new JsonLinesLog(path, Options).Dispose();
        Assert.That(File.ReadAllText(path), Is.Empty);
    }

    /// <summary>Catches: somebody's file that is emptied because it has no line feed.</summary>
    [Test]
    public void A_file_that_is_no_log_is_refused_and_left_alone()
    {
        using TemporaryDirectory directory = new();
        string path = directory["thesis.txt"];
        File.WriteAllText(path, "my only copy");
        Assert.That(() => new JsonLinesLog(path, Options), Throws.InstanceOf<IOException>().With.Message.Contains("not a log"));
        Assert.That(() => new CsvLog(path, Options), Throws.InstanceOf<IOException>().With.Message.Contains("not a log"));
        Assert.That(File.ReadAllText(path), Is.EqualTo("my only copy"));
    }

    /// <summary>Catches: a line feed inside a quoted text taken for the end of a record, so that the quotation is never closed.</summary>
    [Test]
    public void A_record_that_is_torn_inside_a_quotation_is_cut_off()
    {
        using TemporaryDirectory directory = new();
        string path = directory["log.csv"];
        using (CsvLog log = new(path, Options))
        {
            log.Scalar("loss", 1, 1);
            log.Text("note", "line one\nline two \"quoted\"\nline three", 2);
        }
        string whole = File.ReadAllText(path);
        int end = whole.IndexOf(",text,", StringComparison.Ordinal);
        File.WriteAllText(path, whole[..^5]);
        new CsvLog(path, Options).Dispose();
        Assert.That(File.ReadAllText(path), Is.EqualTo(whole[..(whole.LastIndexOf('\n', end) + 1)]));
    }

    /// <summary>Catches: values that come back as others, of any size.</summary>
    [Test]
    public void Numbers_come_back_exactly()
    {
        using TemporaryDirectory directory = new();
        double[] numbers = [0, -0.0, 1e-300, double.Epsilon, double.MaxValue, 0.1f, 123456789.123456789, double.PositiveInfinity];
        using (CsvLog log = new(directory["log.csv"], Options))
        {
            foreach (double number in numbers)
            {
                log.Scalar("x", number, 0);
            }
        }
        IEnumerable<double> read = File.ReadLines(directory["log.csv"], Encoding.UTF8).Skip(1)
            .Select(static line => double.Parse(line.Split(',')[4], CultureInfo.InvariantCulture));
        Assert.That(read.Select(BitConverter.DoubleToInt64Bits), Is.EqualTo(numbers.Select(BitConverter.DoubleToInt64Bits)));
    }
}
