using Examples;
using Examples.Charts;
using NUnit.Framework;

namespace Engine.Tests.Examples;

/// <summary>The plots of letters.</summary>
[Category("Slow")]
public sealed class TerminalPlotTests
{
    [Test]
    public void Letters_stand_at_the_values()
    {
        // a straight line from the first row to the last: 14 rows over 66 columns
        string[] lines = Letters([1, 0.1, 0.01]).Split('\n');
        Assert.That(lines[1].TrimEnd(), Is.EqualTo("      1 +aaa"));
        Assert.That(lines[14].TrimEnd(), Is.EqualTo("   0.01 +" + new string(' ', 63) + "aaa"));
        Assert.That(lines.Select(line => line.TrimEnd().Length), Is.All.LessThanOrEqualTo(80));
    }

    /// <summary>Catches: a line that is continued where it has no values, or that is not drawn up to there.</summary>
    [Test]
    public void A_diverged_training_is_drawn_as_far_as_it_goes()
    {
        string[] lines = Letters([1, 1, double.NaN, double.NaN, 1]).Split('\n');
        string row = lines.First(line => line.Contains("aaa", StringComparison.Ordinal))[9..];
        Assert.That(row.TrimEnd(), Is.EqualTo(new string('a', 17) + new string(' ', 48) + "a"));
        Assert.That(Letters([double.NaN, double.NaN]), Does.Contain("training loss"), "nothing finite is no crash");
    }

    private static string Letters(double[] values)
    {
        using StringWriter writer = new() { NewLine = "\n" };
        Series series = new("line", Series.AtIndices(values)) { Mark = 'a' };
        TerminalPlot.Write(Terminal.On(writer),
            new LineChart("training loss", Axis.Count("epoch", values.Length - 1), Axis.Logarithmic("", values), [series]));
        return writer.ToString().ReplaceLineEndings("\n");
    }
}
