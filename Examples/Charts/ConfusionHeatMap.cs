using Engine;
using static System.FormattableString;

namespace Examples.Charts;

/// <summary>Which classes a classifier takes for which: a row for each actual class, a column for each predicted one.</summary>
internal static class ConfusionHeatMap
{
    /// <summary>A heat map of counts, shaded by their share of the row.</summary>
    /// <param name="title">What was classified.</param>
    /// <param name="matrix">The counts.</param>
    public static HeatMap Of(string title, ConfusionMatrix matrix)
    {
        int classes = matrix.ClassNames.Count;
        Cell[,] cells = new Cell[classes, classes];
        for (int actual = 0; actual < classes; actual++)
        {
            long total = Enumerable.Range(0, classes).Sum(predicted => matrix[actual, predicted]);
            for (int predicted = 0; predicted < classes; predicted++)
            {
                long count = matrix[actual, predicted];
                // zeros are not written: what is wrong is seen among them
                cells[actual, predicted] = new Cell(total == 0 ? 0 : (double)count / total, count == 0 ? "" : Invariant($"{count}"));
            }
        }
        Axis rows = Axis.Names("actual class", matrix.ClassNames), columns = Axis.Names("predicted class", matrix.ClassNames);
        return new HeatMap(title, rows, columns, cells, "0 %", "100 %");
    }
}
