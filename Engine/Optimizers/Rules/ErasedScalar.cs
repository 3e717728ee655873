namespace Engine;

/// <summary>
/// The scalars of a step inside the sweep: nothing. They were computed once before it, in double precision, and stand in a table from which
/// <see cref="Step{S, L}"/> reads them in order; here their arithmetic compiles to no instruction at all.
/// </summary>
internal readonly struct Slot : ILane<Slot>
{
    public static implicit operator Slot(double value) => default;

    public static Slot operator +(Slot a, Slot b) => default;

    public static Slot operator -(Slot a, Slot b) => default;

    public static Slot operator *(Slot a, Slot b) => default;

    public static Slot operator /(Slot a, Slot b) => default;

    public static Slot operator -(Slot a) => default;

    public static Slot Sqrt(Slot x) => default;

    public static Slot Abs(Slot x) => default;

    public static Slot Sign(Slot x) => default;

    public static Slot Max(Slot a, Slot b) => default;

    public static Slot Min(Slot a, Slot b) => default;

    public static Slot Exp(Slot x) => default;

    public static Slot Log(Slot x) => default;

    public static Slot Tanh(Slot x) => default;

    public static Slot Pow(Slot x, Slot y) => default;

    public static Slot WhereGreater(Slot a, Slot b, Slot then, Slot otherwise) => default;
}
