namespace Engine.Tests.Optimizers.Schedules;

/// <summary>A schedule of every kind, each made anew by a function, with its formula.</summary>
internal static class ScheduleTable
{
    /// <summary>One function for all, since a delegate is equal to no other.</summary>
    private static readonly Func<long, double> s_function = t => 1.0 / (t + 1);

    private static readonly ReduceOnPlateau s_plateau = new() { Factor = 0.5, Patience = 3 };

    /// <summary>The rows, by kind.</summary>
    public static readonly IReadOnlyDictionary<string, (Func<Schedule> Make, string Formula)> Rows =
        new Dictionary<string, (Func<Schedule>, string)>
        {
            ["Constant"] = (() => Schedule.Constant(0.25), "0.25"),
            ["Step"] = (() => Schedule.Step(30, 0.1), "0.1^⌊t/30⌋"),
            ["MultiStep"] = (() => Schedule.MultiStep(0.5, 5, 9, 9, 30), "0.5ⁿ, n milestones of 5, 9, 9, 30 up to t"),
            ["Linear"] = (() => Schedule.Linear(11, 0.1, 0.9), "0.1·(1 − t/11) + 0.9·t/11"),
            ["Linear to 0"] = (() => Schedule.Linear(11), "(1 − t/11)"),
            ["Exponential"] = (() => Schedule.Exponential(0.93), "0.93ᵗ"),
            ["Exponential in steps"] = (() => Schedule.Exponential(0.8, 10), "0.8^(t/10)"),
            ["Geometric"] = (() => Schedule.Geometric(20, 1e-3, 10), "0.001^(1 − t/20)·10^(t/20)"),
            ["Polynomial"] = (() => Schedule.Polynomial(13, 0.5), "(1 − t/13)^0.5"),
            ["Polynomial up"] = (() => Schedule.Polynomial(13, 2, 0, 3), "3·(1 − (1 − t/13)^2)"),
            ["Cosine"] = (() => Schedule.Cosine(900), "cos²(π/2·t/900)"),
            ["Cosine between"] = (() => Schedule.Cosine(40, 0.5, 0.125), "0.5·cos²(π/2·t/40) + 0.125·sin²(π/2·t/40)"),
            ["CosinePower"] = (() => Schedule.CosinePower(40, 2), "cos²(π/2·t/40)^2"),
            ["CosineRestarts"] = (() => Schedule.CosineRestarts(5, 2), "cos²(π/2·τ/T) with restarts after T = 5·2ⁿ"),
            ["CosineRestarts equal"] = (() => Schedule.CosineRestarts(5), "cos²(π/2·τ/T) with restarts after T = 5"),
            ["Triangular"] = (
                () => Schedule.Triangular(6, 9, 0.01, 0.4), "0.01 + (0.4 − 0.01)·h, h from 0 to 1 in 6 updates and back in 9"),
            ["TriangularHalving"] = (() => Schedule.TriangularHalving(6, 9), "h·0.5ⁿ, h from 0 to 1 in 6 updates and back in 9"),
            ["TriangularExponential"] =
                (() => Schedule.TriangularExponential(0.97, 6, 9), "h·0.97ᵗ, h from 0 to 1 in 6 updates and back in 9"),
            ["OneCycle"] = (() => Schedule.OneCycle(61), "by cosine from 0.04 to 1 at 17.3 to 4E-06 at 60 in 61 updates"),
            ["OneCycleThreePhase"] = (
                () => Schedule.OneCycleThreePhase(60, 0.25, 0.5, 1, 0.125, Interpolation.Linear),
                "linearly from 0.5 to 1 at 14 to 0.5 at 28 to 0.125 at 59 in 60 updates"),
            ["InverseSquareRoot"] = (() => Schedule.InverseSquareRoot(40), "√(40/(t + 40))"),
            ["PiecewiseConstant"] = (() => Schedule.PiecewiseConstant((0, 0.5), (10, 0.25)), "0.5 from 0 on, 0.25 from 10 on"),
            ["Piecewise"] =
                (() => Schedule.Piecewise(Interpolation.Linear, (4, 0.5), (10, 0.25)), "linearly through 0.5 at 4, 0.25 at 10"),
            ["Piecewise cosine"] =
                (() => Schedule.Piecewise(Interpolation.Cosine, (0, 0.5), (10, 0.25)), "by cosine through 0.5 at 0, 0.25 at 10"),
            ["Function"] = (() => Schedule.Function(s_function, "1/(t + 1)"), "1/(t + 1)"),
            ["Warmup"] = (() => Schedule.Warmup(100), "t/100"),
            ["CosineWarmup"] = (() => Schedule.CosineWarmup(100), "sin²(π/2·t/100)"),
            ["ExponentialWarmup"] = (() => Schedule.ExponentialWarmup(100), "0.01^(1 − t/100)"),
            ["WarmupStableDecay"] = (
                () => Schedule.WarmupStableDecay(10, 20, 30), "t/10 for 10 updates, then 1 for 20 updates, then (1 − t/30)"),
            ["Product"] = (() => 0.1 * Schedule.Step(7, 0.3), "0.1·(0.3^⌊t/7⌋)"),
            ["Product of two"] = (() => Schedule.Warmup(9) * Schedule.Exponential(0.9), "(t/9)·(0.9ᵗ)"),
            ["Then"] = (
                () => 0.1 * Schedule.Warmup(100).Then(Schedule.Cosine(900)), "0.1·(t/100 for 100 updates, then cos²(π/2·t/900))"),
            ["For"] = (() => Schedule.Exponential(0.9).For(14), "0.9ᵗ for 14 updates"),
            ["Repeat"] = (() => Schedule.Linear(12).Repeat(), "((1 − t/12)) at t mod 12"),
            ["ByEpoch"] = (() => Schedule.Step(30, 0.1).ByEpoch(391), "(0.1^⌊t/30⌋) at ⌊t/391⌋"),
            ["AtLeast"] = (() => Schedule.Exponential(0.9).AtLeast(0.25), "max(0.25, 0.9ᵗ)"),
            ["AtMost"] = (() => Schedule.Warmup(100).AtMost(0.75), "min(0.75, t/100)"),
            ["Plateau"] = (
                () => s_plateau.Reduce(Schedule.Warmup(3), minimum: 0.01),
                "(t/3)·0.5 at each plateau (Decrease, relative threshold 0.0001, patience 3, cooldown 0), minimum 0.01, epsilon 1E-08"),
        };

    /// <summary>The names of the rows, for tests.</summary>
    public static IEnumerable<string> Names => Rows.Keys;

    /// <summary>The schedule of a row, made anew.</summary>
    public static Schedule Make(string name) => Rows[name].Make();
}
