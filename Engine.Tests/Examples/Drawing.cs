using System.Globalization;
using System.Xml.Linq;
using Examples.Charts;

namespace Engine.Tests.Examples;

/// <summary>A picture as its reader's program parses it.</summary>
internal sealed class Drawing
{
    /// <summary>Draws charts.</summary>
    public Drawing(params Chart[] charts) : this(new Figure("title", "subtitle", charts))
    {
    }

    /// <summary>Draws a figure.</summary>
    public Drawing(Figure figure)
    {
        Svg = figure.ToSvg();
        Root = XDocument.Parse(Svg).Root!;
    }

    /// <summary>The text of the picture.</summary>
    public string Svg { get; }

    /// <summary>Its outermost element.</summary>
    public XElement Root { get; }

    /// <summary>The lines drawn by points: not the markers, nor areas.</summary>
    public XElement[] Lines => [.. Elements("path").Where(path => path.Attribute("fill")!.Value == "none")];

    /// <summary>The areas between lines.</summary>
    public XElement[] Areas => [.. Elements("path").Where(path => path.Attribute("fill-opacity") is not null)];

    /// <summary>The markers at the points of lines, and those beside their names.</summary>
    public XElement[] Markers => [.. Elements("path").Where(path => path.Attribute("transform") is not null)];

    /// <summary>Everything written, as a reader sees it: without what only a pointer shows.</summary>
    public string[] Texts => [.. Elements("text").Select(Written)];

    /// <summary>All elements of this name.</summary>
    public IEnumerable<XElement> Elements(string name) => Root.Descendants().Where(element => element.Name.LocalName == name);

    /// <summary>The numbers in a path's data.</summary>
    public static double[] Numbers(XElement path) =>
    [
        .. path.Attribute("d")!.Value.Split(['M', 'L', 'Z', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture)),
    ];

    /// <summary>The number of pieces of a path.</summary>
    public static int Pieces(XElement path) => path.Attribute("d")!.Value.Count(letter => letter == 'M');

    /// <summary>What covers something else written, or is cut off by the border of the picture.</summary>
    public IReadOnlyList<string> Collisions()
    {
        (string Text, double Left, double Top, double Right, double Bottom)[] boxes = [.. Elements("text").Select(Box)];
        double width = Value(Root, "width"), height = Value(Root, "height");
        List<string> found = [];
        for (int i = 0; i < boxes.Length; i++)
        {
            if (boxes[i].Left < 0 || boxes[i].Top < 0 || boxes[i].Right > width || boxes[i].Bottom > height)
            {
                found.Add($"'{boxes[i].Text}' is cut off");
            }
            found.AddRange(
                from other in boxes[..i]
                where other.Left < boxes[i].Right && boxes[i].Left < other.Right
                    && other.Top < boxes[i].Bottom && boxes[i].Top < other.Bottom
                select $"'{boxes[i].Text}' and '{other.Text}' overlap");
        }
        return found;
    }

    private static string Written(XElement text) => string.Concat(text.Nodes().OfType<XText>().Select(node => node.Value));

    /// <summary>Where a text lies: from its baseline up to the height of capital letters.</summary>
    private static (string Text, double Left, double Top, double Right, double Bottom) Box(XElement element)
    {
        string text = Written(element);
        double size = Value(element, "font-size"), width = new TextStyle(Theme.Ink, size, (int)Value(element, "font-weight")).WidthOf(text);
        double before = width * (element.Attribute("text-anchor")!.Value switch { "middle" => 0.5, "end" => 1, _ => 0 });
        (double x, double y) = Translation(element.Parent!);
        if (element.Attribute("transform") is not null)
        {
            // upwards
            (double atX, double atY) = Translation(element);
            return (text, x + atX - 0.72 * size, y + atY - width + before, x + atX, y + atY + before);
        }
        double left = x + Value(element, "x") - before, baseline = y + Value(element, "y");
        return (text, left, baseline - 0.72 * size, left + width, baseline);
    }

    private static (double X, double Y) Translation(XElement element)
    {
        string[] parts = element.Attribute("transform")!.Value.Split('(', ')')[1].Split(' ');
        return (double.Parse(parts[0], CultureInfo.InvariantCulture), double.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    private static double Value(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, CultureInfo.InvariantCulture);
}
