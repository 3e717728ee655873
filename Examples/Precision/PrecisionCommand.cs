using System.CommandLine;
using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;
using static Examples.Charts.Numerals;
using static Examples.Digits.DigitsTrainer;

namespace Examples.Precision;

/// <summary>The study of single and double precision.</summary>
internal static class PrecisionCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "precision";

    /// <summary>The command's description in the help text.</summary>
    public const string Description =
        "Runs the same code in float and in double: four computations where float fails, and one where it does not.";

    private const int Epochs = 10;

    /// <summary>Adds the options and the action.</summary>
    public static void Configure(Command command, IAnsiConsole output, IAnsiConsole error)
    {
        Option<int> steps = StudyOptions.Whole("--steps", "Steps on Rosenbrock's function", 15_000, PrecisionStudy.Interval, 1_000_000);
        StudyCommand.Configure(command, steps, "precision.svg", output, error, Report);
    }

    private static StudyReport Report(long seed, int steps)
    {
        PrecisionResult inFloat = null!, inDouble = null!;
        Parallel.Invoke(
            () => inFloat = PrecisionStudy.Run<float>(seed, Epochs, steps),
            () => inDouble = PrecisionStudy.Run<double>(seed, Epochs, steps));
        Table table = StudyReport.Columned("computation", "exact", "float", "double")
            .AddRow("50,000 steps of 0.00002 down from 4096", "4095", Digits(inFloat.SmallSteps), Digits(inDouble.SmallSteps))
            .AddRow("variance of pixels + 10,000", Digits(PrecisionStudy.TrueVariance), Digits(inFloat.Variance), Digits(inDouble.Variance))
            .AddRow("distance from Rosenbrock's minimum", "0", Short(inFloat.Distances[^1]), Short(inDouble.Distances[^1]))
            .AddRow("derivative by differences, least error", "0", Short(inFloat.DifferenceErrors.Min()),
                Short(inDouble.DifferenceErrors.Min()))
            .AddRow("test accuracy on digits", "", Percent(inFloat.Accuracy), Percent(inDouble.Accuracy));
        string conclusion =
            Invariant($"Float stays {Short(inFloat.Distances[^1] / inDouble.Distances[^1])} times as far from the minimum as double, ")
            + Invariant($"its best difference quotient has {Short(inFloat.DifferenceErrors.Min() / inDouble.DifferenceErrors.Min())} ")
            + Invariant($"times the error, and its small steps have moved x by {Short(PrecisionStudy.Start - inFloat.SmallSteps)} ")
            + Invariant($"in place of {Short(PrecisionStudy.Start - PrecisionStudy.End)}. The networks trained on digits differ by ")
            + Invariant($"{100 * Math.Abs(inFloat.Accuracy - inDouble.Accuracy):0.0} percentage points.");
        return new StudyReport(
            "The same code, generic in the precision, in float (24 bits) and in double (53 bits).", table, conclusion,
            Picture(inFloat, inDouble));
    }

    private static string Digits(double value) => Invariant($"{value:0.######}");

    private static Figure Picture(PrecisionResult inFloat, PrecisionResult inDouble)
    {
        Axis steps = Axis.Count("step", (inFloat.Distances.Count - 1) * PrecisionStudy.Interval);
        return new Figure(
            "Single and double precision",
            "Left: momentum on Rosenbrock's function. Right: (f(h) − f(−h))/2h of the digits' loss; a large h errs by "
                + "curvature, a small one by rounding.",
            Chart("distance from the minimum, logarithmic", steps,
                result => [.. result.Distances.Select((y, i) => new Point(i * PrecisionStudy.Interval, y))]),
            Chart("relative error of the derivative, logarithmic", Axis.Logarithmic("h", PrecisionStudy.Differences),
                result => [.. result.DifferenceErrors.Select((y, i) => new Point(PrecisionStudy.Differences[i], y))]));

        LineChart Chart(string title, Axis across, Func<PrecisionResult, Point[]> points)
        {
            Series[] lines = [new("float", points(inFloat)), new("double", points(inDouble)) { Style = 1 }];
            Axis up = Axis.Logarithmic("", lines.SelectMany(line => line.Points).Select(point => point.Y));
            return new LineChart(title, across, up, lines);
        }
    }
}
