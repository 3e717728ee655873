using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Examples.Charts;

/// <summary>
/// A picture: charts side by side under one title. It is written without a library: those for .NET either load native code, or have no
/// colors for dark screens and no labels that make room for each other, and fail the analysis that a NativeAOT program must pass.
/// </summary>
internal sealed class Figure
{
    private const double Margin = 16, Bottom = 8;

    private readonly IReadOnlyList<Chart> _charts;
    private readonly string _title, _subtitle;

    /// <summary>Puts a title over charts.</summary>
    /// <param name="title">The title.</param>
    /// <param name="subtitle">What a reader must know of all charts, such as what a band means; may be empty.</param>
    /// <param name="charts">At least one chart.</param>
    /// <exception cref="ArgumentException">There is no chart.</exception>
    public Figure(string title, string subtitle, params IReadOnlyList<Chart> charts)
    {
        if (charts.Count == 0)
        {
            throw new ArgumentException("Figure: got no charts, expected at least one.", nameof(charts));
        }
        _title = title;
        _subtitle = subtitle;
        _charts = charts;
    }

    /// <summary>The picture as SVG text; the same charts give the same text.</summary>
    public string ToSvg()
    {
        using MemoryStream stream = new();
        Write(stream);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>Writes the picture to a file, in place of what is there.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path)
    {
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write);
        Write(stream);
    }

    /// <summary>Writes the picture as UTF-8 text.</summary>
    public void Write(Stream stream)
    {
        XmlWriterSettings settings = new()
        {
            Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            Indent = true,
            NewLineChars = "\n",
        };
        using XmlWriter writer = XmlWriter.Create(stream, settings);
        new XDocument(Picture()).Save(writer);
    }

    private XElement Picture()
    {
        double top = _subtitle.Length > 0 ? 66 : 46, charts = _charts.Max(chart => chart.Height);
        double width = Chart.Width * _charts.Count, height = top + charts + Bottom;
        XElement picture = new(SvgCanvas.Svg + "svg",
            new XAttribute("viewBox", $"0 0 {SvgCanvas.Number(width)} {SvgCanvas.Number(height)}"),
            new XAttribute("width", SvgCanvas.Number(width)), new XAttribute("height", SvgCanvas.Number(height)),
            new XAttribute("role", "img"), new XAttribute("font-family", Theme.Fonts),
            new XElement(SvgCanvas.Svg + "title", SvgCanvas.Writable(_title)),
            new XElement(SvgCanvas.Svg + "desc", SvgCanvas.Writable(string.Join(' ', _charts.Select(chart => chart.Description)))),
            new XElement(SvgCanvas.Svg + "style", Theme.StyleSheet()));
        SvgCanvas header = new("header", 0, 0);
        header.Rectangle(0, 0, width, height, Theme.Paper);
        header.Text(Margin, 28, Theme.Heading.Fit(_title, width - 2 * Margin), Theme.Heading);
        if (_subtitle.Length > 0)
        {
            header.Text(Margin, 48, Theme.Note.Fit(_subtitle, width - 2 * Margin), Theme.Note);
        }
        picture.Add(header.Element);
        for (int i = 0; i < _charts.Count; i++)
        {
            SvgCanvas canvas = new(string.Create(null, $"chart{i + 1}"), i * Chart.Width, top);
            canvas.Text(Margin, 14, Theme.Title.Fit(_charts[i].Title, Chart.Width - 2 * Margin), Theme.Title);
            _charts[i].Draw(canvas, charts);
            picture.Add(canvas.Element);
        }
        return picture;
    }
}
