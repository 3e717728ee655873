using System.Text;
using Examples.Charts;
using Spectre.Console;

namespace Examples;

/// <summary>What a study prints and draws.</summary>
/// <param name="Setting">What was done, in a sentence.</param>
/// <param name="Table">The numbers.</param>
/// <param name="Conclusion">What the numbers say, in plain sentences that were computed from them.</param>
/// <param name="Picture">The numbers as a picture.</param>
internal sealed record StudyReport(string Setting, Table Table, string Conclusion, Figure Picture)
{
    private const int Columns = 79;

    /// <summary>A chart to plot in the terminal too, if any.</summary>
    public LineChart? Plot { get; init; }

    /// <summary>An empty table: the first column is text, the others are numbers.</summary>
    public static Table Columned(params ReadOnlySpan<string> titles)
    {
        Table table = new Table().Border(TableBorder.Ascii2);
        foreach (string title in titles)
        {
            table.AddColumn(title, column =>
            {
                column.NoWrap();
                column.Alignment = table.Columns.Count == 0 ? Justify.Left : Justify.Right;
            });
        }
        return table;
    }

    /// <summary>Prints everything but the picture.</summary>
    public void Write(IAnsiConsole output)
    {
        WriteText(output, Setting);
        output.WriteLine();
        output.Write(Table);
        if (Plot is not null)
        {
            output.WriteLine();
            TerminalPlot.Write(output, Plot);
        }
        output.WriteLine();
        WriteText(output, Conclusion);
    }

    private static void WriteText(IAnsiConsole output, string text)
    {
        StringBuilder line = new();
        foreach (string word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > Columns)
            {
                output.WriteLine(line.ToString());
                line.Clear();
            }
            line.Append(line.Length > 0 ? " " : "").Append(word);
        }
        output.WriteLine(line.ToString());
    }
}
