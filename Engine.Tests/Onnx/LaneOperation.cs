namespace Engine.Tests;

/// <summary>One operation of a lane as a function of one number; the operands are such that each is defined everywhere.</summary>
internal readonly record struct LaneOperation(int Number) : IUnaryFunction
{
    /// <summary>The operations, by their numbers.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "+", "- of two", "*", "/", "- of one", "Sqrt", "Abs", "Sign", "Max", "Min", "Exp", "Log", "Tanh", "ExpM1", "LogP1", "Sin", "Cos",
        "Atan", "Erf", "Pow", "WhereGreater", "numbers alone", "a number alone",
    ];

    public static string Name => "LaneOperation";

    public L Value<L>(L x) where L : ILane<L> => Number switch
    {
        0 => x + 1.5,
        1 => 1.5 - x,
        2 => x * 2.5,
        3 => x / (3 + x),
        4 => -x,
        5 => L.Sqrt(x * x + 0.25),
        6 => L.Abs(x),
        7 => L.Sign(x),
        8 => L.Max(x, 0.25),
        9 => L.Min(0.25, x),
        10 => L.Exp(x),
        11 => L.Log(x * x + 0.25),
        12 => L.Tanh(x),
        13 => L.ExpM1(x),
        14 => L.LogP1(x * x),
        15 => L.Sin(x),
        16 => L.Cos(x),
        17 => L.Atan(x),
        18 => L.Erf(x),
        19 => L.Pow(x * x, 1.5) + L.Pow(2, x),
        20 => L.WhereGreater(x, 0.25, x * x, -1) + L.WhereGreater(0, x, 2, x),
        21 => x + Numbers<L>(0.5, 1.25),
        22 => 0.75,
        _ => throw new InvalidOperationException($"There is no operation {Number}."),
    };

    public L Derivative<L>(L x, L y) where L : ILane<L> => 1; // it is not differentiated

    private static L Numbers<L>(L a, L b) where L : ILane<L> =>
        L.WhereGreater(a, b, a - b, 2) / L.Max(1, b) + L.WhereGreater(b, a, a, b) * L.Sqrt(3 + a) + L.Log(L.Abs(a)) - L.Tanh(b)
        + L.Pow(L.Abs(b), 0.5 * a) + L.Exp(a) * L.Min(a, 1) + L.Abs(b) * L.Sign(b) - -a / 3 + L.Sin(a) * L.Cos(b) + L.Atan(a)
        - L.Erf(b) + L.ExpM1(0.5 * a) * L.LogP1(L.Abs(b));
}
