using System.Text;

namespace Examples.Charts;

/// <summary>Lines over one pair of axes, with bands, and with names at their ends: learning curves, schedules, norms by depth.</summary>
internal sealed class LineChart : Chart
{
    private const double BandOpacity = 0.18;

    /// <summary>Puts lines over axes.</summary>
    /// <param name="title">The quantity on the vertical axis.</param>
    /// <param name="across">The horizontal axis.</param>
    /// <param name="up">The vertical axis.</param>
    /// <param name="series">At least one line.</param>
    /// <exception cref="ArgumentException">There is no line.</exception>
    public LineChart(string title, Axis across, Axis up, IReadOnlyList<Series> series) : base(title)
    {
        if (series.Count == 0)
        {
            throw new ArgumentException("LineChart: got no series, expected at least one.", nameof(series));
        }
        (Across, Up, Series) = (across, up, series);
    }

    /// <summary>The horizontal axis.</summary>
    public Axis Across { get; }

    /// <summary>The vertical axis.</summary>
    public Axis Up { get; }

    /// <summary>The lines.</summary>
    public IReadOnlyList<Series> Series { get; }

    /// <summary>A value to mark across the chart, if any.</summary>
    public double? Target { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        $"Lines: {Title} by {Across.Title} of {string.Join(", ", Series.Select(series => series.Name))}.";

    /// <inheritdoc/>
    public override double Height => Math.Max(base.Height, EndLabels.Height(Series.Count));

    /// <inheritdoc/>
    public override void Draw(SvgCanvas canvas, double height)
    {
        Frame frame = new(Across, Up, EndLabels.Width(Series), height);
        frame.DrawGrid(canvas);
        frame.DrawAxes(canvas);
        string clip = frame.Clip(canvas);
        if (Target is { } target)
        {
            canvas.Line(frame.Left, frame.Y(target), frame.Right, frame.Y(target), Theme.TargetLine);
        }
        // bands below all lines
        foreach (Series series in Series.Where(series => series.Band is not null))
        {
            canvas.Area(Outline(frame, series.Points, series.Band!), Theme.Style(series.Style).Paint, BandOpacity, clip);
        }
        foreach (Series series in Series)
        {
            canvas.Path(frame.Joined(series.Points), Theme.Style(series.Style).Line, clip);
        }
        Point?[] ends = new Point?[Series.Count];
        for (int i = 0; i < Series.Count; i++)
        {
            Point?[] places = [.. Series[i].Points.Select(frame.Place)];
            ends[i] = Array.FindLast(places, place => place is not null);
            DrawMarkers(canvas, frame, i, places);
        }
        EndLabels.Draw(canvas, frame, Series, ends);
    }

    /// <summary>Marks a few points of a line, other ones than those of its neighbors, and every point that no line reaches.</summary>
    private void DrawMarkers(SvgCanvas canvas, Frame frame, int line, Point?[] places)
    {
        const int few = 5;
        SeriesStyle style = Theme.Style(Series[line].Style);
        int every = Math.Max(1, places.Length / few), first = every * (line % few) / few;
        for (int i = 0; i < places.Length; i++)
        {
            bool alone = (i == 0 || places[i - 1] is null) && (i == places.Length - 1 || places[i + 1] is null);
            if (places[i] is { } place && (alone || i % every == first) && frame.Contains(place))
            {
                canvas.Marker(place.X, place.Y, style.Marker, style.Paint);
            }
        }
    }

    /// <summary>The path data of a band: for each piece without gaps, along the lower values and back along the upper ones.</summary>
    private static string Outline(Frame frame, IReadOnlyList<Point> points, IReadOnlyList<Interval> band)
    {
        StringBuilder data = new();
        List<Point> lower = [], upper = [];
        for (int i = 0; i <= points.Count; i++)
        {
            if (i < points.Count && frame.Place(points[i] with { Y = band[i].Low }) is not null
                && frame.Place(points[i] with { Y = band[i].High }) is not null)
            {
                lower.Add(points[i] with { Y = band[i].Low });
                upper.Add(points[i] with { Y = band[i].High });
            }
            else if (lower.Count > 0)
            {
                data.Append(frame.Joined([.. lower, .. Enumerable.Reverse(upper)])).Append('Z');
                lower.Clear();
                upper.Clear();
            }
        }
        return data.ToString();
    }
}
