using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Moves slow weights φ part of the way after every k steps of another optimizer, which then continues from them (Zhang, Lucas, Hinton
/// &amp; Ba, Lookahead Optimizer: k steps forward, 1 step back, 2019). The inner optimizer keeps its state.
/// </summary>
/// <remarks>
/// <code>
/// φ = θ before the first step
/// θ ← a step of the inner optimizer
/// after every k steps:
///   φ ← (1 − α)φ + αθ
///   θ ← φ
/// </code>
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Lookahead<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<Parameter<T>, Buffer<T>> _slow = [];
    private int _steps;

    /// <summary>Wraps an optimizer; the slow weights start at the present values of its parameters.</summary>
    /// <param name="inner">The optimizer; call the step of this object instead of its own.</param>
    /// <param name="syncPeriod">The number k ≥ 1 of steps between two updates of the slow weights.</param>
    /// <param name="slowStepSize">The part α in (0, 1] of the way that the slow weights move.</param>
    /// <exception cref="ArgumentOutOfRangeException">k or α is outside its range.</exception>
    public Lookahead(Optimizer<T> inner, int syncPeriod = 5, double slowStepSize = 0.5)
    {
        ArgumentNullException.ThrowIfNull(inner);
        if (syncPeriod < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(syncPeriod), string.Create(CultureInfo.InvariantCulture,
                $"Lookahead: got syncPeriod (k) = {syncPeriod}, expected at least 1."));
        }
        if (!(slowStepSize > 0 && slowStepSize <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(slowStepSize), string.Create(CultureInfo.InvariantCulture,
                $"Lookahead: got slowStepSize (α) = {slowStepSize}, expected a number in (0, 1]."));
        }
        Inner = inner;
        SyncPeriod = syncPeriod;
        SlowStepSize = slowStepSize;
        AddNewParameters();
    }

    /// <summary>The wrapped optimizer.</summary>
    public Optimizer<T> Inner { get; }

    /// <summary>The number k ≥ 1 of steps between two updates of the slow weights.</summary>
    public int SyncPeriod { get; }

    /// <summary>The part α in (0, 1] of the way that the slow weights move.</summary>
    public double SlowStepSize { get; }

    /// <summary>A copy of the slow weights φ of a parameter.</summary>
    /// <exception cref="ArgumentException">The parameter is not in the inner optimizer.</exception>
    public Tensor<T> SlowWeights(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        return _slow.TryGetValue(parameter, out Buffer<T>? slow)
            ? Tensor<T>.From(slow.Span, parameter.Shape)
            : throw new ArgumentException(
                $"Lookahead: got the parameter '{parameter.Name}', which is not in the inner optimizer.", nameof(parameter));
    }

    /// <summary>
    /// Makes a step of the inner optimizer, and updates the slow weights after every k-th. A skipped step does not count.
    /// </summary>
    /// <returns>What the inner step did.</returns>
    public StepReport Step()
    {
        AddNewParameters();
        long before = Inner.Report.Steps;
        StepReport report;
        try
        {
            report = Inner.Step();
        }
        catch when (Inner.Report.Steps > before)
        {
            _steps = (_steps + 1) % SyncPeriod; // the step was made
            throw;
        }
        if (report.Steps == before || ++_steps < SyncPeriod)
        {
            return report;
        }
        _steps = 0;
        foreach ((Parameter<T> parameter, Buffer<T> slow) in _slow)
        {
            Span<T> φ = slow.Span, θ = parameter.Value.Output;
            TensorPrimitives.Multiply(φ, T.CreateTruncating(1 - SlowStepSize), φ);
            Vectors.AddScaled<T>(φ, SlowStepSize, θ);
            φ.CopyTo(θ);
        }
        return report;
    }

    /// <summary>
    /// A copy of the state. With it and the parameters' values, training continues bit for bit as if it had not been interrupted.
    /// </summary>
    /// <exception cref="InvalidOperationException">The inner optimizer cannot save its state now.</exception>
    public LookaheadState<T> SaveState()
    {
        AddNewParameters();
        return new(
            Inner.SaveState(),
            SyncPeriod,
            SlowStepSize,
            _steps,
            _slow.Keys.ToDictionary(static parameter => parameter.Name, SlowWeights, StringComparer.Ordinal));
    }

    /// <summary>Replaces the state, and that of the inner optimizer, by a saved one. If it throws, nothing was changed.</summary>
    /// <param name="state">The saved state.</param>
    /// <param name="match">
    /// How exactly the state must fit. With <see cref="StateMatch.Partial"/> slow weights that were not saved start at the parameter's
    /// present value.
    /// </param>
    /// <exception cref="ArgumentException">The state does not fit; the message says where.</exception>
    /// <exception cref="InvalidOperationException">The inner optimizer cannot load a state now.</exception>
    public void LoadState(LookaheadState<T> state, StateMatch match = StateMatch.Strict)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(state.SlowWeights, nameof(state));
        AddNewParameters();
        if (match == StateMatch.Strict && (state.SyncPeriod != SyncPeriod || state.SlowStepSize != SlowStepSize))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Lookahead: got a state of k = {state.SyncPeriod} and α = {state.SlowStepSize}, ")
                    + string.Create(CultureInfo.InvariantCulture, $"expected {SyncPeriod} and {SlowStepSize}."),
                nameof(state));
        }
        if (match != StateMatch.Partial && state.SlowWeights.Count > _slow.Count)
        {
            IEnumerable<string> unexpected = state.SlowWeights.Keys.Except(_slow.Keys.Select(static parameter => parameter.Name));
            throw new ArgumentException(
                $"Lookahead: got a state with slow weights for '{string.Join("', '", unexpected.Order(StringComparer.Ordinal))}', "
                    + "which the optimizer does not have.",
                nameof(state));
        }
        foreach (Parameter<T> parameter in _slow.Keys)
        {
            bool isThere = state.SlowWeights.TryGetValue(parameter.Name, out Tensor<T> slow);
            if (isThere ? slow.Shape != parameter.Shape : match != StateMatch.Partial)
            {
                throw new ArgumentException(
                    $"Lookahead: got a state without slow weights of shape {parameter.Shape} for '{parameter.Name}', expected them.",
                    nameof(state));
            }
        }
        if (state.StepsSinceSync < 0 || state.StepsSinceSync >= SyncPeriod)
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Lookahead: got a state of {state.StepsSinceSync} steps since the last update, expected 0 to {SyncPeriod - 1}."),
                nameof(state));
        }
        Inner.LoadState(state.Inner, match);
        _steps = state.StepsSinceSync;
        foreach ((Parameter<T> parameter, Buffer<T> slow) in _slow)
        {
            (state.SlowWeights.TryGetValue(parameter.Name, out Tensor<T> saved) ? saved : parameter.Value).Span.CopyTo(slow.Span);
        }
    }

    /// <summary>Starts the slow weights of parameters that were added to the inner optimizer since.</summary>
    private void AddNewParameters()
    {
        for (int i = 0; i < Inner.Groups.Count; i++)
        {
            foreach (ParameterEntry<T> entry in Inner.Groups[i].Entries)
            {
                if (!_slow.ContainsKey(entry.Parameter))
                {
                    Buffer<T> slow = new(entry.Parameter.Shape.Length, clear: false);
                    entry.Parameter.ValueBuffer.Span.CopyTo(slow.Span);
                    _slow.Add(entry.Parameter, slow);
                }
            }
        }
    }
}
