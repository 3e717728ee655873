namespace Engine;

/// <summary>
/// The lane of the step's scalars inside the sweep: it holds nothing, and its arithmetic compiles to no instruction. The scalars were
/// computed once before the sweep, in double precision; <see cref="Step{S, L}"/> reads the results in the order in which the rule asks for
/// them.
/// </summary>
internal readonly struct ErasedScalar : ILane<ErasedScalar>
{
    public static implicit operator ErasedScalar(double value) => default;

    public static ErasedScalar operator +(ErasedScalar a, ErasedScalar b) => default;

    public static ErasedScalar operator -(ErasedScalar a, ErasedScalar b) => default;

    public static ErasedScalar operator *(ErasedScalar a, ErasedScalar b) => default;

    public static ErasedScalar operator /(ErasedScalar a, ErasedScalar b) => default;

    public static ErasedScalar operator -(ErasedScalar a) => default;

    public static ErasedScalar Sqrt(ErasedScalar x) => default;

    public static ErasedScalar Abs(ErasedScalar x) => default;

    public static ErasedScalar Sign(ErasedScalar x) => default;

    public static ErasedScalar Max(ErasedScalar a, ErasedScalar b) => default;

    public static ErasedScalar Min(ErasedScalar a, ErasedScalar b) => default;

    public static ErasedScalar Exp(ErasedScalar x) => default;

    public static ErasedScalar Log(ErasedScalar x) => default;

    public static ErasedScalar Tanh(ErasedScalar x) => default;

    public static ErasedScalar ExpM1(ErasedScalar x) => default;

    public static ErasedScalar LogP1(ErasedScalar x) => default;

    public static ErasedScalar Sin(ErasedScalar x) => default;

    public static ErasedScalar Cos(ErasedScalar x) => default;

    public static ErasedScalar Atan(ErasedScalar x) => default;

    public static ErasedScalar Erf(ErasedScalar x) => default;

    public static ErasedScalar Pow(ErasedScalar x, ErasedScalar y) => default;

    public static ErasedScalar WhereGreater(ErasedScalar a, ErasedScalar b, ErasedScalar then, ErasedScalar otherwise) => default;
}
