using System.Xml.Linq;
using Examples.Charts;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>Charts of lines, also of trainings that went wrong.</summary>
public sealed class LineChartTests
{
    /// <summary>Catches: a line that is left out, drawn upside down or moved.</summary>
    [Test]
    public void Each_series_is_a_line_through_its_points()
    {
        Drawing drawing = new(Plotted([1, 0.1, 0.01], [0.01, 0.1, 1]));
        double[][] lines = [.. drawing.Lines.Select(Drawing.Numbers)];
        Assert.That(lines, Has.Length.EqualTo(2).And.All.Length.EqualTo(6));
        Assert.That(lines[0][2] - lines[0][0], Is.EqualTo(lines[0][4] - lines[0][2]).Within(0.02), "equal steps across");
        Assert.That(lines[0][3] - lines[0][1], Is.EqualTo(lines[0][5] - lines[0][3]).Within(0.02).And.GreaterThan(50), "equal ratios down");
        Assert.That(new[] { lines[1][1], lines[1][3], lines[1][5] }, Is.EqualTo(new[] { lines[0][5], lines[0][3], lines[0][1] }));
        Assert.That(drawing.Texts, Does.Contain("line 0, η = 0").And.Contain("line 1, η = 1"));
        Assert.That(drawing.Areas, Is.Empty, "no bands");
    }

    /// <summary>Catches: a line that is drawn through a value that is not there.</summary>
    [Test]
    public void A_diverged_training_is_drawn_as_far_as_it_goes()
    {
        Drawing drawing = new(Plotted([2.3, 1, double.NaN, double.NaN], [2.3, double.PositiveInfinity, 0, 0.1]));
        Assert.That(drawing.Lines.Select(line => Drawing.Numbers(line).Length / 2), Is.EqualTo(new[] { 2, 2 }));
        Assert.That(drawing.Lines.Select(Drawing.Pieces), Is.EqualTo(new[] { 1, 2 }), "broken off; broken off and taken up again");
        Assert.That(drawing.Texts, Does.Contain("line 0, η = 0").And.Contain("line 1, η = 1"), "both have their names");
    }

    /// <summary>Catches: a point that no line reaches, and that therefore nobody sees.</summary>
    [Test]
    public void Points_alone_are_marked()
    {
        // one marker more than that beside the name
        Assert.That(new Drawing(Plotted([1])).Markers, Has.Length.EqualTo(2));
        Assert.That(new Drawing(Plotted([double.NaN, 1, double.NaN, 2, double.NaN])).Markers, Has.Length.EqualTo(3));
        Assert.That(new Drawing(Plotted([double.NaN, double.NaN])).Markers, Has.Length.EqualTo(1));
        double[] lone = [.. Enumerable.Range(0, 41).Select(i => i == 7 ? 1 : double.NaN)];
        Assert.That(new Drawing(Plotted(lone)).Markers, Has.Length.EqualTo(2), "also between the few that are marked of a line");
    }

    [TestCase(new[] { double.NaN, double.NaN })]
    [TestCase(new[] { 3.0, 3, 3 })]
    [TestCase(new[] { 1e-300, 1e300 })]
    [TestCase(new[] { double.MinValue, double.MaxValue })]
    [TestCase(new[] { 0.0 })]
    public void Any_values_have_a_picture(double[] values)
    {
        foreach (Axis up in (Axis[])[Axis.Around("", values), Axis.Logarithmic("", values), Axis.Accuracy("")])
        {
            LineChart chart = new("any", Axis.Count("", values.Length - 1), up, [new("line", Series.AtIndices(values))]);
            Assert.That(new Drawing(chart).Lines.SelectMany(Drawing.Numbers), Is.All.InRange(-1e5, 1e5));
        }
    }

    /// <summary>Catches: a band that is not around its line, and one that goes on where there are no values.</summary>
    [Test]
    public void A_band_reaches_from_its_lower_to_its_upper_values()
    {
        Series series = new("banded", Series.AtIndices([2, 2, double.NaN, 2, 2]))
        {
            Band = [new(1, 3), new(1, 3), new(double.NaN, double.NaN), new(0, 4), new(0, 4)],
        };
        Drawing drawing = new(new LineChart("bands", Axis.Count("", 4), Axis.Between("", 0, 4), [series]));
        XElement area = drawing.Areas.Single();
        double line = Drawing.Numbers(drawing.Lines.Single())[1];
        double[] offsets = [.. Drawing.Numbers(area).Where((_, i) => i % 2 == 1).Select(y => line - y)];
        double unit = offsets[2];
        double[] across = [.. Drawing.Numbers(area).Where((_, i) => i % 2 == 0)];
        Assert.That(across[..4], Is.EqualTo(new[] { across[0], across[1], across[1], across[0] }), "forth and back");
        Assert.That(across[1], Is.GreaterThan(across[0]));
        Assert.That(Drawing.Pieces(area), Is.EqualTo(2));
        Assert.That(unit, Is.GreaterThan(20));
        Assert.That(offsets, Is.EqualTo(new[] { -unit, -unit, unit, unit, -2 * unit, -2 * unit, 2 * unit, 2 * unit }).Within(0.03));
    }

    /// <summary>Catches: a target that is drawn at another height than the values that reach it.</summary>
    [Test]
    public void The_target_is_a_dashed_line_at_its_value()
    {
        Series line = new("at the target", Series.AtIndices([0.95, 0.95]));
        LineChart chart = new("a", Axis.Count("", 1), Axis.Accuracy(""), [line]) { Target = 0.95 };
        Drawing drawing = new(chart);
        XElement target = drawing.Elements("line").Single(line => line.Attribute("stroke-dasharray")?.Value == Theme.TargetLine.Dashes);
        Assert.That(target.Attribute("y1")!.Value, Is.EqualTo(SvgCanvas.Number(Drawing.Numbers(drawing.Lines.Single())[1])));
    }

    /// <summary>
    /// Catches: labels that overlap, change order, leave the frame, or move although there is room. For comparison, the least squares by
    /// trying all places of a grid.
    /// </summary>
    [TestCase(new double[] { 10, 80 }, new double[] { 10, 80 })]
    [TestCase(new double[] { 80, 10 }, new double[] { 80, 10 })]
    [TestCase(new double[] { 50, 50 }, new double[] { 40, 60 })]
    [TestCase(new double[] { 50, 50, 50 }, new double[] { 30, 50, 70 })]
    [TestCase(new double[] { 0, 0 }, new double[] { 0, 20 })]
    [TestCase(new double[] { 100, 100, 99 }, new double[] { 80, 100, 60 })]
    [TestCase(new double[] { 50, 52, 90 }, new double[] { 41, 61, 90 })]
    public void Labels_make_room_for_each_other(double[] wanted, double[] expected) =>
        Assert.That(EndLabels.Spread(wanted, gap: 20, low: 0, high: 100), Is.EqualTo(expected).Within(1e-9));

    [Test]
    public void Labels_are_apart_and_inside_for_any_ends([Range(1, 60)] int seed)
    {
        Random random = new(seed);
        double[] wanted = [.. Enumerable.Range(0, 1 + seed % 6).Select(_ => Math.Round(random.NextDouble() * 100))];
        double[] places = EndLabels.Spread(wanted, gap: 17, low: 0, high: 100);
        Assert.That(places, Is.All.InRange(-1e-9, 100 + 1e-9));
        double[] ordered = [.. wanted.Zip(places).OrderBy(pair => pair.First).ThenBy(pair => pair.Second).Select(pair => pair.Second)];
        Assert.That(ordered.Zip(ordered.Skip(1), (upper, lower) => lower - upper), Is.All.GreaterThan(17 - 1e-9));
    }

    [Test]
    public void What_cannot_be_drawn_is_refused()
    {
        Assert.That(() => new Series("empty", []), Throws.ArgumentException.With.Message.Contains("empty"));
        Assert.That(() => new Series("banded", [new(0, 0)]) { Band = [] },
            Throws.ArgumentException.With.Message.Contains("got 0 intervals"));
        Assert.That(() => new LineChart("t", Axis.Count("", 1), Axis.Count("", 1), []), Throws.ArgumentException);
    }

    private static LineChart Plotted(params double[][] values) => new(
        "training loss", Axis.Count("epoch", values[0].Length - 1), Axis.Logarithmic("", values.SelectMany(line => line)),
            [.. values.Select((line, i) => new Series($"line {i}", Series.AtIndices(line)) { Note = $"η = {i}", Style = i })]);
}
