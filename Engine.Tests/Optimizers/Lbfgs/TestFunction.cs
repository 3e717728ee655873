namespace Engine.Tests.Optimizers;

/// <summary>
/// A function whose minimum is known, with its gradient (Moré, Garbow &amp; Hillstrom, Testing Unconstrained Optimization Software, 1981).
/// </summary>
public sealed record TestFunction(string Name, double[] Start, double Minimum, Func<double[], double[], double> Value)
{
    /// <summary>The losses' sums of squares of residuals rᵢ; each adds 2rᵢ∇rᵢ to the gradient.</summary>
    public static IReadOnlyList<TestFunction> All { get; } =
    [
        new("Rosenbrock", [-1.2, 1], 0, static (x, g) => Sum(g, (10 * (x[1] - (x[0] * x[0])), [-20 * x[0], 10]), (1 - x[0], [-1, 0]))),
        new("Beale", [1, 1], 0, static (x, g) => Sum(g,
            (1.5 - (x[0] * (1 - x[1])), [x[1] - 1, x[0]]),
            (2.25 - (x[0] * (1 - (x[1] * x[1]))), [(x[1] * x[1]) - 1, 2 * x[0] * x[1]]),
            (2.625 - (x[0] * (1 - (x[1] * x[1] * x[1]))), [(x[1] * x[1] * x[1]) - 1, 3 * x[0] * x[1] * x[1]]))),
        new("Powell", [3, -1, 0, 1], 0, static (x, g) => Sum(g,
            (x[0] + (10 * x[1]), [1, 10, 0, 0]),
            (Math.Sqrt(5) * (x[2] - x[3]), [0, 0, Math.Sqrt(5), -Math.Sqrt(5)]),
            (Square(x[1] - (2 * x[2])), [0, 2 * (x[1] - (2 * x[2])), -4 * (x[1] - (2 * x[2])), 0]),
            (Math.Sqrt(10) * Square(x[0] - x[3]), [2 * Math.Sqrt(10) * (x[0] - x[3]), 0, 0, -2 * Math.Sqrt(10) * (x[0] - x[3])]))),
        new("Wood", [-3, -1, -3, -1], 0, static (x, g) => Sum(g,
            (10 * (x[1] - (x[0] * x[0])), [-20 * x[0], 10, 0, 0]),
            (1 - x[0], [-1, 0, 0, 0]),
            (Math.Sqrt(90) * (x[3] - (x[2] * x[2])), [0, 0, -2 * Math.Sqrt(90) * x[2], Math.Sqrt(90)]),
            (1 - x[2], [0, 0, -1, 0]),
            (Math.Sqrt(10) * (x[1] + x[3] - 2), [0, Math.Sqrt(10), 0, Math.Sqrt(10)]),
            ((x[1] - x[3]) / Math.Sqrt(10), [0, 1 / Math.Sqrt(10), 0, -1 / Math.Sqrt(10)]))),
        new("Brown–Dennis", [25, 5, -5, -1], 85822.20162635628, static (x, g) => Sum(g, [.. Enumerable.Range(1, 20).Select(i =>
        {
            double t = i / 5.0, a = x[0] + (t * x[1]) - Math.Exp(t), b = x[2] + (x[3] * Math.Sin(t)) - Math.Cos(t);
            return ((a * a) + (b * b), new[] { 2 * a, 2 * a * t, 2 * b, 2 * b * Math.Sin(t) });
        })])),
    ];

    public override string ToString() => Name;

    private static double Square(double x) => x * x;

    private static double Sum(double[] gradient, params ReadOnlySpan<(double Residual, double[] Slope)> terms)
    {
        double sum = 0;
        Array.Clear(gradient);
        foreach ((double residual, double[] slope) in terms)
        {
            sum += residual * residual;
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] += 2 * residual * slope[i];
            }
        }
        return sum;
    }
}
