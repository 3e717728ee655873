using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Examples.Charts;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>What holds for pictures of every kind of chart.</summary>
public sealed partial class FigureTests
{
    private static readonly string[] Names =
        ["first", "b < c & \"d\"", "the last of them, whose name is longer than any place for it would be"];

    private static readonly Dictionary<string, Func<Chart>> Charts = OfEveryKind();

    private static IEnumerable<string> Kinds => Charts.Keys;

    /// <summary>Catches: labels over labels, and names that the border cuts off.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void Nothing_written_is_covered_or_cut_off(string kind)
    {
        Drawing drawing = new(Charts[kind]());
        Assert.That(drawing.Texts.Count(text => text.Length > 0), Is.GreaterThan(5));
        Findings(drawing.Collisions());
        // beside a higher and beside a lower chart
        LineChart other = new("", Axis.Count("", 1), Axis.Count("", 1), [new("", [new(0, 0)])]);
        Findings(new Drawing(Charts[kind](), other, Charts[kind]()).Collisions());

        static void Findings(IReadOnlyList<string> collisions) => Assert.That(collisions, Is.Empty);
    }

    /// <summary>Catches: numbers of the current culture, an order that changes from run to run, and NaN among the coordinates.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void The_same_charts_give_the_same_text(string kind)
    {
        string first = new Drawing(Charts[kind]()).Svg;
        CultureInfo before = CultureInfo.CurrentCulture, german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        german.NumberFormat.NumberDecimalSeparator = ",";
        german.NumberFormat.NegativeSign = "~";
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.That(new Drawing(Charts[kind]()).Svg, Is.EqualTo(first));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
        foreach (XAttribute attribute in XDocument.Parse(first).Descendants().Attributes())
        {
            Assert.That(attribute.Value, Does.Not.Contain("NaN").And.Not.Contain("∞").And.Not.Contain("Infinity").And.Not.Contain("E+"));
        }
    }

    /// <summary>Catches: a color that a dark screen does not replace, so that dark text is on a dark ground.</summary>
    [TestCaseSource(nameof(Kinds))]
    public void Every_color_has_another_on_a_dark_screen(string kind)
    {
        Drawing drawing = new(Charts[kind]());
        string sheet = drawing.Elements("style").Single().Value;
        foreach (XElement element in drawing.Root.Descendants())
        {
            string[] classes = element.Attribute("class")?.Value.Split(' ') ?? [];
            foreach (string property in (string[])["fill", "stroke"])
            {
                if (element.Attribute(property) is { Value: not "none" } color)
                {
                    string name = classes.Single(one => one.EndsWith($"-{property}", StringComparison.Ordinal));
                    string[] dark =
                        [.. Rule().Matches(sheet).Where(rule => rule.Groups[1].Value == name).Select(rule => rule.Groups[2].Value)];
                    Assert.That(dark, Has.Length.EqualTo(1).And.All.StartsWith($"{property}: #").And.None.Contains(color.Value), name);
                }
            }
        }
    }

    /// <summary>Catches: text of one shade with its ground; WCAG 2 asks for a contrast of 4.5 for text and of 3 for lines.</summary>
    [Test]
    public void Text_and_lines_stand_out_from_the_ground_in_light_and_dark()
    {
        foreach (Func<Paint, string> shade in (Func<Paint, string>[])[paint => paint.Light, paint => paint.Dark])
        {
            string ground = shade(Theme.Paper);
            Assert.That(Contrast(shade(Theme.Ink), ground), Is.GreaterThan(12));
            Assert.That(Contrast(shade(Theme.Muted), ground), Is.GreaterThan(4.5));
            Assert.That(Contrast(shade(Theme.Style(0).Paint), ground), Is.GreaterThan(4.5), "the ground of reversed text");
            // the palette's orange and sky blue are lighter than that: dashes, markers and names are beside the color
            Assert.That(Theme.Styles.Select(style => Contrast(shade(style.Paint), ground)), Is.All.GreaterThan(2.2));
        }
        Assert.That(Theme.Styles.Select(style => style.Paint.Light), Is.Unique);
        Assert.That(Theme.Styles.Select(style => style.Dashes), Is.Unique, "lines can be told apart without colors");
        Assert.That(Theme.Styles.Select(style => style.Marker), Is.Unique);
    }

    /// <summary>Catches: a name that ends the picture's text, or a character that no XML file can contain.</summary>
    [Test]
    public void Names_of_any_characters_are_written()
    {
        (string Name, string Written)[] names =
        [
            ("a < b & c > \"d\" 'e' ]]>", "a < b & c > \"d\" 'e' ]]>"),
            ("bell \u0007, half a pair \ud83d, \ufffe", "bell \ufffd, half a pair \ufffd, \ufffd"),
            ("whole pair \ud83d\ude00, √v̂ θ", "whole pair \ud83d\ude00, √v̂ θ"),
        ];
        foreach ((string name, string written) in names)
        {
            Series line = new(name, [new(0, 0), new(1, 1)]);
            Drawing drawing = new(new Figure(name, name, new LineChart(name, Axis.Count(name, 1), Axis.Count("", 1), [line])));
            Assert.That(drawing.Texts.Count(text => text == written), Is.EqualTo(5), "title, subtitle, chart, axis, line");
            Assert.That(drawing.Elements("title").First().Value, Is.EqualTo(written));
        }
    }

    [Test]
    public void Saving_replaces_a_longer_file()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, new string('x', 100_000));
            Figure figure = new("t", "", ConfusionHeatMap.Of("c", new ConfusionMatrix(2)));
            figure.Save(file);
            Assert.That(File.ReadAllText(file), Is.EqualTo(figure.ToSvg()));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void A_figure_without_charts_is_refused() => Assert.That(() => new Figure("t", "", []), Throws.ArgumentException);

    [TestCase("", 10, "")]
    [TestCase("short", 100, "short")]
    [TestCase("too long for it", 50, "too lo…")]
    [TestCase("x\ud83d\ude00y\ud83d\ude00z", 25, "x…")]
    [TestCase("anything", 0, "…")]
    public void Text_is_shortened_to_fit(string text, double width, string fitted) =>
        Assert.That(Theme.Label.Fit(text, width), Is.EqualTo(fitted));

    private static Dictionary<string, Func<Chart>> OfEveryKind()
    {
        Series[] lines =
        [
            .. Enumerable.Range(0, 12).Select(i => new Series(Names[i % 3], Series.AtIndices([1, 0.1, 0.01 * (i / 3 + 1)]))
            {
                Style = i,
                Note = "η = 0.1",
                Band = [new(0.9, 2), new(0.05, 0.2), new(0.001, 0.02)],
            }),
        ];
        double[,] values = { { 1, double.NaN, -3 }, { 1e9, 4, double.PositiveInfinity } };
        Axis rows = Axis.Names("row", Names[1..]), columns = Axis.Names("column", Names), small = Axis.Between("x", -1e-3, 1e-3);
        return new()
        {
            ["lines"] = () => new LineChart("loss", Axis.Count("epoch", 2), Axis.Logarithmic("loss", [1e-3, 2]), lines) { Target = 0.1 },
            ["accuracies"] = () => new LineChart("accuracy", Axis.Count("epoch", 2), Axis.Accuracy(""), lines[..2]),
            ["huge numbers"] = () => new LineChart("", Axis.Around("", [-1e308, 1e308]), Axis.Around("", [1e9, 1e9 + 1]), lines[..1]),
            ["histogram"] = () => new Histogram("weights", "w", [new(Names[1], [1, 2, 2, double.NaN]), new(Names[2], [5e-3])]),
            ["heat map"] = () => HeatMap.Of("values", rows, columns, values),
            ["confusion matrix"] = () => ConfusionHeatMap.Of("digits", new ConfusionMatrix(Names)),
            ["contours"] = () => new ContourPaths("f", small, small, (x, y) => x * x - y * y, lines[..3]) { Mark = new(0, 0) },
            ["waves"] = () => new ContourPaths("f", Axis.Between("", 0, 16), Axis.Between("", 0, 16),
                (x, y) => Math.Sin(x) * Math.Cos(y), lines[..1]),
            ["crowded numbers"] = () => new BarChart("", Axis.Between("", 1e9, 1e9 + 1), [.. Names.Select(name => new Bar(name, 1e9))]),
            ["bars"] = () => new BarChart("norms", Axis.Logarithmic("norm", [1e-9, 1]),
                [.. Enumerable.Range(0, 30).Select(i => new Bar(Names[i % 3], i % 4 == 0 ? double.NaN : 1e-9 * Math.Pow(5, i)))]),
        };
    }

    /// <summary>The contrast ratio of WCAG 2.</summary>
    private static double Contrast(string one, string other)
    {
        double a = Luminance(one), b = Luminance(other);
        return (Math.Max(a, b) + 0.05) / (Math.Min(a, b) + 0.05);

        static double Luminance(string color)
        {
            double[] linear = [.. Enumerable.Range(0, 3).Select(i => Linear(Convert.ToInt32(color.Substring(1 + 2 * i, 2), 16) / 255.0))];
            return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
        }

        static double Linear(double channel) => channel <= 0.04045 ? channel / 12.92 : Math.Pow((channel + 0.055) / 1.055, 2.4);
    }

    [GeneratedRegex(@"\.([a-z]+-[a-z]+) \{ ([a-z]+: #[0-9a-f]{6}) \}")]
    private static partial Regex Rule();
}
