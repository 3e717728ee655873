namespace Examples.Charts;

/// <summary>The contours of a function that is known on a grid, by marching squares.</summary>
/// <param name="values">The values [column, row]; no line passes a cell with a corner that is not finite.</param>
internal sealed class Contours(double[,] values)
{
    private const int None = -1;

    private readonly int _columns = values.GetLength(0), _rows = values.GetLength(1);

    // for each edge of the grid, to the right of each point and above it, the two edges at which a line through it goes on
    private readonly int[] _before = new int[2 * values.Length], _after = new int[2 * values.Length];
    private readonly bool[] _seen = new bool[2 * values.Length];

    /// <summary>The lines on which the function, linear along the edges of the grid, has the value <paramref name="level"/>.</summary>
    /// <returns>The lines in units of columns and rows; a closed one ends with its first point.</returns>
    public IReadOnlyList<IReadOnlyList<Point>> At(double level)
    {
        Array.Fill(_before, None);
        Array.Fill(_after, None);
        Array.Clear(_seen);
        for (int column = 0; column + 1 < _columns; column++)
        {
            for (int row = 0; row + 1 < _rows; row++)
            {
                Cross(column, row, level);
            }
        }
        List<IReadOnlyList<Point>> lines = [];
        // from the ends of lines that have ends; what is left then is closed
        Follow(edge => _after[edge] == None, level, lines);
        Follow(edge => true, level, lines);
        return lines;
    }

    /// <summary>Joins the edges of a cell that the lines cross in it.</summary>
    private void Cross(int column, int row, double level)
    {
        double a = values[column, row], b = values[column + 1, row], c = values[column + 1, row + 1], d = values[column, row + 1];
        if (!double.IsFinite(a) || !double.IsFinite(b) || !double.IsFinite(c) || !double.IsFinite(d))
        {
            return;
        }
        int below = Edge(column, row), right = Edge(column + 1, row) + 1, above = Edge(column, row + 1), left = Edge(column, row) + 1;
        bool highA = a >= level, highB = b >= level, highC = c >= level, highD = d >= level;
        if (highA == highC && highB == highD && highA != highB)
        {
            // a saddle: the mean decides which pair of opposite corners the lines part
            bool highMiddle = a / 4 + b / 4 + c / 4 + d / 4 >= level;
            (int partner, int other) = highMiddle == highA ? (right, left) : (left, right);
            Join(below, partner);
            Join(above, other);
            return;
        }
        Span<int> crossed = stackalloc int[4];
        int count = 0;
        Count(highA != highB, below, crossed, ref count);
        Count(highB != highC, right, crossed, ref count);
        Count(highC != highD, above, crossed, ref count);
        Count(highD != highA, left, crossed, ref count);
        if (count == 2)
        {
            Join(crossed[0], crossed[1]);
        }
    }

    private static void Count(bool isCrossed, int edge, Span<int> crossed, ref int count)
    {
        if (isCrossed)
        {
            crossed[count++] = edge;
        }
    }

    /// <summary>The number of the edge to the right of a point; the next one is that above it.</summary>
    private int Edge(int column, int row) => 2 * (row * _columns + column);

    private void Join(int one, int other)
    {
        (_before[one] == None ? ref _before[one] : ref _after[one]) = other;
        (_before[other] == None ? ref _before[other] : ref _after[other]) = one;
    }

    /// <summary>Follows the lines that have not been seen, from every edge where one may begin.</summary>
    private void Follow(Predicate<int> begins, double level, List<IReadOnlyList<Point>> lines)
    {
        for (int edge = 0; edge < _seen.Length; edge++)
        {
            if (_seen[edge] || _before[edge] == None || !begins(edge))
            {
                continue;
            }
            List<Point> line = [];
            int at = edge;
            while (at != None)
            {
                _seen[at] = true;
                line.Add(Crossing(at, level));
                int next = _before[at] != None && !_seen[_before[at]] ? _before[at] : _after[at];
                at = next != None && !_seen[next] ? next : None;
            }
            if (_after[edge] != None)
            {
                line.Add(line[0]);
            }
            lines.Add(line);
        }
    }

    private Point Crossing(int edge, double level)
    {
        int column = edge / 2 % _columns, row = edge / 2 / _columns;
        double from = values[column, row], to = edge % 2 == 0 ? values[column + 1, row] : values[column, row + 1];
        // halves, since the difference of two finite numbers may not be finite
        double t = (level / 2 - from / 2) / (to / 2 - from / 2);
        return edge % 2 == 0 ? new Point(column + t, row) : new Point(column, row + t);
    }
}
