using static System.FormattableString;

namespace Examples.Charts;

/// <summary>Which classes a classifier takes for which: a row for each true class, a column for each predicted one.</summary>
internal static class ConfusionMatrix
{
    /// <summary>A heat map of counts, shaded by their share of the row.</summary>
    /// <param name="title">What was classified.</param>
    /// <param name="classes">The names of the classes.</param>
    /// <param name="counts">How many examples of the true class (row) were predicted to be of a class (column).</param>
    /// <exception cref="ArgumentException">The counts are not classes × classes, or one is negative.</exception>
    public static HeatMap Of(string title, IReadOnlyList<string> classes, int[,] counts)
    {
        Cell[,] cells = new Cell[counts.GetLength(0), counts.GetLength(1)];
        for (int row = 0; row < cells.GetLength(0); row++)
        {
            long total = 0;
            for (int column = 0; column < cells.GetLength(1); column++)
            {
                int count = counts[row, column];
                total += count >= 0
                    ? count
                    : throw new ArgumentException(
                        Invariant($"ConfusionMatrix: got {count} in row {row}, column {column}, expected no negative count."),
                        nameof(counts));
            }
            for (int column = 0; column < cells.GetLength(1); column++)
            {
                int count = counts[row, column];
                // zeros are not written: what is wrong is seen among them
                cells[row, column] = new Cell(total == 0 ? 0 : (double)count / total, count == 0 ? "" : Invariant($"{count}"));
            }
        }
        return new HeatMap(title, Axis.Names("true class", classes), Axis.Names("predicted class", classes), cells, "0 %", "100 %");
    }
}
