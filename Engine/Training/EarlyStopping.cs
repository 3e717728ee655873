using System.Globalization;
using System.Numerics;

namespace Engine;

/// <summary>
/// Says when to stop: after <c>patience</c> observations in a row without an improvement (Prechelt, Early stopping – but when?, 1998).
/// It keeps a copy of the model at its best: <c>if (stopping.ShouldStop(validationLoss)) { break; }</c> after each epoch, then
/// <c>stopping.RestoreBest()</c>.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class EarlyStopping<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly int _patience;
    private readonly double _minimumChange;
    private readonly Improvement _improvement;
    private readonly Module<T> _model;
    private ModelState<T>? _best;

    /// <summary>Creates one that has observed nothing.</summary>
    /// <param name="model">The model whose best state is kept.</param>
    /// <param name="patience">Observations without an improvement after which to stop; at least 1.</param>
    /// <param name="minimumChange">How much better than the best a number must be to count as an improvement; at least 0.</param>
    /// <param name="improvement">Whether smaller or larger numbers are better.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The patience is less than 1, or the minimum change is negative or not finite.
    /// </exception>
    public EarlyStopping(Module<T> model, int patience, double minimumChange = 0, Improvement improvement = Improvement.Decrease)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (patience < 1)
        {
            throw OutOfRange(nameof(patience), patience, "at least 1");
        }
        if (!(minimumChange >= 0) || !double.IsFinite(minimumChange))
        {
            throw OutOfRange(nameof(minimumChange), minimumChange, "a finite number of at least 0");
        }
        if (!Enum.IsDefined(improvement))
        {
            throw OutOfRange(nameof(improvement), (int)improvement, "Decrease or Increase");
        }
        (_patience, _minimumChange, _improvement) = (patience, minimumChange, improvement);
        _model = model;
    }

    /// <summary>The numbers observed.</summary>
    public long Observed { get; private set; }

    /// <summary>The best number observed; NaN before the first that is a number.</summary>
    public double Best { get; private set; } = double.NaN;

    /// <summary>Which observation was the best, from 1; 0 before the first that is a number.</summary>
    public long BestAt { get; private set; }

    /// <summary>Observes a number, and keeps a copy of the model if it is the best so far. NaN never is.</summary>
    /// <returns>Whether the patience is at its end.</returns>
    public bool ShouldStop(double value)
    {
        Observed++;
        double gain = _improvement == Improvement.Decrease ? Best - value : value - Best;
        // the first number is an improvement on nothing; an infinite first one is improved on by any finite number
        if (double.IsNaN(Best) ? !double.IsNaN(value) : gain > _minimumChange)
        {
            (Best, BestAt) = (value, Observed);
            _best = _best?.Refreshed(_model) ?? ModelState<T>.Of(_model);
        }
        return Observed - BestAt >= _patience;
    }

    /// <summary>Puts the model back into the state of the best observation.</summary>
    /// <exception cref="InvalidOperationException">Nothing was observed yet that is a number.</exception>
    public void RestoreBest()
    {
        if (_best is null)
        {
            throw new InvalidOperationException("RestoreBest: got no observation that is a number yet, expected at least one.");
        }
        _best.ApplyTo(_model);
    }

    /// <summary>A copy of what is remembered.</summary>
    public EarlyStoppingState<T> SaveState()
    {
        ModelState<T> best = _best?.Copy() ?? new(new Dictionary<string, Tensor<T>>(), new Dictionary<string, long>());
        return new(Observed, Best, BestAt, best.Values, best.Counters);
    }

    /// <summary>Goes on from what was remembered.</summary>
    /// <exception cref="ArgumentException">The state does not fit the model; nothing is changed.</exception>
    public void LoadState(EarlyStoppingState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (state.BestAt < 0 || state.BestAt > state.Observed || double.IsNaN(state.Best) != (state.BestAt == 0))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"EarlyStopping: got a state whose best, {state.Best}, is observation {state.BestAt} of {state.Observed}, expected one "
                        + $"from 1 to the number of observations, or 0 and NaN where there is none."),
                nameof(state));
        }
        ModelState<T>? best = state.BestAt == 0 ? null : new(state.BestValues, state.BestCounters);
        best?.CheckFits(_model);
        (_best, Observed, Best, BestAt) = (best?.Copy(), state.Observed, state.Best, state.BestAt);
    }

    /// <summary>The patience, what was observed, and the best.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"early stopping after {_patience} observations without an improvement: best {Best} at {BestAt} of {Observed}");

    private static ArgumentOutOfRangeException OutOfRange(string name, double value, string expected) => new(
        name, string.Create(CultureInfo.InvariantCulture, $"EarlyStopping: got {name} = {value}, expected {expected}."));
}
