using System.Globalization;
using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// An average of a module's weights over training, which is swapped in to evaluate and out to train on. <see cref="WeightAverage"/> makes
/// it.
/// </summary>
/// <remarks>
/// <code>
/// m ← m + s·(θ − m), with s = (1 − β)/(1 − Πβ) for the exponential average, and s = 1/n for the equal one
/// </code>
/// The buffers of the module, such as the running statistics of batch normalization, are averaged like its parameters, so that none is left
/// behind; statistics of exactly the averaged weights come from
/// <see cref="BatchNormStatistics"/> while the average is applied, and stay with it. Counters are not part of the average. An element that
/// is not finite makes its average NaN or infinite for good. A warm update allocates nothing.
/// </remarks>
/// <example>
/// <code>
/// WeightAverage&lt;float&gt; average = WeightAverage.Exponential(model, 0.999);
/// // after each step
/// average.Update();
/// // to evaluate
/// using (average.Apply())
/// {
///     Evaluate(model);
/// }
/// </code>
/// </example>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class WeightAverage<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int Chunk = 512;

    private readonly Hyperparameter? _decay;
    private readonly IReadOnlyList<Parameter<T>> _parameters;
    private readonly IReadOnlyList<NamedTensor<T>> _buffers;
    private readonly Buffer<T>[] _averages;
    private double _decayProduct = 1;
    private long _applications;

    internal WeightAverage(Module<T> module, Hyperparameter? decay)
    {
        Module = module;
        _decay = decay;
        _ = NextShare(out _);
        _parameters = module.Parameters;
        _buffers = module.Buffers;
        _averages = new Buffer<T>[_parameters.Count + _buffers.Count];
        for (int i = 0; i < _averages.Length; i++)
        {
            _averages[i] = new Buffer<T>(Value(i).Length, clear: true);
        }
    }

    /// <summary>The module whose weights are averaged.</summary>
    public Module<T> Module { get; }

    /// <summary>The number of updates of the average.</summary>
    public long Updates { get; private set; }

    /// <summary>Whether the average is in the module at present, and the weights of the training are kept here.</summary>
    public bool IsApplied { get; private set; }

    /// <summary>Takes the module's present weights into the average: call it after a step, or after an epoch.</summary>
    /// <exception cref="InvalidOperationException">
    /// The average is applied, or the module has other parameters or buffers than when the average was made.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A scheduled decay is outside [0, 1); nothing was changed.</exception>
    public void Update()
    {
        CheckReady(nameof(Update));
        double share = NextShare(out double product);
        for (int i = 0; i < _averages.Length; i++)
        {
            MovingAverage.Run(_averages[i].Span, share, Value(i).Span);
        }
        _decayProduct = product;
        Updates++;
    }

    /// <summary>
    /// Swaps the average into the module, until the result is disposed; then the weights of the training are back, bit for bit. What is
    /// written to parameters and buffers meanwhile changes the average: recomputed statistics of batch normalization stay with it, and no
    /// optimizer should make a step.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// There was no update yet, the average is applied already, or the module has other parameters or buffers than when the average was
    /// made.
    /// </exception>
    public Application Apply()
    {
        CheckReady(nameof(Apply));
        if (Updates == 0)
        {
            throw new InvalidOperationException("Apply: got an average without an update, expected at least one.");
        }
        Swap();
        IsApplied = true;
        return new Application(this, ++_applications);
    }

    /// <summary>A copy of the average of a parameter.</summary>
    /// <exception cref="ArgumentException">The parameter is not one of the module's.</exception>
    /// <exception cref="InvalidOperationException">There was no update yet.</exception>
    public Tensor<T> Of(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        for (int i = 0; i < _parameters.Count; i++)
        {
            if (ReferenceEquals(_parameters[i], parameter))
            {
                return Updates > 0
                    ? Average(i)
                    : throw new InvalidOperationException("Of: got an average without an update, expected at least one.");
            }
        }
        throw new ArgumentException($"Of: got the parameter '{parameter.Name}', expected one of the module's.", nameof(parameter));
    }

    /// <summary>A copy of the average, by the names of parameters and buffers; also while it is applied.</summary>
    public WeightAverageState<T> SaveState()
    {
        Dictionary<string, Tensor<T>> values = [];
        for (int i = 0; i < _averages.Length; i++)
        {
            values.Add(Name(i), Average(i));
        }
        return new WeightAverageState<T>(Updates, _decayProduct, values);
    }

    /// <summary>Replaces the average by a saved one. If it throws, nothing was changed.</summary>
    /// <exception cref="ArgumentException">
    /// The state has other names or shapes than the module, and the message lists every difference; or its numbers are outside their
    /// ranges.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The average is applied, or the module has other parameters or buffers than when the average was made.
    /// </exception>
    public void LoadState(WeightAverageState<T> state)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(state.Values, nameof(state));
        CheckReady(nameof(LoadState));
        if (state.Updates < 0 || !(state.DecayProduct is >= 0 and <= 1))
        {
            throw new ArgumentException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"LoadState: got {state.Updates} updates with the decay product {state.DecayProduct}, expected at least 0 and 0 to 1."),
                nameof(state));
        }
        string[] names = [.. Enumerable.Range(0, _averages.Length).Select(Name)];
        List<string> differences = [.. state.Values.Keys.Except(names).Select(name => $"- {name}: in the state, not in the module")];
        for (int i = 0; i < names.Length; i++)
        {
            if (!state.Values.TryGetValue(names[i], out Tensor<T> value))
            {
                differences.Add($"- {names[i]}: in the module, not in the state");
            }
            else if (value.IsDefault || value.Shape != Value(i).Shape)
            {
                string got = value.IsDefault ? "no tensor" : $"the shape {value.Shape}";
                differences.Add($"- {names[i]}: got {got}, expected {Value(i).Shape}");
            }
        }
        if (differences.Count > 0)
        {
            throw new ArgumentException(
                string.Join(Environment.NewLine, differences.Prepend("LoadState: the state does not fit the module:")), nameof(state));
        }
        for (int i = 0; i < names.Length; i++)
        {
            state.Values[names[i]].Span.CopyTo(_averages[i].Span);
        }
        Updates = state.Updates;
        _decayProduct = state.DecayProduct;
    }

    /// <summary>The kind of the average and the number of its updates.</summary>
    public override string ToString()
    {
        string kind = _decay is { } decay ? $"exponential average, decay {decay}" : "equal average";
        return string.Create(CultureInfo.InvariantCulture, $"{kind}, {Updates} updates{(IsApplied ? ", applied" : "")}");
    }

    /// <summary>How far the average moves to the weights at the coming update.</summary>
    private double NextShare(out double product)
    {
        if (_decay is not { } decay)
        {
            product = _decayProduct;
            return 1.0 / (Updates + 1);
        }
        double β = decay.At(Updates);
        if (!(β >= 0 && β < 1))
        {
            throw new ArgumentOutOfRangeException("decay", string.Create(
                CultureInfo.InvariantCulture,
                $"WeightAverage: got the decay β = {β} at update {Updates + 1}, expected a number in [0, 1)."));
        }
        product = _decayProduct * β;
        return (1 - β) / (1 - product);
    }

    private Tensor<T> Value(int index) =>
        index < _parameters.Count ? _parameters[index].Value : _buffers[index - _parameters.Count].Value;

    private string Name(int index) => index < _parameters.Count ? _parameters[index].Name : _buffers[index - _parameters.Count].Name;

    private Tensor<T> Average(int index) =>
        IsApplied ? Value(index).Clone() : Tensor<T>.From(_averages[index].Span, Value(index).Shape);

    private void CheckReady(string operation)
    {
        if (IsApplied)
        {
            throw new InvalidOperationException($"{operation}: got an average that is applied, expected a call after its disposal.");
        }
        if (!ReferenceEquals(_parameters, Module.Parameters) || !ReferenceEquals(_buffers, Module.Buffers))
        {
            throw new InvalidOperationException(
                $"{operation}: got a module with other parameters or buffers than when the average was made, expected the same: build the "
                    + "whole model before its average.");
        }
    }

    private void Swap()
    {
        Span<T> kept = stackalloc T[Chunk];
        for (int i = 0; i < _averages.Length; i++)
        {
            Span<T> average = _averages[i].Span, value = Value(i).Output;
            for (int from = 0; from < value.Length; from += Chunk)
            {
                int count = Math.Min(Chunk, value.Length - from);
                Span<T> a = average.Slice(from, count), v = value.Slice(from, count);
                v.CopyTo(kept);
                a.CopyTo(v);
                kept[..count].CopyTo(a);
            }
        }
    }

    private void End(long application)
    {
        if (IsApplied && application == _applications)
        {
            Swap();
            IsApplied = false;
        }
    }

    /// <summary>The time during which an average is in its module; disposing it twice does nothing more.</summary>
    public readonly struct Application : IDisposable
    {
        private readonly WeightAverage<T>? _average;
        private readonly long _number;

        internal Application(WeightAverage<T> average, long number)
        {
            _average = average;
            _number = number;
        }

        /// <summary>Swaps the weights of the training back.</summary>
        public void Dispose() => _average?.End(_number);
    }
}
