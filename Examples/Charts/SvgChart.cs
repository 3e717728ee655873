using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Examples.Charts;

/// <summary>Plots side by side as an SVG picture: axes, ticks, a legend, and each line's name at its end.</summary>
internal static class SvgChart
{
    private const double PlotWidth = 560, Height = 400, Left = 62, Right = 176, Top = 88, Bottom = 52;

    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    // so that the lines can be told apart without colors
    private static readonly string[] Dashes = ["none", "7 3", "2 3", "9 3 2 3"];

    /// <summary>Writes the picture as UTF-8 text; the same plots give the same bytes.</summary>
    public static void Write(Stream stream, string title, IReadOnlyList<Plot> plots)
    {
        XDocument document = new(Picture(title, plots));
        XmlWriterSettings settings = new()
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            NewLineChars = "\n",
        };
        using XmlWriter writer = XmlWriter.Create(stream, settings);
        document.Save(writer);
    }

    private static XElement Picture(string title, IReadOnlyList<Plot> plots)
    {
        double width = PlotWidth * plots.Count;
        string titles = string.Join(" and ", plots.Select(plot => plot.Title));
        string names = string.Join(", ", plots[0].Series.Select(series => series.Name));
        XElement picture = new(Svg + "svg",
            new XAttribute("viewBox", $"0 0 {Number(width)} {Number(Height)}"),
            new XAttribute("width", Number(width)), new XAttribute("height", Number(Height)),
            new XAttribute("role", "img"),
            new XAttribute("font-family", "system-ui, Helvetica, Arial, sans-serif"), new XAttribute("font-size", 12),
            new XElement(Svg + "title", title),
            new XElement(Svg + "desc", $"{titles} over the epochs of {names}."),
            new XElement(Svg + "rect",
                new XAttribute("width", "100%"), new XAttribute("height", "100%"), new XAttribute("fill", "#ffffff")),
            Text(Left, 28, title, "start", "#1a1a1a", ("font-size", "17"), ("font-weight", "600")),
            Legend(plots[0].Series));
        for (int i = 0; i < plots.Count; i++)
        {
            XAttribute place = new("transform", $"translate({Number(i * PlotWidth)} 0)");
            picture.Add(new XElement(Svg + "g", place, Contents(plots[i], $"plot{i + 1}")));
        }
        return picture;
    }

    private static XElement Legend(IReadOnlyList<Series> series)
    {
        XElement legend = new(Svg + "g");
        double x = Left;
        for (int i = 0; i < series.Count; i++)
        {
            legend.Add(Line(x, 46, x + 26, 46, Paint(series[i]), 2.2, ("stroke-dasharray", Dashes[i % Dashes.Length])));
            legend.Add(Text(x + 32, 50, series[i].Name, "start", "#1a1a1a"));
            x += 62 + 7 * series[i].Name.Length;
        }
        return legend;
    }

    private static IEnumerable<XElement> Contents(Plot plot, string clip)
    {
        double right = PlotWidth - Right, bottom = Height - Bottom;
        yield return Text(Left, Top - 12, plot.Title, "start", "#1a1a1a", ("font-weight", "600"));
        foreach (double tick in plot.Up.Ticks)
        {
            double y = Y(plot, tick);
            yield return Line(Left, y, right, y, "#e4e4e4", 1);
            yield return Line(Left - 5, y, Left, y, "#444444", 1);
            yield return Text(Left - 9, y + 4, plot.Up.Label(tick), "end", "#444444");
        }
        foreach (double tick in plot.Across.Ticks)
        {
            double x = X(plot, tick);
            yield return Line(x, bottom, x, bottom + 5, "#444444", 1);
            yield return Text(x, bottom + 19, plot.Across.Label(tick), "middle", "#444444");
        }
        yield return Text((Left + right) / 2, bottom + 38, "epoch", "middle", "#444444");
        yield return Line(Left, Top, Left, bottom, "#444444", 1);
        yield return Line(Left, bottom, right, bottom, "#444444", 1);
        if (plot.Target is { } target)
        {
            yield return Line(Left, Y(plot, target), right, Y(plot, target), "#8a8a8a", 1, ("stroke-dasharray", "4 4"));
            yield return Text(right - 4, Y(plot, target) + 14, plot.Up.Label(target), "end", "#6a6a6a");
        }
        yield return new XElement(Svg + "clipPath", new XAttribute("id", clip),
            new XElement(Svg + "rect",
                Attribute("x", Left), Attribute("y", Top - 2),
                Attribute("width", right - Left + 2), Attribute("height", bottom - Top + 2)));
        for (int i = 0; i < plot.Series.Count; i++)
        {
            yield return new XElement(Svg + "path",
                new XAttribute("d", Path(plot, plot.Series[i].Values)), new XAttribute("clip-path", $"url(#{clip})"),
                new XAttribute("fill", "none"), new XAttribute("stroke", Paint(plot.Series[i])), new XAttribute("stroke-width", "2.2"),
                new XAttribute("stroke-linejoin", "round"), new XAttribute("stroke-dasharray", Dashes[i % Dashes.Length]));
        }
        foreach (XElement label in EndLabels(plot))
        {
            yield return label;
        }
    }

    /// <summary>Each line's name beside its end, moved apart where ends lie close together.</summary>
    private static IEnumerable<XElement> EndLabels(Plot plot)
    {
        const double gap = 15;
        double right = PlotWidth - Right, bottom = Height - Bottom;
        (Series Series, double End)[] ends =
        [
            .. plot.Series.Where(series => double.IsFinite(plot.Up.Fraction(series.Values[^1])))
                .Select(series => (series, End: Math.Clamp(Y(plot, series.Values[^1]), Top, bottom))).OrderBy(end => end.End),
        ];
        double[] places = new double[ends.Length];
        for (int i = 0; i < ends.Length; i++)
        {
            places[i] = i == 0 ? ends[i].End : Math.Max(ends[i].End, places[i - 1] + gap);
        }
        for (int i = ends.Length - 1; i >= 0; i--)
        {
            places[i] = Math.Min(places[i], bottom - (ends.Length - 1 - i) * gap);
            yield return Line(right + 3, ends[i].End, right + 14, places[i], Paint(ends[i].Series), 1);
            yield return Text(right + 18, places[i] + 4, ends[i].Series.Name, "start", Paint(ends[i].Series), ("font-weight", "600"));
        }
    }

    /// <summary>The line's path, interrupted where a value has no place on the axis.</summary>
    private static string Path(Plot plot, IReadOnlyList<double> values)
    {
        StringBuilder path = new();
        bool drawing = false;
        for (int i = 0; i < values.Count; i++)
        {
            double y = Y(plot, values[i]);
            bool placed = double.IsFinite(y);
            if (placed)
            {
                path.Append(CultureInfo.InvariantCulture, $"{(drawing ? 'L' : 'M')}{Number(X(plot, i))} {Number(y)}");
            }
            drawing = placed;
        }
        return path.ToString();
    }

    private static double X(Plot plot, double value) => Left + plot.Across.Fraction(value) * (PlotWidth - Right - Left);

    private static double Y(Plot plot, double value) => Height - Bottom - plot.Up.Fraction(value) * (Height - Bottom - Top);

    private static XElement Line(
        double x1, double y1, double x2, double y2, string color, double width,
        params ReadOnlySpan<(string Name, string Value)> more) => With(
            new XElement(Svg + "line",
                Attribute("x1", x1), Attribute("y1", y1), Attribute("x2", x2), Attribute("y2", y2),
                new XAttribute("stroke", color), Attribute("stroke-width", width)),
            more);

    private static XElement Text(
        double x, double y, string text, string anchor, string color, params ReadOnlySpan<(string Name, string Value)> more) => With(
            new XElement(Svg + "text",
                Attribute("x", x), Attribute("y", y), new XAttribute("text-anchor", anchor), new XAttribute("fill", color), text),
            more);

    private static XElement With(XElement element, ReadOnlySpan<(string Name, string Value)> attributes)
    {
        foreach ((string name, string value) in attributes)
        {
            element.Add(new XAttribute(name, value));
        }
        return element;
    }

    private static XAttribute Attribute(string name, double value) => new(name, Number(value));

    private static string Paint(Series series) => $"#{series.Color.ToHex().ToLowerInvariant()}";

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
