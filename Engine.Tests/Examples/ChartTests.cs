using System.Globalization;
using System.Xml.Linq;
using Examples;
using Examples.Charts;
using NUnit.Framework;
using Spectre.Console;

namespace Engine.Tests.Examples;

/// <summary>The drawings, also of trainings that went wrong.</summary>
[Category("Slow")]
public sealed class ChartTests
{
    [Test]
    public void Values_lie_where_the_axis_says()
    {
        Axis log = Axis.Logarithmic([0.01, 1]), percent = Axis.Percent(0.87), count = Axis.Count(30);
        Assert.That(log.Fraction(0.1), Is.EqualTo(0.5).Within(1e-12));
        Assert.That(log.Ticks.Select(log.Label), Is.EqualTo(new[] { "0.01", "0.1", "1" }));
        Assert.That(percent.Fraction(0.8), Is.EqualTo(0).Within(1e-12));
        Assert.That(percent.Fraction(0.9), Is.EqualTo(0.5).Within(1e-12));
        Assert.That(percent.Label(percent.Ticks[^1]), Is.EqualTo("100 %"));
        Assert.That(count.Ticks, Is.EqualTo(new double[] { 0, 5, 10, 15, 20, 25, 30 }));
    }

    [Test]
    public void Axes_of_any_values_have_few_ticks_inside_them(
        [Values(1e-30, 3e-7, 0.02, 1, 7, 4e5)] double low, [Values(1, 1.5, 30, 1e9)] double ratio)
    {
        Axis[] axes =
        [
            Axis.Logarithmic([low, low * ratio]), Axis.Percent(Math.Min(low, 1)), Axis.Count((int)(1 + Math.Min(low * ratio, 1000))),
        ];
        foreach (Axis axis in axes)
        {
            Assert.That(axis.Ticks, Is.Ordered, $"{axis.Low} to {axis.High}");
            Assert.That(axis.Ticks, Is.All.InRange(axis.Low, axis.High));
            Assert.That(axis.Ticks.Count, Is.InRange(1, 11));
            Assert.That(axis.Ticks.Select(axis.Label).Distinct().Count(), Is.EqualTo(axis.Ticks.Count), "labels differ");
            Assert.That(axis.Ticks.Select(tick => axis.Label(tick).Length), Is.All.LessThanOrEqualTo(7), "and fit beside the plot");
        }
        Assert.That(Axis.Logarithmic([low, low * ratio]).Fraction(low), Is.InRange(-1e-9, 1.0));
    }

    [Test]
    public void A_diverged_training_is_drawn_as_far_as_it_goes()
    {
        Plot plot = Plotted([2.3, 1, double.NaN, double.NaN], [2.3, double.PositiveInfinity, 0, 0.1]);
        Assert.That(Letters(plot), Does.Contain("training loss"));
        string[] paths =
            [.. Picture(plot).Descendants().Where(element => element.Name.LocalName == "path").Select(path => path.Attribute("d")!.Value)];
        Assert.That(paths, Has.Length.EqualTo(2).And.None.Contains("NaN").And.None.Contains("∞").And.None.Contains("Infinity"));
        Assert.That(paths[0].Count(letter => letter is 'M' or 'L'), Is.EqualTo(2), "up to the first NaN");
        Assert.That(paths[1].Count(letter => letter == 'M'), Is.EqualTo(2), "broken off and taken up again");
    }

    [Test]
    public void Nothing_finite_is_no_crash()
    {
        Plot plot = Plotted([double.NaN, double.NaN], [double.NaN, double.NaN]);
        Assert.That(Letters(plot), Is.Not.Empty);
        Assert.That(Picture(plot).ToString(), Does.Not.Contain("NaN"));
    }

    [Test]
    public void Letters_stand_at_the_values()
    {
        // a straight line from the first row to the last: 14 rows over 66 columns
        string[] lines = Letters(Plotted([1, 0.1, 0.01])).Split('\n');
        Assert.That(lines[1].TrimEnd(), Is.EqualTo("      1 +aaa"));
        Assert.That(lines[14].TrimEnd(), Is.EqualTo("   0.01 +" + new string(' ', 63) + "aaa"));
        Assert.That(lines.Select(line => line.TrimEnd().Length), Is.All.LessThanOrEqualTo(80));
    }

    [Test]
    public void Lines_that_end_together_have_names_apart()
    {
        Plot plot = Plotted([1, 0.02], [1, 0.02], [1, 0.02], [1, 0.021]);
        IEnumerable<XElement> names = Picture(plot).Descendants()
            .Where(element => element.Attribute("font-weight") is not null && element.Value.StartsWith("line", StringComparison.Ordinal));
        double[] heights = [.. names.Select(text => double.Parse(text.Attribute("y")!.Value, CultureInfo.InvariantCulture)).Order()];
        Assert.That(heights, Has.Length.EqualTo(4));
        Assert.That(heights.Zip(heights.Skip(1), (upper, lower) => lower - upper), Is.All.GreaterThanOrEqualTo(12));
    }

    private static Plot Plotted(params double[][] values) => new(
        "training loss", Axis.Count(values[0].Length - 1), Axis.Logarithmic(values.SelectMany(line => line)), null,
            [.. values.Select((line, i) => new Series($"line {i}", (char)('a' + i), new Color((byte)(60 * i), 80, 160), line))]);

    private static string Letters(Plot plot)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        TerminalPlot.Write(Terminal.On(writer), plot);
        return writer.ToString().ReplaceLineEndings("\n");
    }

    private static XElement Picture(Plot plot)
    {
        using MemoryStream stream = new();
        SvgChart.Write(stream, "title", [plot]);
        stream.Position = 0;
        return XDocument.Load(stream).Root!;
    }
}
