using static System.FormattableString;

namespace Examples.Charts;

/// <summary>A line of a chart: points in the order in which they are joined; where one has no place, the line is interrupted.</summary>
internal sealed class Series
{
    /// <summary>Names a line.</summary>
    /// <param name="name">Its label.</param>
    /// <param name="points">Its points, at least one.</param>
    /// <exception cref="ArgumentException">There is no point.</exception>
    public Series(string name, IReadOnlyList<Point> points)
    {
        if (points.Count == 0)
        {
            throw new ArgumentException($"Series '{name}': got no points, expected at least one.", nameof(points));
        }
        Name = name;
        Points = points;
    }

    /// <summary>The label of the line.</summary>
    public string Name { get; }

    /// <summary>Its points.</summary>
    public IReadOnlyList<Point> Points { get; }

    /// <summary>What a picture adds to the label, such as a learning rate.</summary>
    public string Note { get; init; } = "";

    /// <summary>Its look: a position in <see cref="Theme.Styles"/>, beyond whose end it starts again.</summary>
    public int Style { get; init; }

    /// <summary>The letter that draws it in a terminal.</summary>
    public char Mark { get; init; } = '*';

    /// <summary>The vertical interval around each point that a picture shades, if any.</summary>
    /// <exception cref="ArgumentException">There are not as many intervals as points.</exception>
    public IReadOnlyList<Interval>? Band
    {
        get;
        init => field = value is null || value.Count == Points.Count
            ? value
            : throw new ArgumentException(
                Invariant($"Series '{Name}': got {value.Count} intervals, expected {Points.Count}, one for each point."), nameof(Band));
    }

    /// <summary>Points at 0, 1, 2, … of the horizontal axis.</summary>
    public static IReadOnlyList<Point> AtIndices(IEnumerable<double> values) => [.. values.Select((value, i) => new Point(i, value))];

    /// <summary>Points at 1, 2, 3, … of the horizontal axis, such as what is measured after each epoch.</summary>
    public static IReadOnlyList<Point> FromOne(IEnumerable<double> values) => [.. values.Select((value, i) => new Point(i + 1, value))];
}
