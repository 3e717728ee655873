using System.Text;

namespace Examples.Charts;

/// <summary>The part of a chart where values are drawn, with the axes at its left and lower edges.</summary>
internal sealed class Frame
{
    /// <summary>The upper edge, below the chart's title.</summary>
    public const double Top = 30;

    private const double TickLength = 5, TitleHeight = 16, WidestLabel = 150, WidestUpwards = 100;

    private readonly Axis _across, _up;
    private readonly double _widestAcross;
    private readonly bool _namesRunUpwards;

    /// <summary>Makes room for the labels of the axes.</summary>
    /// <param name="across">The horizontal axis.</param>
    /// <param name="up">The vertical axis.</param>
    /// <param name="right">The width to leave at the right.</param>
    /// <param name="height">The height of the chart.</param>
    public Frame(Axis across, Axis up, double right, double height)
    {
        (_across, _up) = (across, up);
        Left = Math.Max(60, 26 + (up.Title.Length > 0 ? TitleHeight : 0) + WidestOf(up));
        Right = Chart.Width - right;
        _widestAcross = WidestOf(across);
        _namesRunUpwards = across.HasNames && across.Ticks.Count * (_widestAcross + 6) > Right - Left;
        LabelHeight = _namesRunUpwards ? Math.Min(_widestAcross, WidestUpwards) + 4 : 14;
        Bottom = height - 16 - LabelHeight - (across.Title.Length > 0 ? TitleHeight : 0);
    }

    /// <summary>The left edge.</summary>
    public double Left { get; }

    /// <summary>The right edge.</summary>
    public double Right { get; }

    /// <summary>The lower edge.</summary>
    public double Bottom { get; }

    private double LabelHeight { get; }

    /// <summary>The horizontal position of a value.</summary>
    public double X(double value) => Left + _across.Fraction(value) * (Right - Left);

    /// <summary>The vertical position of a value.</summary>
    public double Y(double value) => Bottom - _up.Fraction(value) * (Bottom - Top);

    /// <summary>The position of a point, or null where it has none, or one far outside.</summary>
    public Point? Place(Point point)
    {
        const double far = 100;
        (double across, double up) = (_across.Fraction(point.X), _up.Fraction(point.Y));
        return Math.Abs(across) < far && Math.Abs(up) < far ? new Point(X(point.X), Y(point.Y)) : null;
    }

    /// <summary>The region of the frame, a little larger so that a line along an edge is whole, for clipping.</summary>
    public string Clip(SvgCanvas canvas) => canvas.Clip(Left, Top - 2, Right - Left + 2, Bottom - Top + 4);

    /// <summary>Draws a line across the frame at each tick of the vertical axis.</summary>
    public void DrawGrid(SvgCanvas canvas)
    {
        foreach (double tick in _up.Ticks)
        {
            canvas.Line(Left, Y(tick), Right, Y(tick), Theme.GridLine);
        }
    }

    /// <summary>Draws the axes with their ticks, labels and titles.</summary>
    public void DrawAxes(SvgCanvas canvas)
    {
        foreach (double tick in _up.Ticks)
        {
            double y = Y(tick);
            canvas.Line(Left - TickLength, y, Left, y, Theme.AxisLine);
            canvas.Text(Left - 9, y + 4, Theme.Note.Fit(_up.Label(tick), WidestLabel), Theme.Note, Anchor.End);
        }
        // of numbers as many as fit, at equal distances; names all
        int fitting = (int)Math.Max(1, (Right - Left) / (_widestAcross + 10));
        int every = _across.HasNames ? 1 : (_across.Ticks.Count + fitting - 1) / fitting;
        for (int i = 0; i < _across.Ticks.Count; i++)
        {
            double x = X(_across.Ticks[i]);
            canvas.Line(x, Bottom, x, Bottom + TickLength, Theme.AxisLine);
            if (i % every == 0)
            {
                DrawLabelBelow(canvas, x, _across.Label(_across.Ticks[i]));
            }
        }
        canvas.Text((Left + Right) / 2, Bottom + LabelHeight + 23, Theme.Note.Fit(_across.Title, Right - Left), Theme.Note, Anchor.Middle);
        canvas.TextUpwards(20, (Top + Bottom) / 2, Theme.Note.Fit(_up.Title, Bottom - Top), Theme.Note, Anchor.Middle);
        canvas.Line(Left, Top, Left, Bottom, Theme.AxisLine);
        canvas.Line(Left, Bottom, Right, Bottom, Theme.AxisLine);
    }

    private void DrawLabelBelow(SvgCanvas canvas, double x, string label)
    {
        if (_namesRunUpwards)
        {
            canvas.TextUpwards(x + 4, Bottom + 9, Theme.Note.Fit(label, WidestUpwards), Theme.Note, Anchor.End);
        }
        else
        {
            canvas.Text(x, Bottom + 19, Theme.Note.Fit(label, WidestLabel), Theme.Note, Anchor.Middle);
        }
    }

    private static double WidestOf(Axis axis) =>
        Math.Min(WidestLabel, axis.Ticks.Select(tick => Theme.Note.WidthOf(axis.Label(tick))).DefaultIfEmpty(0).Max());

    /// <summary>Whether a place is inside the frame, or on its edge.</summary>
    public bool Contains(Point place) =>
        place.X >= Left - 1 && place.X <= Right + 1 && place.Y >= Top - 1 && place.Y <= Bottom + 1;

    /// <summary>The path data of a line through points, interrupted where one has no place.</summary>
    public string Joined(IEnumerable<Point> points)
    {
        StringBuilder data = new();
        List<Point> piece = [];
        foreach (Point point in points)
        {
            if (Place(point) is { } place)
            {
                piece.Add(place);
                continue;
            }
            data.Append(Polyline(piece));
            piece.Clear();
        }
        return data.Append(Polyline(piece)).ToString();
    }

    /// <summary>The path data of a line through places.</summary>
    public static string Polyline(IReadOnlyList<Point> places) =>
        string.Concat(places.Select((place, i) => $"{(i == 0 ? 'M' : 'L')}{SvgCanvas.Number(place.X)} {SvgCanvas.Number(place.Y)}"));
}
