namespace Engine;

/// <summary>
/// A lane of one number that reads √v + ε as √(v + ε): a sum with a root moves the other summand inside. Every rule that is written once
/// can so be read with this mistake.
/// </summary>
/// <param name="Value">The number.</param>
/// <param name="Radicand">Where the number is a root, possibly times a factor, its square; otherwise NaN.</param>
internal readonly record struct InsideRoot(Scalar<double> Value, double Radicand = double.NaN) : ILane<InsideRoot>
{
    private bool IsRoot => !double.IsNaN(Radicand);

    public static implicit operator InsideRoot(double value) => new(value);

    public static InsideRoot operator +(InsideRoot a, InsideRoot b) =>
        a.IsRoot && !b.IsRoot ? new(Math.Sqrt(a.Radicand + b.Value.Value))
        : b.IsRoot && !a.IsRoot ? new(Math.Sqrt(b.Radicand + a.Value.Value))
        : new(a.Value + b.Value);

    public static InsideRoot operator -(InsideRoot a, InsideRoot b) => new(a.Value - b.Value);

    public static InsideRoot operator *(InsideRoot a, InsideRoot b) =>
        new(a.Value * b.Value, Scaled(a, b.Value.Value * b.Value.Value, b));

    public static InsideRoot operator /(InsideRoot a, InsideRoot b) =>
        new(a.Value / b.Value, Scaled(a, 1 / (b.Value.Value * b.Value.Value), b));

    public static InsideRoot operator -(InsideRoot a) => new(-a.Value);

    public static InsideRoot Sqrt(InsideRoot x) => new(Scalar<double>.Sqrt(x.Value), x.Value.Value);

    public static InsideRoot Abs(InsideRoot x) => new(Scalar<double>.Abs(x.Value));

    public static InsideRoot Sign(InsideRoot x) => new(Scalar<double>.Sign(x.Value));

    public static InsideRoot Max(InsideRoot a, InsideRoot b) => new(Scalar<double>.Max(a.Value, b.Value));

    public static InsideRoot Min(InsideRoot a, InsideRoot b) => new(Scalar<double>.Min(a.Value, b.Value));

    public static InsideRoot Exp(InsideRoot x) => new(Scalar<double>.Exp(x.Value));

    public static InsideRoot Log(InsideRoot x) => new(Scalar<double>.Log(x.Value));

    public static InsideRoot Tanh(InsideRoot x) => new(Scalar<double>.Tanh(x.Value));

    public static InsideRoot ExpM1(InsideRoot x) => new(Scalar<double>.ExpM1(x.Value));

    public static InsideRoot LogP1(InsideRoot x) => new(Scalar<double>.LogP1(x.Value));

    public static InsideRoot Sin(InsideRoot x) => new(Scalar<double>.Sin(x.Value));

    public static InsideRoot Cos(InsideRoot x) => new(Scalar<double>.Cos(x.Value));

    public static InsideRoot Atan(InsideRoot x) => new(Scalar<double>.Atan(x.Value));

    public static InsideRoot Erf(InsideRoot x) => new(Scalar<double>.Erf(x.Value));

    public static InsideRoot Pow(InsideRoot x, InsideRoot y) => new(Scalar<double>.Pow(x.Value, y.Value));

    public static InsideRoot WhereGreater(InsideRoot a, InsideRoot b, InsideRoot then, InsideRoot otherwise) =>
        a.Value.Value > b.Value.Value ? then : otherwise;

    /// <summary>The square of a root times a factor.</summary>
    private static double Scaled(InsideRoot root, double factorSquared, InsideRoot factor) =>
        root.IsRoot && !factor.IsRoot ? root.Radicand * factorSquared : double.NaN;
}
