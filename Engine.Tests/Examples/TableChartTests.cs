using System.Globalization;
using System.Xml.Linq;
using Examples.Charts;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>Histograms, bars, heat maps and confusion matrices: what they count, measure and write.</summary>
public sealed class TableChartTests
{
    /// <summary>Catches: values in a wrong bin or in none, and samples of different sizes that are not comparable.</summary>
    [Test]
    public void A_histogram_shows_the_share_of_values_in_each_bin()
    {
        // from 0 to 10: the first sample has a fifth of its values at 0, the others at 10
        double[] values = [.. Enumerable.Repeat(0.0, 20), .. Enumerable.Repeat(10.0, 80)];
        Drawing drawing = new(new Histogram("h", "w", [new("one", values), new("half of it", [0, 0, 10, 10])]));
        double[][] outlines = [.. drawing.Lines.Select(Drawing.Numbers)];
        double[][] heights = [.. outlines.Select(outline => outline.Where((_, i) => i % 2 == 1).Select(y => outline[1] - y).ToArray())];
        Assert.That(outlines.Select(outline => outline.Length).Distinct().Count(), Is.EqualTo(1), "the same bins");
        Assert.That(heights[0][1] / heights[0][^2], Is.EqualTo(0.25).Within(1e-3), "20 to 80");
        Assert.That(heights[1][1], Is.EqualTo(heights[1][^2]).And.EqualTo(2.5 * heights[0][1]).Within(0.05), "50 % each");
        Assert.That(heights.SelectMany(all => all[3..^3]), Is.All.Zero);
        Assert.That(drawing.Areas, Has.Length.EqualTo(2));
    }

    [Test]
    public void A_histogram_has_more_bins_for_more_values_and_says_what_is_not_finite()
    {
        double[] few = [.. Enumerable.Range(0, 20).Select(i => (double)i)], many = [.. Enumerable.Range(0, 20000).Select(i => i / 1000.0)];
        Assert.That(Points(many), Is.GreaterThan(Points(few)));
        Assert.That(Points([.. many, 1e6]), Is.LessThan(200), "an outlier");
        Histogram histogram = new("h", "w", [new("a", [1, double.NaN, double.NegativeInfinity]), new("b", [double.NaN])]);
        Assert.That(new Drawing(histogram).Texts, Does.Contain("a, 2 not finite").And.Contain("b, 1 not finite"));
        foreach (double[] any in (double[][])[[7], [0, 0], [-1e308, 1e308], [1e-320, 2e-320]])
        {
            Assert.That(Points(any), Is.GreaterThan(10));
        }
        Assert.That(() => new Histogram("h", "w", []), Throws.ArgumentException);
        Assert.That(() => new Histogram("h", "w", [new("empty", [])]), Throws.ArgumentException.With.Message.Contains("empty"));

        static int Points(double[] values) =>
            Drawing.Numbers(new Drawing(new Histogram("h", "w", [new("s", values)])).Lines.Single()).Length / 2;
    }

    /// <summary>Catches: bars that do not begin at zero, and lengths that are not in the ratio of the values.</summary>
    [Test]
    public void Bars_are_as_long_as_their_values()
    {
        Bar[] given = [new("a", 4), new("b", -2), new("none", double.NaN), new("d", 99)];
        Drawing drawing = new(new BarChart("b", Axis.Between("", -2, 4), given));
        double[][] bars = [.. Shaded(drawing).Select(bar => new[] { Number(bar, "x"), Number(bar, "width") })];
        double zero = bars[0][0];
        Assert.That(bars[1][0] + bars[1][1], Is.EqualTo(zero).Within(0.02), "to the left of zero");
        Assert.That(bars[1][1], Is.EqualTo(bars[0][1] / 2).Within(0.02));
        Assert.That(bars[2], Is.EqualTo(new[] { zero, 0 }));
        Assert.That(bars[3], Is.EqualTo(bars[0]), "to the end of the axis");
        Assert.That(drawing.Texts, Is.SupersetOf(new[] { "4", "-2", "NaN", "99", "a", "none" }));
        Drawing logarithmic = new(new BarChart("b", Axis.Logarithmic("", [0.01, 1]), [new("a", 1), new("b", 0.1), new("zero", 0)]));
        double[] lengths = [.. Shaded(logarithmic).Select(bar => Number(bar, "width"))];
        Assert.That(lengths, Is.EqualTo(new[] { lengths[0], lengths[0] / 2, 0 }).Within(0.02));
        Assert.That(() => new BarChart("b", Axis.Count("", 1), []), Throws.ArgumentException);
    }

    /// <summary>Catches: rows and columns exchanged, cells out of order, and shades by the whole matrix instead of the row.</summary>
    [Test]
    public void A_confusion_matrix_writes_counts_and_shades_shares_of_the_actual_class()
    {
        ConfusionMatrix counts = new(["cat", "dog"]);
        for (int i = 0; i < 108; i++)
        {
            // 6 cats and 2 dogs of the 8 cats, 100 dogs of the dogs
            counts.Add(Tensor<float>.From(i < 6 ? [1f, 0f] : [0f, 1f], [1, 2]), [i < 8 ? 0 : 1]);
        }
        Drawing drawing = new(ConfusionHeatMap.Of("c", counts));
        XElement[] cells = [.. Cells(drawing, 4)];
        Assert.That(cells.Select(cell => Number(cell, "fill-opacity")), Is.EqualTo(new[] { 0.75, 0.25, 0, 1 }));
        Assert.That(Number(cells[0], "y"), Is.EqualTo(Number(cells[1], "y")).And.LessThan(Number(cells[2], "y")), "the first class on top");
        Assert.That(Number(cells[0], "x"), Is.EqualTo(Number(cells[2], "x")).And.LessThan(Number(cells[1], "x")));
        Assert.That(drawing.Texts, Is.SupersetOf(new[] { "6", "2", "100", "cat", "dog", "actual class", "predicted class" }));
        Assert.That(drawing.Texts, Has.None.EqualTo("0"));
    }

    [Test]
    public void A_heat_map_is_shaded_from_the_smallest_to_the_largest_value()
    {
        Axis rows = Axis.Names("", ["r"]), columns = Axis.Names("", ["a", "b", "c", "d"]);
        double[] shades = Shades(-1, 3, 1, double.NaN);
        Assert.That(shades, Is.EqualTo(new[] { 0, 1, 0.5, 0 }));
        Assert.That(Shades(2, 2, 2, 2), Is.All.EqualTo(0.5));
        Assert.That(Shades(double.MinValue, double.MaxValue, 0, 0), Is.EqualTo(new[] { 0, 1, 0.5, 0.5 }));
        Assert.That(() => HeatMap.Of("h", rows, columns, new double[4, 1]),
            Throws.ArgumentException.With.Message.Contains("expected 1 × 4"));

        double[] Shades(params double[] values)
        {
            double[,] row = { { values[0], values[1], values[2], values[3] } };
            return [.. Cells(new Drawing(HeatMap.Of("h", rows, columns, row)), 4).Select(cell => Number(cell, "fill-opacity"))];
        }
    }

    /// <summary>The first colored rectangles: the shades of the scale come after the cells.</summary>
    private static IEnumerable<XElement> Cells(Drawing drawing, int count) => Shaded(drawing).Take(count);

    private static IEnumerable<XElement> Shaded(Drawing drawing) =>
        drawing.Elements("rect").Where(rectangle => rectangle.Attribute("class")?.Value == $"{Theme.Style(0).Paint.Name}-fill");

    private static double Number(XElement element, string attribute) =>
        double.Parse(element.Attribute(attribute)!.Value, CultureInfo.InvariantCulture);
}
