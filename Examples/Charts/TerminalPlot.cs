using Spectre.Console;

namespace Examples.Charts;

/// <summary>A plot in at most 80 columns of ASCII: each line is drawn with its letter, and lines that coincide alternate theirs.</summary>
internal static class TerminalPlot
{
    private const int Left = 9, Columns = 66, Rows = 14;

    /// <summary>Writes the plot with its legend.</summary>
    public static void Write(IAnsiConsole console, Plot plot)
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

    private static Series?[,] Draw(Plot plot)
    {
        Series?[,] cells = new Series?[Rows, Columns];
        for (int column = 0; column < Columns; column++)
        {
            for (int turn = 0; turn < plot.Series.Count; turn++)
            {
                Series series = plot.Series[(column + turn) % plot.Series.Count];
                double x = plot.Across.High * column / (Columns - 1);
                int row = Row(Height(plot.Up, series.Values, x));
                if (row >= 0)
                {
                    cells[row, column] = series;
                }
            }
        }
        return cells;
    }

    /// <summary>The line's height at <paramref name="x"/>, interpolated linearly.</summary>
    private static double Height(Axis up, IReadOnlyList<double> values, double x)
    {
        int before = Math.Min((int)x, values.Count - 1), after = Math.Min(before + 1, values.Count - 1);
        double from = up.Fraction(values[before]), to = up.Fraction(values[after]);
        return from + (to - from) * (x - before);
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
                console.Write(series.Mark.ToString(), series.Color);
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
        foreach (Series one in series)
        {
            console.Write("   ");
            console.Write($"{one.Mark}{one.Mark}{one.Mark} {one.Name}", one.Color);
        }
        console.WriteLine();
    }
}
