using Examples.Charts;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>The contours of functions, and paths over them.</summary>
public sealed class ContourTests
{
    private const int Side = 41;

    /// <summary>Catches: lines at the wrong level, in pieces, left open, or traced twice.</summary>
    [Test]
    public void The_contours_of_a_bowl_are_closed_circles()
    {
        Contours contours = new(Grid((x, y) => x * x + y * y));
        foreach (double radius in (double[])[0.31, 0.51, 0.93])
        {
            IReadOnlyList<Point> circle = contours.At(radius * radius).Single();
            Assert.That(circle[0], Is.EqualTo(circle[^1]));
            Assert.That(circle.Skip(1), Is.Unique);
            // along an edge of length h the chord of x² is at most h²/4 above it
            double[] squares = [.. circle.Select(point => Square(Value(point.X)) + Square(Value(point.Y)))];
            Assert.That(squares, Is.All.EqualTo(radius * radius).Within(1e-3));
            double area = circle.Zip(circle.Skip(1), (one, next) => Value(one.X) * Value(next.Y) - Value(next.X) * Value(one.Y)).Sum() / 2;
            Assert.That(Math.Abs(area), Is.EqualTo(Math.PI * radius * radius).Within(0.005), "once around");
        }
    }

    [Test]
    public void The_contours_of_a_plane_are_straight_lines_from_border_to_border()
    {
        IReadOnlyList<Point> line = new Contours(Grid((x, y) => x + 2 * y)).At(0.31).Single();
        Assert.That(line.Select(point => Value(point.X) + 2 * Value(point.Y)), Is.All.EqualTo(0.31).Within(1e-12));
        Assert.That(new[] { line[0], line[^1] }, Is.All.Matches<Point>(end => end.X is 0 or Side - 1 || end.Y is 0 or Side - 1));
        Assert.That(line.Count, Is.GreaterThan(Side));
    }

    /// <summary>Catches: lines that cross at a saddle, or parts of them that are lost there.</summary>
    [Test]
    public void The_contours_beside_a_saddle_are_two_lines()
    {
        // on a grid with a cell around the saddle
        double[,] values = { { 1, -1 }, { -1, 1.5 } };
        Contours contours = new(values);
        foreach (double level in (double[])[-0.5, 0, 0.125, 0.5])
        {
            IReadOnlyList<IReadOnlyList<Point>> lines = contours.At(level);
            Assert.That(lines, Has.Count.EqualTo(2).And.All.Count.EqualTo(2));
            // the mean is 0.125: up to it the high corners (0, 0) and (1, 1) are joined, and the lines part the low ones from them
            double[] sums = [.. lines.Select(line => line.Average(point => point.X + point.Y))];
            double[] differences = [.. lines.Select(line => Math.Abs(line.Average(point => point.X - point.Y)))];
            Assert.That(level <= 0.125 ? differences.Min() : Math.Abs(sums[0] - sums[1]) / 2, Is.GreaterThan(0.3), $"{level}");
        }
    }

    /// <summary>Catches: contours through places where the function has no value.</summary>
    [Test]
    public void No_contour_passes_what_is_not_finite()
    {
        Contours contours = new(Grid((x, y) => x > 0.2 ? double.NaN : y < -0.6 ? double.PositiveInfinity : x * x + y * y));
        IReadOnlyList<IReadOnlyList<Point>> lines = contours.At(0.5);
        Assert.That(lines, Is.Not.Empty);
        Assert.That(lines.SelectMany(line => line), Is.All.Matches<Point>(point => Value(point.X) <= 0.2001 && Value(point.Y) >= -0.6001));
        Assert.That(new Contours(Grid((_, _) => double.NaN)).At(0), Is.Empty);
        Assert.That(new Contours(Grid((_, _) => 3)).At(3), Is.Empty, "a constant has none");
    }

    /// <summary>Catches: paths that do not lie where the contours have their coordinates, and ends that are marked outside.</summary>
    [Test]
    public void Paths_lie_over_the_contours()
    {
        Series along = new("along a contour", [.. Enumerable.Range(0, 65).Select(i => Circle(i * Math.PI / 32))]);
        Series away = new("away", [new(0, 0), new(double.NaN, 0), new(7, 7)]) { Style = 1 };
        Axis axis = Axis.Between("", -2, 2);
        Drawing drawing = new(new ContourPaths("cone", axis, axis, (x, y) => Math.Sqrt(x * x + y * y), [along, away]) { Mark = new(0, 0) });
        double[][] lines = [.. drawing.Lines.Select(Drawing.Numbers)];
        Assert.That(lines.Length, Is.GreaterThan(8), "contours and two paths");
        double[] path = lines[^2];
        (double centerX, double radiusX) = Extent(path, 0);
        (double centerY, double radiusY) = Extent(path, 1);
        // every contour is the same ellipse in pixels, as far as it is inside
        foreach (double[] contour in lines[..^2])
        {
            double[] ratios = [.. contour.Chunk(2).Select(at => Square((at[0] - centerX) / radiusX) + Square((at[1] - centerY) / radiusY))];
            Assert.That(ratios.Max() - ratios.Min(), Is.LessThan(0.02 * ratios.Max()));
        }
        // two beside the names, start and end of one path, the start of the other
        Assert.That(drawing.Markers, Has.Length.EqualTo(5));
        Assert.That(drawing.Texts, Does.Contain("along a contour").And.Contain("away"));

        static Point Circle(double angle) => new(Math.Cos(angle), Math.Sin(angle));

        static (double Center, double Radius) Extent(double[] path, int coordinate)
        {
            double[] values = [.. path.Where((_, i) => i % 2 == coordinate)];
            return ((values.Min() + values.Max()) / 2, (values.Max() - values.Min()) / 2);
        }
    }

    [Test]
    public void A_function_without_values_or_paths()
    {
        Axis axis = Axis.Between("", 0, 1);
        ContourPaths nowhere = new("none", axis, axis, (_, _) => double.NaN, [new("p", [new(0, 0)])]);
        Assert.That(new Drawing(nowhere).Lines, Has.Length.EqualTo(1));
        Assert.That(() => new ContourPaths("f", axis, axis, (x, y) => x, []), Throws.ArgumentException);
    }

    private static double[,] Grid(Func<double, double, double> function)
    {
        double[,] values = new double[Side, Side];
        for (int column = 0; column < Side; column++)
        {
            for (int row = 0; row < Side; row++)
            {
                values[column, row] = function(Value(column), Value(row));
            }
        }
        return values;
    }

    /// <summary>The grid goes from −1 to 1.</summary>
    private static double Value(double coordinate) => 2 * coordinate / (Side - 1) - 1;

    private static double Square(double x) => x * x;
}
