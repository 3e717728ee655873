namespace Examples.Charts;

/// <summary>The heights of contours, each written where its line has room, and no other height and no path is near.</summary>
/// <param name="frame">What the heights are to be inside of.</param>
/// <param name="paths">The paths, in pixels.</param>
internal sealed class ContourLabels(Frame frame, IEnumerable<IReadOnlyList<Point>> paths)
{
    private const double Height = 12;

    // from the middle outwards
    private static readonly int[] Eighths = [4, 3, 5, 2, 6, 1, 7];

    private readonly Point[] _occupied = [.. paths.SelectMany(Steps)];
    private readonly List<(Point Middle, double Width, string Text)> _labels = [];

    /// <summary>Finds at most two places for a height on its lines, given by their points in pixels: on the longest ones.</summary>
    public void Add(string text, IReadOnlyList<IReadOnlyList<Point>> lines)
    {
        const int most = 2;
        double width = Theme.Small.WidthOf(text) + 4;
        int before = _labels.Count;
        foreach (IReadOnlyList<Point> line in lines.Where(line => Length(line) > 3 * width).OrderByDescending(line => line.Count))
        {
            IEnumerable<Point> places = Eighths.Select(eighth => line[(line.Count - 1) * eighth / 8]);
            Point? middle = places.Where(place => IsFree(place, width)).Select(place => (Point?)place).FirstOrDefault();
            if (middle is { } found && _labels.Count < before + most)
            {
                _labels.Add((found, width, text));
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

    private bool IsFree(Point middle, double width) =>
        middle.X - width / 2 > frame.Left + 2 && middle.X + width / 2 < frame.Right - 2
        && middle.Y - Height / 2 > Frame.Top + 2 && middle.Y + Height / 2 < frame.Bottom - 2
        && _labels.TrueForAll(label => Math.Abs(label.Middle.X - middle.X) > (label.Width + width) / 2 + 2
            || Math.Abs(label.Middle.Y - middle.Y) > Height + 2)
        && Array.TrueForAll(_occupied, point => Math.Abs(point.X - middle.X) > width / 2 + 1
            || Math.Abs(point.Y - middle.Y) > Height / 2 + 1);

    /// <summary>Points along a path at most half the height of a label apart, as far as they are not far outside.</summary>
    private static IEnumerable<Point> Steps(IReadOnlyList<Point> path)
    {
        const double far = 2 * Chart.Width;
        Point[] near = [.. path.Where(point => Math.Abs(point.X) < far && Math.Abs(point.Y) < far)];
        foreach ((Point from, Point to) in near.Zip(near.Skip(1).Append(near.LastOrDefault())))
        {
            int count = 1 + (int)((Math.Abs(to.X - from.X) + Math.Abs(to.Y - from.Y)) / (Height / 2));
            for (int i = 0; i < count; i++)
            {
                double share = (double)i / count;
                yield return new Point(from.X + share * (to.X - from.X), from.Y + share * (to.Y - from.Y));
            }
        }
    }

    private static double Length(IReadOnlyList<Point> line) =>
        line.Zip(line.Skip(1), (from, to) => Math.Abs(to.X - from.X) + Math.Abs(to.Y - from.Y)).Sum();
}
