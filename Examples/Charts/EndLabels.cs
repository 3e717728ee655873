using System.Xml.Linq;

namespace Examples.Charts;

/// <summary>The names of lines at the right of a frame: each beside the end of its line, as far as the others leave room.</summary>
internal static class EndLabels
{
    /// <summary>The distance between the baselines of two labels.</summary>
    public const double Gap = 17;

    private const double Lead = 12, Sample = 26, Space = 6, Margin = 10, Widest = 280;

    /// <summary>The width that the labels need.</summary>
    public static double Width(IReadOnlyList<Series> series) =>
        Math.Min(Widest, 4 + Lead + Sample + Space + Margin + series.Max(one => Theme.Label.WidthOf(Text(one))));

    /// <summary>The height that a chart with so many labels needs.</summary>
    public static double Height(int labels) => Frame.Top + 60 + Gap * labels;

    /// <summary>Draws the labels, with a line from each line's end to its label.</summary>
    /// <param name="canvas">Where to.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="series">The lines.</param>
    /// <param name="ends">The end of each line, or null for a line without one, which has its label at the bottom.</param>
    public static void Draw(SvgCanvas canvas, Frame frame, IReadOnlyList<Series> series, IReadOnlyList<Point?> ends)
    {
        double[] wanted = [.. ends.Select(end => Math.Clamp(end?.Y ?? frame.Bottom, Frame.Top, frame.Bottom))];
        double[] places = Spread(wanted, Gap, Frame.Top, frame.Bottom);
        for (int i = 0; i < series.Count; i++)
        {
            if (ends[i] is { } end)
            {
                // a line that ends early is led to its label from where it ends
                double from = Math.Clamp(end.X + 4, frame.Left, frame.Right + 4);
                canvas.Line(from, wanted[i], frame.Right + 4 + Lead, places[i], Theme.Style(series[i].Style).Leader);
            }
            DrawLabel(canvas, frame, series[i], places[i]);
        }
    }

    /// <summary>Draws the labels one below the other, for lines that end anywhere.</summary>
    public static void DrawList(SvgCanvas canvas, Frame frame, IReadOnlyList<Series> series)
    {
        for (int i = 0; i < series.Count; i++)
        {
            DrawLabel(canvas, frame, series[i], Frame.Top + 6 + i * Gap);
        }
    }

    /// <summary>
    /// The places nearest to the wanted ones, by the sum of squares, that are in the same order, at least <paramref name="gap"/> apart, and
    /// between the limits; where the limits leave no room, below the upper one.
    /// </summary>
    internal static double[] Spread(IReadOnlyList<double> wanted, double gap, double low, double high)
    {
        // without the gaps that all places need this is isotonic regression: neighbors in the wrong order share their mean
        int[] order = [.. Enumerable.Range(0, wanted.Count).OrderBy(i => wanted[i])];
        List<(double Mean, int Count)> blocks = [];
        for (int rank = 0; rank < order.Length; rank++)
        {
            (double Mean, int Count) block = (wanted[order[rank]] - rank * gap, 1);
            while (blocks.Count > 0 && blocks[^1].Mean >= block.Mean)
            {
                int count = block.Count + blocks[^1].Count;
                block = ((block.Mean * block.Count + blocks[^1].Mean * blocks[^1].Count) / count, count);
                blocks.RemoveAt(blocks.Count - 1);
            }
            blocks.Add(block);
        }
        double[] places = new double[wanted.Count];
        int next = 0;
        foreach (int rank in blocks.SelectMany((block, i) => Enumerable.Repeat(i, block.Count)))
        {
            places[order[next]] = Math.Max(low, Math.Min(blocks[rank].Mean, high - (order.Length - 1) * gap)) + next * gap;
            next++;
        }
        return places;
    }

    private static void DrawLabel(SvgCanvas canvas, Frame frame, Series series, double y)
    {
        SeriesStyle style = Theme.Style(series.Style);
        double sample = frame.Right + 4 + Lead, name = sample + Sample + Space;
        canvas.Line(sample, y, sample + Sample, y, style.Line);
        canvas.Marker(sample + Sample / 2, y, style.Marker, style.Paint);
        XElement text = canvas.Text(name, y + 4, Theme.Label.Fit(Text(series), Chart.Width - Margin - name), Theme.Label);
        text.Add(new XElement(SvgCanvas.Svg + "title", SvgCanvas.Writable(Text(series))));
    }

    private static string Text(Series series) => series.Note.Length > 0 ? $"{series.Name}, {series.Note}" : series.Name;
}
