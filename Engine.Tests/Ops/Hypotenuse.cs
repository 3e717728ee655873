namespace Engine.Tests;

/// <summary>y = √(a² + s·b²), a function of two numbers with a parameter, as a user would write it.</summary>
internal readonly record struct Hypotenuse(double Scale) : IBinaryFunction
{
    public static string Name => "Hypotenuse";

    public L Value<L>(L a, L b) where L : ILane<L> => L.Sqrt(a * a + Scale * b * b);

    public L DerivativeA<L>(L a, L b) where L : ILane<L> => a / Value(a, b);

    public L DerivativeB<L>(L a, L b) where L : ILane<L> => Scale * b / Value(a, b);
}
