using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>An element on which a rule is tried: its value, gradient and state.</summary>
internal struct TrialElement<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public Scalar<T> Parameter;
    public Scalar<T> Gradient;
    public State<Scalar<T>> State;

    /// <summary>Ordinary numbers, all different and positive, so that no root or quotient hides an effect.</summary>
    public static TrialElement<T> Start => new()
    {
        Parameter = 0.5,
        Gradient = 0.25,
        State = new() { First = 0.625, Second = 0.375, Third = 0.75, Fourth = 0.875 },
    };

    /// <summary>The name of a field of the state.</summary>
    public static string FieldName(int index) =>
        ((string[])[nameof(State.First), nameof(State.Second), nameof(State.Third), nameof(State.Fourth)])[index];

    /// <summary>A field of the state.</summary>
    [UnscopedRef]
    public ref Scalar<T> Field(int index) => ref Unsafe.Add(ref State.First, index);

    /// <summary>Whether value and state are the same, NaN included.</summary>
    public readonly bool Equals(in TrialElement<T> other) => Parameter == other.Parameter
        && State.First == other.State.First && State.Second == other.State.Second
        && State.Third == other.State.Third && State.Fourth == other.State.Fourth;
}
