using Examples.Charts;
using Spectre.Console;
using static System.FormattableString;

namespace Examples.Regression;

/// <summary>Prints and draws the regression.</summary>
internal static class RegressionReport
{
    /// <summary>Runs it.</summary>
    /// <param name="seed">The seed of the coefficients at the start.</param>
    /// <param name="gradients">The largest number of gradients for each method.</param>
    /// <param name="output">Where the report goes.</param>
    /// <returns>The picture.</returns>
    public static Figure Write(long seed, int gradients, IAnsiConsole output)
    {
        RegressionProblem problem = new();
        IReadOnlyList<RegressionPath> paths = RegressionStudy.Run(problem, seed, gradients);
        RegressionPath best = paths.MinBy(path => path.Errors[^1].Y)!;
        int wines = problem.Inputs.Shape[0], features = problem.FeatureNames.Count;
        output.WriteLine(Invariant($"The color intensity of {wines} wines by {features} other features, all standardized; seed {seed}."));
        output.WriteLine(Invariant($"Curvatures {problem.Flattest:0.000} to {problem.Steepest:0.000}, condition {problem.Condition:0.0}."));
        output.WriteLine();
        WriteCoefficients(output, problem, best);
        output.WriteLine();
        WritePaths(output, paths);
        output.WriteLine();
        output.WriteLine(Conclusion(paths));
        Axis across = Axis.Logarithmic("gradients computed, logarithmic", paths.Select(path => path.Errors[^1].X).Prepend(1));
        // what is below the end of the paths is rounding
        Axis up = Axis.Logarithmic("", [RegressionStudy.End, .. paths.Select(path => path.Errors[0].Y)]);
        return new Figure(
            "Linear regression: the way to the closed form",
            Invariant($"Largest difference of a coefficient from the QR solution; dashed: {RegressionStudy.Target:0e-0}."),
            new LineChart("error, logarithmic", across, up, [.. paths.Select(Line)]) { Target = RegressionStudy.Target });
    }

    private static void WriteCoefficients(IAnsiConsole output, RegressionProblem problem, RegressionPath path)
    {
        Table table = Columned("feature", "closed form (QR)", path.Method.Name, "difference");
        string[] names = [.. problem.FeatureNames, "intercept"];
        for (int i = 0; i < names.Length; i++)
        {
            table.AddRow(
                names[i],
                Invariant($"{problem.Coefficients[i]:0.0000000000}"),
                Invariant($"{path.Coefficients[i]:0.0000000000}"),
                Invariant($"{path.Coefficients[i] - problem.Coefficients[i]:0.0e-00}"));
        }
        output.Write(table);
    }

    private static void WritePaths(IAnsiConsole output, IReadOnlyList<RegressionPath> paths)
    {
        Table table = Columned("method", "gradients\nto 1e-8", "error\nat the end", "factor per\ngradient", "factor in\ntheory");
        foreach (RegressionPath path in paths)
        {
            table.AddRow(
                path.Method.Name,
                path.GradientsTo(RegressionStudy.Target) is { } count ? Invariant($"{count}") : "-",
                Invariant($"{path.Errors[^1].Y:0.0e-00}"),
                Invariant($"{path.Factor:0.000}"),
                path.Method.Theory is { } factor ? Invariant($"{factor:0.000}") : "-");
        }
        output.Write(table);
    }

    private static Table Columned(params ReadOnlySpan<string> titles)
    {
        Table table = new Table().Border(TableBorder.Ascii2).AddColumn(titles[0]);
        foreach (string title in titles[1..])
        {
            table.AddColumn(title, column => column.RightAligned().NoWrap());
        }
        return table;
    }

    private static string Conclusion(IReadOnlyList<RegressionPath> paths)
    {
        int same = paths.Count(path => path.GradientsTo(RegressionStudy.Target) is not null);
        return Invariant($"{same} of {paths.Count} methods found the coefficients of the closed form to 1e-8.");
    }

    private static Series Line(RegressionPath path) =>
        new(path.Method.Name, [.. path.Errors.Skip(1)]) { Style = path.Method.Style }; // 0 gradients have no logarithm
}
