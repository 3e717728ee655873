namespace Engine;

/// <summary>The hyperparameters that a rule uses, by the names of its properties, in the order in which it reads them.</summary>
internal sealed class HyperparameterList
{
    private readonly List<(string Property, Hyperparameter Value)> _items = [];

    /// <summary>The weight decay, of which the rule reads the coefficient alone.</summary>
    public WeightDecay WeightDecay { get; set; }

    /// <summary>The texts by property.</summary>
    public IReadOnlyDictionary<string, string> Texts => new OrderedDictionary<string, string>(_items.Select(item => KeyValuePair.Create(
        item.Property, item.Property == nameof(WeightDecay) ? WeightDecay.ToString() : item.Value.ToString())));

    /// <summary>The reductions on plateaus in the schedules, each once.</summary>
    public IReadOnlyList<ReduceOnPlateau> Plateaus =>
        [.. _items.SelectMany(item => item.Value.Schedule?.Plateaus ?? []).Distinct()];

    /// <summary>Adds a hyperparameter, unless one of the same property was added before.</summary>
    public void Add(string property, Hyperparameter value)
    {
        if (_items.TrueForAll(item => item.Property != property))
        {
            _items.Add((property, value));
        }
    }
}
