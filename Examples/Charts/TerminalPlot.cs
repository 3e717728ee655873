using Spectre.Console;

namespace Examples.Charts;

/// <summary>A plot in at most 80 columns of ASCII: each line is drawn with its letter, and lines that coincide alternate theirs.</summary>
internal static class TerminalPlot
{
    private const int Left = 9, Columns = 66, Rows = 14;

    /// <summary>Writes the plot with its legend.</summary>
    public static void Write(IAnsiConsole console, LineChart plot)
    {
        console.WriteLine(plot.Title);
        Series?[,] cells = Draw(plot);
        string?[] labels = Labels(plot.Up);
        int target = plot.Target is { } value ? Row(plot.Up.Fraction(value)) : -1;
        for (int row = 0; row < Rows; row++)
        {
            console.Write($"{labels[row],Left - 2} {(labels[row] is null ? '|' : '+')}");
            WriteRow(console, cells, row, row == target ? '.' : ' ');
            console.WriteLine();
        }
        WriteAcross(console, plot.Across);
        WriteLegend(console, plot.Series);
    }

    private static Series?[,] Draw(LineChart plot)
    {
        Series?[,] cells = new Series?[Rows, Columns];
        for (int column = 0; column < Columns; column++)
        {
            for (int turn = 0; turn < plot.Series.Count; turn++)
            {
                Series series = plot.Series[(column + turn) % plot.Series.Count];
                int row = Row(Height(plot, series.Points, (double)column / (Columns - 1)));
                if (row >= 0)
                {
                    cells[row, column] = series;
                }
            }
        }
        return cells;
    }

    /// <summary>The line's height at a fraction of the horizontal axis, interpolated linearly; its points are in ascending order.</summary>
    private static double Height(LineChart plot, IReadOnlyList<Point> points, double across)
    {
        int after = 0;
        while (after < points.Count - 1 && plot.Across.Fraction(points[after].X) < across)
        {
            after++;
        }
        double end = plot.Across.Fraction(points[after].X), to = plot.Up.Fraction(points[after].Y);
        if (after == 0 || end <= across)
        {
            // a line is not continued beyond its ends
            return Math.Abs(end - across) < 0.5 / Columns ? to : double.NaN;
        }
        double start = plot.Across.Fraction(points[after - 1].X), from = plot.Up.Fraction(points[after - 1].Y);
        return from + (to - from) * (across - start) / (end - start);
    }

    private static int Row(double fraction) => fraction is >= 0 and <= 1 ? (int)Math.Round((1 - fraction) * (Rows - 1)) : -1;

    private static string?[] Labels(Axis up)
    {
        string?[] labels = new string?[Rows];
        foreach (double tick in up.Ticks)
        {
            labels[Row(up.Fraction(tick))] = up.Label(tick);
        }
        return labels;
    }

    private static void WriteRow(IAnsiConsole console, Series?[,] cells, int row, char empty)
    {
        int end = Columns;
        while (empty == ' ' && end > 0 && cells[row, end - 1] is null)
        {
            end--;
        }
        for (int column = 0; column < end; column++)
        {
            if (cells[row, column] is { } series)
            {
                console.Write(series.Mark.ToString(), ColorOf(series));
            }
            else
            {
                console.Write(empty.ToString());
            }
        }
    }

    private static void WriteAcross(IAnsiConsole console, Axis across)
    {
        char[] line = new string('-', Columns).ToCharArray(), labels = new string(' ', Left + Columns + 4).ToCharArray();
        foreach (double tick in across.Ticks)
        {
            int column = (int)Math.Round(across.Fraction(tick) * (Columns - 1));
            line[column] = '+';
            string label = across.Label(tick);
            label.CopyTo(0, labels, Left + column - label.Length / 2, label.Length);
        }
        console.WriteLine($"{new string(' ', Left - 1)}+{new string(line)}");
        console.WriteLine($"{new string(labels).TrimEnd()}");
    }

    private static void WriteLegend(IAnsiConsole console, IReadOnlyList<Series> series)
    {
        console.Write(new string(' ', Left - 3));
        int column = Left - 3;
        foreach (Series one in series)
        {
            string entry = $"{one.Mark}{one.Mark}{one.Mark} {one.Name}";
            if (column > Left - 3 && column + 3 + entry.Length > Left + Columns)
            {
                console.WriteLine();
                console.Write(new string(' ', Left - 3));
                column = Left - 3;
            }
            console.Write("   ");
            console.Write(entry, ColorOf(one));
            column += 3 + entry.Length;
        }
        console.WriteLine();
    }

    private static Color ColorOf(Series series) => Color.FromHex(Theme.Style(series.Style).Paint.Light);
}
