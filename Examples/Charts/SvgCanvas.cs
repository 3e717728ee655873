using System.Globalization;
using System.Xml;
using System.Xml.Linq;

namespace Examples.Charts;

/// <summary>The elements of a picture, in pixels from the upper left corner of the canvas.</summary>
internal sealed class SvgCanvas
{
    /// <summary>The namespace of the elements.</summary>
    public static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly string _name;
    private int _clips;

    /// <summary>An empty canvas.</summary>
    /// <param name="name">What the names of its clipping paths begin with: another one on each canvas of a picture.</param>
    /// <param name="x">Its place in the picture.</param>
    /// <param name="y">Its place in the picture.</param>
    public SvgCanvas(string name, double x, double y)
    {
        _name = name;
        Element = new XElement(Svg + "g", new XAttribute("transform", $"translate({Number(x)} {Number(y)})"));
    }

    /// <summary>The group of everything drawn.</summary>
    public XElement Element { get; }

    /// <summary>A number as pictures write it: to a hundredth of a pixel.</summary>
    public static string Number(double value) => (Math.Round(value, 2) + 0.0).ToString("0.##", CultureInfo.InvariantCulture);

    /// <summary>The text with replacement characters for those that XML cannot contain.</summary>
    public static string Writable(string text) => string.Create(text.Length, text, (written, given) =>
    {
        for (int i = 0; i < written.Length; i++)
        {
            bool pair = (i + 1 < given.Length && XmlConvert.IsXmlSurrogatePair(given[i + 1], given[i]))
                || (i > 0 && XmlConvert.IsXmlSurrogatePair(given[i], given[i - 1]));
            written[i] = pair || XmlConvert.IsXmlChar(given[i]) ? given[i] : '\ufffd';
        }
    });

    /// <summary>Draws a straight line.</summary>
    public void Line(double x1, double y1, double x2, double y2, Stroke stroke) =>
        Stroked("line", stroke, Attribute("x1", x1), Attribute("y1", y1), Attribute("x2", x2), Attribute("y2", y2));

    /// <summary>Draws a path, given as SVG path data; <paramref name="clip"/> names the region outside which it is not seen.</summary>
    public void Path(string data, Stroke stroke, string clip) => Stroked("path", stroke, new XAttribute("d", data),
        new XAttribute("clip-path", $"url(#{clip})"), new XAttribute("fill", "none"), new XAttribute("stroke-linejoin", "round"));

    /// <summary>Fills a path, given as SVG path data; <paramref name="clip"/> names the region outside which it is not seen.</summary>
    public void Area(string data, Paint paint, double opacity, string clip) => Filled("path", paint, new XAttribute("d", data),
        new XAttribute("clip-path", $"url(#{clip})"), new XAttribute("fill-opacity", Number(opacity)));

    /// <summary>Fills a rectangle.</summary>
    public void Rectangle(double x, double y, double width, double height, Paint paint, double opacity = 1) => Filled("rect", paint,
        Attribute("x", x), Attribute("y", y), Attribute("width", width), Attribute("height", height),
        new XAttribute("fill-opacity", Number(opacity)));

    /// <summary>Draws a marker, given as SVG path data around the origin, with a rim of background that sets it off from lines.</summary>
    public void Marker(double x, double y, string outline, Paint paint)
    {
        XElement marker = Filled("path", paint, new XAttribute("d", outline),
            new XAttribute("transform", $"translate({Number(x)} {Number(y)})"));
        marker.Add(new XAttribute("stroke", Theme.Paper.Light), Attribute("stroke-width", 1));
        marker.Attribute("class")!.Value += $" {Theme.Paper.Name}-stroke";
    }

    /// <summary>Writes text whose baseline passes through the point.</summary>
    public XElement Text(double x, double y, string text, TextStyle style, Anchor anchor = Anchor.Start)
    {
        XElement element = Filled("text", style.Paint, Attribute("x", x), Attribute("y", y), new XAttribute("text-anchor", Name(anchor)),
            Attribute("font-size", style.Size), Attribute("font-weight", style.Weight));
        element.Add(Writable(text));
        return element;
    }

    /// <summary>Writes text that runs upwards, with its baseline through the point.</summary>
    public void TextUpwards(double x, double y, string text, TextStyle style, Anchor anchor) =>
        Text(0, 0, text, style, anchor).Add(new XAttribute("transform", $"translate({Number(x)} {Number(y)}) rotate(-90)"));

    /// <summary>Names a rectangle for <see cref="Path"/> and <see cref="Area"/>.</summary>
    public string Clip(double x, double y, double width, double height)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{_name}-clip{++_clips}");
        Element.Add(new XElement(Svg + "clipPath", new XAttribute("id", name), new XElement(Svg + "rect",
            Attribute("x", x), Attribute("y", y), Attribute("width", width), Attribute("height", height))));
        return name;
    }

    private void Stroked(string name, Stroke stroke, params ReadOnlySpan<XAttribute> attributes)
    {
        XElement element = Added(name, attributes);
        element.Add(new XAttribute("class", $"{stroke.Paint.Name}-stroke"), new XAttribute("stroke", stroke.Paint.Light),
            Attribute("stroke-width", stroke.Width));
        if (stroke.Dashes is not null)
        {
            element.Add(new XAttribute("stroke-dasharray", stroke.Dashes));
        }
    }

    private XElement Filled(string name, Paint paint, params ReadOnlySpan<XAttribute> attributes)
    {
        XElement element = Added(name, attributes);
        element.Add(new XAttribute("class", $"{paint.Name}-fill"), new XAttribute("fill", paint.Light));
        return element;
    }

    private XElement Added(string name, ReadOnlySpan<XAttribute> attributes)
    {
        XElement element = new(Svg + name);
        foreach (XAttribute attribute in attributes)
        {
            element.Add(attribute);
        }
        Element.Add(element);
        return element;
    }

    private static string Name(Anchor anchor) => anchor switch
    {
        Anchor.Middle => "middle",
        Anchor.End => "end",
        _ => "start",
    };

    private static XAttribute Attribute(string name, double value) => new(name, Number(value));
}
