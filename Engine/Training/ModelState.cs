using System.Numerics;

namespace Engine;

/// <summary>A copy of a model's values.</summary>
/// <param name="Values">Parameters and buffers by name.</param>
/// <param name="Counters">Counters by name.</param>
internal sealed record ModelState<T>(IReadOnlyDictionary<string, Tensor<T>> Values, IReadOnlyDictionary<string, long> Counters)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>A copy of a model's present values.</summary>
    public static ModelState<T> Of(Module<T> model) => new(
        Entries(model).ToDictionary(static entry => entry.Name, static entry => entry.Value.Clone()), CountersOf(model));

    /// <summary>A copy of this copy.</summary>
    public ModelState<T> Copy() => new(
        Values.ToDictionary(static entry => entry.Key, static entry => entry.Value.Clone()), Counters.ToDictionary());

    /// <summary>The model's present values, in the memory of this copy.</summary>
    /// <exception cref="InvalidOperationException">The model has got other parameters or buffers since this copy was made.</exception>
    public ModelState<T> Refreshed(Module<T> model)
    {
        foreach ((string name, Tensor<T> value) in Entries(model))
        {
            value.Span.CopyTo(Stored(name).Output);
        }
        return this with { Counters = CountersOf(model) };
    }

    /// <summary>Puts the copy into a model that it fits.</summary>
    /// <exception cref="InvalidOperationException">The model has got other parameters or buffers since this copy was made.</exception>
    public void ApplyTo(Module<T> model)
    {
        foreach (Parameter<T> parameter in model.Parameters)
        {
            parameter.SetValue(Stored(parameter.Name));
        }
        foreach (NamedTensor<T> buffer in model.Buffers)
        {
            buffer.SetValue(Stored(buffer.Name));
        }
        foreach (NamedCounter counter in model.Counters)
        {
            counter.Value = Counters[counter.Name];
        }
    }

    /// <summary>Throws unless the copy fits a model.</summary>
    /// <exception cref="ArgumentException">A name is missing or not expected, or a shape differs.</exception>
    public void CheckFits(Module<T> model)
    {
        Dictionary<string, Tensor<T>> own = Entries(model).ToDictionary(static entry => entry.Name, static entry => entry.Value);
        string[] counters = [.. model.Counters.Select(static counter => counter.Name)];
        string[] differences =
        [
            .. own.Keys.Except(Values.Keys).Concat(counters.Except(Counters.Keys))
                .Select(static name => $"- {name}: in the model, not in the state"),
            .. Values.Keys.Except(own.Keys).Concat(Counters.Keys.Except(counters))
                .Select(static name => $"- {name}: in the state, not in the model"),
            .. own.Where(entry => Values.TryGetValue(entry.Key, out Tensor<T> saved) && saved.Shape != entry.Value.Shape)
                .Select(entry => $"- {entry.Key}: {entry.Value.Shape} in the model, {Values[entry.Key].Shape} in the state"),
        ];
        if (differences.Length > 0)
        {
            throw new ArgumentException("LoadState: got a state that does not fit the model:\n" + string.Join('\n', differences), "values");
        }
    }

    private Tensor<T> Stored(string name) => Values.TryGetValue(name, out Tensor<T> stored)
        ? stored
        : throw new InvalidOperationException($"ModelState: got a model with a new entry '{name}', expected the one it was made for.");

    private static Dictionary<string, long> CountersOf(Module<T> model) =>
        model.Counters.ToDictionary(static counter => counter.Name, static counter => counter.Value);

    private static IEnumerable<(string Name, Tensor<T> Value)> Entries(Module<T> model) =>
        model.Parameters.Select(static p => (p.Name, p.Value)).Concat(model.Buffers.Select(static b => (b.Name, b.Value)));
}
