using System.Globalization;

namespace Engine;

public sealed partial class Lbfgs<T>
{
    /// <summary>
    /// A copy of the state. With it and the parameters' values, the minimization continues bit for bit as if it had not been interrupted.
    /// </summary>
    public LbfgsState<T> SaveState() => new(
        Iterations,
        Evaluations,
        _t,
        _scale,
        Copy(_direction),
        Copy(_previous),
        [.. _pairs.Select(static pair => new LbfgsPair<T>(Copy(pair.S), Copy(pair.Y)))]);

    /// <summary>Replaces the state by a saved one, of an optimizer of the same parameters in the same order.</summary>
    /// <exception cref="ArgumentException">
    /// A vector has another length, there are more pairs than <see cref="HistorySize"/>, or a count is negative; nothing is changed.
    /// </exception>
    public void LoadState(LbfgsState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(state.Pairs);
        int length = _start.Length;
        foreach (Tensor<T> vector in (IEnumerable<Tensor<T>>)
            [state.Direction, state.Gradient, .. state.Pairs.Select(static pair => pair.S), .. state.Pairs.Select(static pair => pair.Y)])
        {
            if (vector.IsDefault || vector.Length != length)
            {
                string got = vector.IsDefault ? "no elements" : string.Create(CultureInfo.InvariantCulture, $"{vector.Length} elements");
                throw new ArgumentException(
                    string.Create(CultureInfo.InvariantCulture, $"Lbfgs: got a state with a vector of {got}, expected {length}."),
                    nameof(state));
            }
        }
        if (state.Pairs.Count > HistorySize || state.Iterations < 0 || state.Evaluations < 0)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Lbfgs: got a state of {state.Iterations} iterations and {state.Evaluations} evaluations with "
                        + $"{state.Pairs.Count} pairs, expected counts of at least 0 and at most {HistorySize} pairs."),
                nameof(state));
        }
        (Iterations, Evaluations, _t, _scale) = (state.Iterations, state.Evaluations, state.StepLength, state.Scale);
        state.Direction.Span.CopyTo(_direction.Span);
        state.Gradient.Span.CopyTo(_previous.Span);
        _pairs.Clear();
        foreach ((Tensor<T> s, Tensor<T> y) in state.Pairs)
        {
            Pair pair = new(length);
            s.Span.CopyTo(pair.S.Span);
            y.Span.CopyTo(pair.Y.Span);
            pair.Ρ = 1 / Vectors.Dot<T>(pair.Y.Span, pair.S.Span);
            _pairs.Add(pair);
        }
    }

    private static Tensor<T> Copy(Buffer<T> vector) => Tensor<T>.From(vector.Span, [vector.Length]);
}
