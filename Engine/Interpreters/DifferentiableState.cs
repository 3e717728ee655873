using System.Numerics;

namespace Engine;

/// <summary>Parameter and state after some updates of a <see cref="DifferentiableStep{TRule, T}"/>.</summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class DifferentiableState<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal DifferentiableState(long updates, in Tensor<T> parameter, IReadOnlyList<Tensor<T>> state, TensorLane<T>[] scalars)
    {
        Updates = updates;
        Parameter = parameter;
        State = state;
        Scalars = scalars;
    }

    /// <summary>The number of updates made.</summary>
    public long Updates { get; }

    /// <summary>The parameter θ.</summary>
    public Tensor<T> Parameter { get; }

    /// <summary>The state arrays, in the order of <see cref="IRule.States"/>.</summary>
    public IReadOnlyList<Tensor<T>> State { get; }

    /// <summary>The numbers kept beside the arrays.</summary>
    internal TensorLane<T>[] Scalars { get; }

    internal State<TensorLane<T>> Lanes()
    {
        return new State<TensorLane<T>> { First = Lane(0), Second = Lane(1), Third = Lane(2), Fourth = Lane(3) };

        TensorLane<T> Lane(int i) => i < State.Count ? State[i] : 0;
    }
}
