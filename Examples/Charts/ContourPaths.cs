using System.Globalization;

namespace Examples.Charts;

/// <summary>The contours of a function of two numbers, and over them the paths of optimizers, each from a ring to a marker.</summary>
internal sealed class ContourPaths : Chart
{
    private const int Columns = 240, Rows = 180, Levels = 12;
    private const string Ring = "M-3.6 0a3.6 3.6 0 1 0 7.2 0a3.6 3.6 0 1 0 -7.2 0zM-1.8 0a1.8 1.8 0 1 1 3.6 0a1.8 1.8 0 1 1 -3.6 0z";

    private readonly Axis _across, _up;
    private readonly IReadOnlyList<Series> _paths;
    private readonly double[,] _values = new double[Columns + 1, Rows + 1];

    /// <summary>Draws paths over contours.</summary>
    /// <param name="title">The function's name.</param>
    /// <param name="across">The axis of the first number.</param>
    /// <param name="up">The axis of the second number.</param>
    /// <param name="function">The function; where it is not finite, there are no contours.</param>
    /// <param name="paths">At least one path.</param>
    /// <exception cref="ArgumentException">There is no path.</exception>
    public ContourPaths(string title, Axis across, Axis up, Func<double, double, double> function, IReadOnlyList<Series> paths)
        : base(title)
    {
        if (paths.Count == 0)
        {
            throw new ArgumentException("ContourPaths: got no paths, expected at least one.", nameof(paths));
        }
        (_across, _up, _paths) = (across, up, paths);
        for (int column = 0; column <= Columns; column++)
        {
            for (int row = 0; row <= Rows; row++)
            {
                _values[column, row] = function(Between(across, column, Columns), Between(up, row, Rows));
            }
        }
    }

    /// <summary>A point to mark, such as the function's minimum, if any.</summary>
    public Point? Mark { get; init; }

    /// <inheritdoc/>
    public override string Description => $"Contours: {Title}, with the paths of {string.Join(", ", _paths.Select(path => path.Name))}.";

    /// <inheritdoc/>
    public override double Height => Math.Max(base.Height + 60, EndLabels.Height(_paths.Count));

    /// <inheritdoc/>
    public override void Draw(SvgCanvas canvas, double height)
    {
        Frame frame = new(_across, _up, EndLabels.Width(_paths), height);
        string clip = frame.Clip(canvas);
        DrawContours(canvas, frame, clip);
        if (Mark is { } mark && frame.Place(mark) is { } cross)
        {
            canvas.Line(cross.X - 6, cross.Y, cross.X + 6, cross.Y, Theme.MarkLine);
            canvas.Line(cross.X, cross.Y - 6, cross.X, cross.Y + 6, Theme.MarkLine);
        }
        foreach (Series path in _paths)
        {
            canvas.Path(frame.Joined(path.Points), Theme.Style(path.Style).Line, clip);
        }
        foreach (Series path in _paths)
        {
            SeriesStyle style = Theme.Style(path.Style);
            Point[] places = [.. path.Points.Select(frame.Place).OfType<Point>()];
            DrawMarker(canvas, frame, places.Take(1), Ring, style.Paint);
            DrawMarker(canvas, frame, places.TakeLast(1), style.Marker, style.Paint);
        }
        frame.DrawAxes(canvas);
        EndLabels.DrawList(canvas, frame, _paths);
    }

    /// <summary>Marks a path's first or last place, if there is one inside the frame.</summary>
    private static void DrawMarker(SvgCanvas canvas, Frame frame, IEnumerable<Point> places, string outline, Paint paint)
    {
        foreach (Point place in places.Where(frame.Contains))
        {
            canvas.Marker(place.X, place.Y, outline, paint);
        }
    }

    private static double Between(Axis axis, int i, int count) => axis.Low * (1 - (double)i / count) + axis.High * ((double)i / count);

    private void DrawContours(SvgCanvas canvas, Frame frame, string clip)
    {
        Contours contours = new(_values);
        ContourLabels labels = new(frame, _paths.Select(path => path.Points.Select(frame.Place).OfType<Point>().ToArray()));
        foreach (double level in RoundLevels())
        {
            Point[][] lines = [.. contours.At(level).Select(line => Places(frame, line))];
            foreach (Point[] line in lines)
            {
                canvas.Path(Frame.Polyline(line), Theme.ContourLine, clip);
            }
            labels.Add(Numerals.Short(level), lines);
        }
        labels.Draw(canvas);
    }

    private static Point[] Places(Frame frame, IReadOnlyList<Point> line) =>
    [
        .. line.Select(point => new Point(
            frame.Left + point.X / Columns * (frame.Right - frame.Left),
            frame.Bottom - point.Y / Rows * (frame.Bottom - Frame.Top))),
    ];

    /// <summary>Levels with two digits, close together near the smallest values, where paths end.</summary>
    private double[] RoundLevels()
    {
        double[] sorted = [.. _values.Cast<double>().Where(double.IsFinite).Order()];
        return sorted.Length == 0
            ? []
            : [.. Enumerable.Range(1, Levels - 1).Select(i => Rounded(Quantile(sorted, (double)i * i / (Levels * Levels)))).Distinct()];
    }

    private static double Quantile(double[] sorted, double share) => sorted[(int)((sorted.Length - 1) * share)];

    private static double Rounded(double value) =>
        double.Parse(value.ToString("G2", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
