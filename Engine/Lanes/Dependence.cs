namespace Engine;

/// <summary>A lane that computes nothing and records which inputs a value is computed from.</summary>
/// <param name="Inputs">One bit for each input.</param>
internal readonly record struct Dependence(int Inputs) : ILane<Dependence>
{
    public static implicit operator Dependence(double value) => default;

    public static Dependence operator +(Dependence a, Dependence b) => new(a.Inputs | b.Inputs);

    public static Dependence operator -(Dependence a, Dependence b) => new(a.Inputs | b.Inputs);

    public static Dependence operator *(Dependence a, Dependence b) => new(a.Inputs | b.Inputs);

    public static Dependence operator /(Dependence a, Dependence b) => new(a.Inputs | b.Inputs);

    public static Dependence operator -(Dependence a) => a;

    public static Dependence Sqrt(Dependence x) => x;

    public static Dependence Abs(Dependence x) => x;

    public static Dependence Sign(Dependence x) => x;

    public static Dependence Max(Dependence a, Dependence b) => new(a.Inputs | b.Inputs);

    public static Dependence Min(Dependence a, Dependence b) => new(a.Inputs | b.Inputs);

    public static Dependence Exp(Dependence x) => x;

    public static Dependence Log(Dependence x) => x;

    public static Dependence Tanh(Dependence x) => x;

    public static Dependence ExpM1(Dependence x) => x;

    public static Dependence LogP1(Dependence x) => x;

    public static Dependence Sin(Dependence x) => x;

    public static Dependence Cos(Dependence x) => x;

    public static Dependence Atan(Dependence x) => x;

    public static Dependence Erf(Dependence x) => x;

    public static Dependence Pow(Dependence x, Dependence y) => new(x.Inputs | y.Inputs);

    public static Dependence WhereGreater(Dependence a, Dependence b, Dependence then, Dependence otherwise) =>
        new(a.Inputs | b.Inputs | then.Inputs | otherwise.Inputs);
}
