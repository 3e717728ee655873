using static System.FormattableString;

namespace Examples.Charts;

/// <summary>A table of cells, shaded by their values: attention, weights of a layer, a confusion matrix.</summary>
internal sealed class HeatMap : Chart
{
    private const double CellHeight = 24, ScaleWidth = 14;
    private const int ScaleSteps = 8;

    private readonly Axis _rows, _columns;
    private readonly Cell[,] _cells;
    private readonly string _low, _high;

    /// <summary>Draws cells.</summary>
    /// <param name="title">What the values are.</param>
    /// <param name="rows">The names of the rows from top to bottom, with their title.</param>
    /// <param name="columns">The names of the columns from left to right, with their title.</param>
    /// <param name="cells">The cells by row and column.</param>
    /// <param name="low">The value that has the shade 0.</param>
    /// <param name="high">The value that has the shade 1.</param>
    /// <exception cref="ArgumentException">There are not as many cells as rows times columns.</exception>
    public HeatMap(string title, Axis rows, Axis columns, Cell[,] cells, string low, string high) : base(title)
    {
        CheckSize(rows, columns, cells.GetLength(0), cells.GetLength(1), nameof(cells));
        (_rows, _columns, _cells, _low, _high) = (rows, columns, cells, low, high);
    }

    /// <inheritdoc/>
    public override string Description =>
        Invariant($"Heat map: {Title}, {_rows.Ticks.Count} rows and {_columns.Ticks.Count} columns.");

    /// <inheritdoc/>
    public override double Height => Math.Max(base.Height, Frame.Top + 130 + CellHeight * _rows.Ticks.Count);

    /// <summary>Shades values from the smallest finite one to the largest.</summary>
    /// <param name="title">What the values are.</param>
    /// <param name="rows">The names of the rows from top to bottom, with their title.</param>
    /// <param name="columns">The names of the columns from left to right, with their title.</param>
    /// <param name="values">The values by row and column.</param>
    /// <exception cref="ArgumentException">There are not as many values as rows times columns.</exception>
    public static HeatMap Of(string title, Axis rows, Axis columns, double[,] values)
    {
        CheckSize(rows, columns, values.GetLength(0), values.GetLength(1), nameof(values));
        double[] finite = [.. values.Cast<double>().Where(double.IsFinite)];
        double low = finite.DefaultIfEmpty(0).Min(), high = finite.DefaultIfEmpty(1).Max();
        Cell[,] cells = new Cell[values.GetLength(0), values.GetLength(1)];
        for (int row = 0; row < cells.GetLength(0); row++)
        {
            for (int column = 0; column < cells.GetLength(1); column++)
            {
                double value = values[row, column];
                // halves, since the difference of two finite numbers may not be finite; equal values are all in the middle
                double shade = !double.IsFinite(value) ? double.NaN : high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5;
                cells[row, column] = new Cell(shade, Numerals.Short(value));
            }
        }
        return new HeatMap(title, rows, columns, cells, Numerals.Short(low), Numerals.Short(high));
    }

    /// <inheritdoc/>
    public override void Draw(SvgCanvas canvas, double height)
    {
        double scale = ScaleWidth + 16 + Math.Max(Theme.Note.WidthOf(_low), Theme.Note.WidthOf(_high)) + 16;
        Frame frame = new(_columns, _rows.Reversed, scale, height);
        frame.DrawAxes(canvas);
        Paint paint = Theme.Style(0).Paint;
        double width = (frame.Right - frame.Left) / _columns.Ticks.Count, tall = (frame.Bottom - Frame.Top) / _rows.Ticks.Count;
        for (int row = 0; row < _rows.Ticks.Count; row++)
        {
            for (int column = 0; column < _columns.Ticks.Count; column++)
            {
                Cell cell = _cells[row, column];
                double x = frame.Left + column * width, y = Frame.Top + row * tall;
                canvas.Rectangle(x, y, width, tall, Theme.Paper);
                canvas.Rectangle(x, y, width, tall, paint, double.IsNaN(cell.Shade) ? 0 : cell.Shade);
                TextStyle style = cell.Shade > 0.55 ? Theme.Reversed : Theme.Label;
                if (style.WidthOf(cell.Text) <= width && style.Size <= tall)
                {
                    canvas.Text(x + width / 2, y + tall / 2 + 4, cell.Text, style, Anchor.Middle);
                }
            }
        }
        DrawScale(canvas, frame, paint);
    }

    /// <summary>The shades beside the cells, with the values of the first and the last.</summary>
    private void DrawScale(SvgCanvas canvas, Frame frame, Paint paint)
    {
        double x = frame.Right + 16, tall = (frame.Bottom - Frame.Top) / ScaleSteps;
        for (int i = 0; i < ScaleSteps; i++)
        {
            canvas.Rectangle(x, frame.Bottom - (i + 1) * tall, ScaleWidth, tall, paint, i / (ScaleSteps - 1.0));
        }
        canvas.Line(x, frame.Bottom, x + ScaleWidth, frame.Bottom, Theme.AxisLine);
        canvas.Text(x + ScaleWidth + 5, frame.Bottom, _low, Theme.Note);
        canvas.Text(x + ScaleWidth + 5, Frame.Top + 9, _high, Theme.Note);
    }

    private static void CheckSize(Axis rows, Axis columns, int givenRows, int givenColumns, string argument)
    {
        if (givenRows != rows.Ticks.Count || givenColumns != columns.Ticks.Count)
        {
            throw new ArgumentException(Invariant(
                $"HeatMap: got {givenRows} × {givenColumns} values, expected {rows.Ticks.Count} × {columns.Ticks.Count}."),
                argument);
        }
    }
}
