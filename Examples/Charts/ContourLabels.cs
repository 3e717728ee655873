namespace Examples.Charts;

/// <summary>The heights of contours, each written where its line has room and no other height is near.</summary>
internal sealed class ContourLabels(Frame frame)
{
    private const double Height = 12;

    private readonly List<(Point Middle, double Width, string Text)> _labels = [];

    /// <summary>Finds a place on a contour, given by its points in pixels; if there is none, the contour has no label.</summary>
    public void Add(string text, IReadOnlyList<Point> line)
    {
        double width = Theme.Small.WidthOf(text) + 4;
        double length = line.Zip(line.Skip(1), (from, to) => Math.Abs(to.X - from.X) + Math.Abs(to.Y - from.Y)).Sum();
        if (length < 3 * width)
        {
            return;
        }
        foreach (int eighth in (int[])[4, 3, 5, 2, 6, 1, 7])
        {
            Point middle = line[(line.Count - 1) * eighth / 8];
            bool isFree = middle.X - width / 2 > frame.Left + 2 && middle.X + width / 2 < frame.Right - 2
                && middle.Y - Height / 2 > Frame.Top + 2 && middle.Y + Height / 2 < frame.Bottom - 2
                && _labels.TrueForAll(label => Math.Abs(label.Middle.X - middle.X) > (label.Width + width) / 2 + 2
                    || Math.Abs(label.Middle.Y - middle.Y) > Height + 2);
            if (isFree)
            {
                _labels.Add((middle, width, text));
                return;
            }
        }
    }

    /// <summary>Writes the heights, each on a piece of the background.</summary>
    public void Draw(SvgCanvas canvas)
    {
        foreach ((Point middle, double width, string text) in _labels)
        {
            canvas.Rectangle(middle.X - width / 2, middle.Y - Height / 2, width, Height, Theme.Paper, 0.85);
            canvas.Text(middle.X, middle.Y + 3.5, text, Theme.Small, Anchor.Middle);
        }
    }
}
