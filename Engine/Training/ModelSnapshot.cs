using System.Numerics;

namespace Engine;

/// <summary>A copy of a model's parameters, buffers and counters in memory of its own, which is allocated once.</summary>
internal sealed class ModelSnapshot<T>(Module<T> model) where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Module<T> _model = model;
    private Dictionary<string, Tensor<T>>? _values;
    private Dictionary<string, long> _counters = [];

    /// <summary>Copies the model's present state.</summary>
    /// <exception cref="InvalidOperationException">The model has got other parameters or buffers since the first copy.</exception>
    public void Take()
    {
        _values ??= Entries().ToDictionary(static entry => entry.Name, static entry => entry.Value.Clone());
        foreach ((string name, Tensor<T> value) in Entries())
        {
            value.Span.CopyTo(Stored(name).Output);
        }
        foreach (NamedCounter counter in _model.Counters)
        {
            _counters[counter.Name] = counter.Value;
        }
    }

    /// <summary>Puts the copy back into the model.</summary>
    public void Restore()
    {
        foreach (Parameter<T> parameter in _model.Parameters)
        {
            parameter.SetValue(Stored(parameter.Name));
        }
        foreach (NamedTensor<T> buffer in _model.Buffers)
        {
            buffer.SetValue(Stored(buffer.Name));
        }
        foreach (NamedCounter counter in _model.Counters)
        {
            counter.Value = _counters[counter.Name];
        }
    }

    /// <summary>A copy of the model's present state.</summary>
    public ModelState<T> Save()
    {
        Take();
        return new(CopyValues(), CopyCounters());
    }

    /// <summary>Puts a state into the model.</summary>
    /// <exception cref="ArgumentException">A name is missing or not expected, or a shape differs; nothing is changed.</exception>
    public void Load(ModelState<T> state)
    {
        Load(state.Values, state.Counters);
        Restore();
    }

    /// <summary>The copied tensors, copied once more.</summary>
    public IReadOnlyDictionary<string, Tensor<T>> CopyValues() =>
        _values!.ToDictionary(static entry => entry.Key, static entry => entry.Value.Clone());

    /// <summary>The copied counters.</summary>
    public IReadOnlyDictionary<string, long> CopyCounters() => new Dictionary<string, long>(_counters);

    /// <summary>Replaces the copy.</summary>
    /// <exception cref="ArgumentException">A name is missing or not expected, or a shape differs; nothing is changed.</exception>
    public void Load(IReadOnlyDictionary<string, Tensor<T>> values, IReadOnlyDictionary<string, long> counters)
    {
        List<string> differences = [];
        Dictionary<string, Tensor<T>> own = Entries().ToDictionary(static entry => entry.Name, static entry => entry.Value);
        differences.AddRange(own.Keys.Except(values.Keys).Concat(_model.Counters.Select(c => c.Name).Except(counters.Keys))
            .Select(static name => $"- {name}: in the model, not in the state"));
        differences.AddRange(values.Keys.Except(own.Keys).Concat(counters.Keys.Except(_model.Counters.Select(c => c.Name)))
            .Select(static name => $"- {name}: in the state, not in the model"));
        differences.AddRange(own.Where(entry => values.TryGetValue(entry.Key, out Tensor<T> saved) && saved.Shape != entry.Value.Shape)
            .Select(entry => $"- {entry.Key}: {entry.Value.Shape} in the model, {values[entry.Key].Shape} in the state"));
        if (differences.Count > 0)
        {
            throw new ArgumentException(
                "LoadState: got a state that does not fit the model:\n" + string.Join('\n', differences), nameof(values));
        }
        _values = values.ToDictionary(static entry => entry.Key, static entry => entry.Value.Clone());
        _counters = new Dictionary<string, long>(counters);
    }

    private Tensor<T> Stored(string name) => _values!.TryGetValue(name, out Tensor<T> stored)
        ? stored
        : throw new InvalidOperationException($"ModelSnapshot: got a model with a new entry '{name}', expected the one it was made for.");

    private IEnumerable<(string Name, Tensor<T> Value)> Entries() =>
        _model.Parameters.Select(static p => (p.Name, p.Value)).Concat(_model.Buffers.Select(static b => (b.Name, b.Value)));
}
