using System.Text.Json;

namespace Engine.Tests.Logging;

/// <summary>What is in the HTML report, and that nothing of it comes from elsewhere.</summary>
public sealed class HtmlReportTests
{
    /// <summary>Catches: a curve, table or text that is missing from the report, or has other numbers than the log.</summary>
    [Test]
    public void It_holds_the_run()
    {
        using TemporaryDirectory directory = new();
        JsonElement data = Data(new HtmlReport(ReportRun.Load(directory.Path)) { Title = "A run", ConfusionMatrix = ReportRun.Matrix() });
        Assert.That(data.GetProperty("title").GetString(), Is.EqualTo("A run"));
        Assert.That(data.GetProperty("summary").GetString(), Does.Match("^200 steps in .* s, from 2023-11-14 22:13:20 UTC, succeeded$"));
        JsonElement[] charts = [.. data.GetProperty("charts").EnumerateArray()];
        Assert.That(charts.Select(static chart => chart.GetProperty("name").GetString()), Is.EqualTo(new[]
        {
            "loss", "metrics", "learning-rate", "gradient-norm", "update-ratio",
        }));
        JsonElement[] losses = [.. charts[0].GetProperty("series").EnumerateArray()];
        Assert.That(losses.Select(static loss => loss.GetProperty("name").GetString()), Is.EqualTo(new[] { "training", "validation" }));
        Assert.That(losses[0].GetProperty("tag").GetString(), Is.EqualTo("loss/training"));
        Assert.That(losses[0].GetProperty("steps").GetArrayLength(), Is.EqualTo(200));
        Assert.That(losses[0].GetProperty("values")[0].GetDouble(), Is.EqualTo(ReportRun.TrainingLoss(1)).Within(1e-6));
        Assert.That(losses[1].GetProperty("values")[3].GetString(), Is.EqualTo("NaN"));
        Assert.That(
            data.GetProperty("hyperparameters").EnumerateArray().Select(static pair => $"{pair[0]}={pair[1]}"),
            Is.EqualTo(new[] { "optimizer=Adam", "rate=0.1", "nesterov=true" }));
        Assert.That(data.GetProperty("machine").EnumerateArray().Select(static pair => pair[0].GetString()), Does.Contain("Processor"));
        Assert.That(data.GetProperty("texts")[0][1].GetString(), Is.EqualTo(ReportRun.Note));
        JsonElement confusion = data.GetProperty("confusion");
        Assert.That(confusion.GetProperty("counts")[0].EnumerateArray().Select(static n => n.GetInt32()), Is.EqualTo(new[] { 2, 1 }));
        Assert.That(confusion.GetProperty("recall")[0].GetDouble(), Is.EqualTo(2.0 / 3).Within(1e-15));
    }

    /// <summary>Catches: anything that a browser would fetch, and a text of the run that ends the element which holds the data.</summary>
    [Test]
    public void It_needs_nothing_else()
    {
        using TemporaryDirectory directory = new();
        string html = new HtmlReport(ReportRun.Load(directory.Path)).ToString();
        string[] addresses = ["http://www.w3.org/2000/svg"];
        Assert.That(
            System.Text.RegularExpressions.Regex.Matches(html, "https?://[^\"' )]*").Select(static match => match.Value),
            Is.EqualTo(addresses), "a name space, which nobody fetches");
        Assert.That(html, Does.Not.Contain("<link").And.Not.Contain("src=").And.Not.Contain("@import").And.Not.Contain("url(\""));
        Assert.That(html.Split("</script>"), Has.Length.EqualTo(3), "two elements");
    }

    /// <summary>Catches: a report that is half written where one was, and a title that is not the run's.</summary>
    [Test]
    public void It_is_written_as_a_whole()
    {
        using TemporaryDirectory directory = new();
        HtmlReport report = new(ReportRun.Load(directory["run 7"]));
        report.Save(directory["report.html"]);
        report.Save(directory["report.html"]);
        Assert.That(File.ReadAllText(directory["report.html"]), Is.EqualTo(report.ToString()));
        Assert.That(Directory.GetFiles(directory.Path), Has.Length.EqualTo(1));
        Assert.That(report.Title, Is.EqualTo("run 7"));
    }

    /// <summary>Catches: a long curve that loses its peaks or its last point, or is drawn whole.</summary>
    [Test]
    public void A_long_curve_keeps_its_peaks()
    {
        ScalarPoint[] points =
        [
            .. Enumerable.Range(0, 100_003).Select(static i => new ScalarPoint(i, i, (i % 1000) switch { 7 => 50, 9 => -50, _ => 0 })),
        ];
        points[20] = points[20] with { Value = double.NaN };
        IReadOnlyList<ScalarPoint> thin = Curve.Thin(points);
        Assert.That(thin, Has.Count.InRange(2048, 4097));
        Assert.That(thin.Select(static point => point.Step), Is.Ordered.And.Unique);
        Assert.That(thin.Count(static point => point.Value == 50), Is.EqualTo(100));
        Assert.That(thin.Count(static point => point.Value == -50), Is.EqualTo(100));
        Assert.That(thin[^1], Is.EqualTo(points[^1]));
        Assert.That(Curve.Thin(points[..4096]), Has.Count.EqualTo(4096));
    }

    private static JsonElement Data(HtmlReport report)
    {
        string html = report.ToString();
        const string start = "<script type=\"application/json\" id=\"data\">";
        int begin = html.IndexOf(start, StringComparison.Ordinal) + start.Length;
        return JsonDocument.Parse(html[begin..html.IndexOf("</script>", begin, StringComparison.Ordinal)]).RootElement;
    }
}
