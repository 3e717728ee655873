using System.Numerics;

namespace Engine;

/// <summary>One load of a model: everything is compared first, then read.</summary>
internal sealed class ModuleLoading<T>(Module<T> model, SafetensorsFile file, Func<string, string> rename)
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Dictionary<string, Tensor<T>> _tensors = model.Parameters.Select(static parameter => (parameter.Name, parameter.Value))
        .Concat(model.Buffers.Select(static buffer => (buffer.Name, buffer.Value)))
        .ToDictionary(pair => model.NameInside(pair.Name), static pair => pair.Value);

    private readonly Dictionary<string, NamedCounter> _counters =
        model.Counters.ToDictionary(counter => model.NameInside(counter.Name));

    private readonly List<string> _differences = [];

    /// <summary>Loads the model, or throws with every difference and changes nothing.</summary>
    public LoadReport Load(NameMatch match)
    {
        List<(Tensor<T> Tensor, StoredTensor Stored)> tensors = [];
        List<(NamedCounter Counter, long Value)> counters = [];
        List<string> unexpected = [];
        Dictionary<string, string> seen = [];
        foreach (StoredTensor stored in file.Tensors)
        {
            string name = rename(stored.Name) ?? throw new ArgumentException(
                $"Load: got null as the name of '{stored.Name}', expected a name.", nameof(rename));
            if (!seen.TryAdd(name, stored.Name))
            {
                _differences.Add($"- {name}: in the file as '{seen[name]}' and as '{stored.Name}'");
            }
            else if (_tensors.TryGetValue(name, out Tensor<T> tensor))
            {
                if (Fits(name, tensor, stored))
                {
                    tensors.Add((tensor, stored));
                }
            }
            else if (_counters.TryGetValue(name, out NamedCounter? counter))
            {
                if (ReadCounter(name, stored) is { } value)
                {
                    counters.Add((counter, value));
                }
            }
            else
            {
                unexpected.Add(stored.Name);
            }
        }
        string[] missing = [.. _tensors.Keys.Where(name => !seen.ContainsKey(name))];
        if (match == NameMatch.Strict)
        {
            _differences.AddRange(missing.Select(static name => $"- {name}: in the model, not in the file"));
            _differences.AddRange(unexpected.Select(static name => $"- {name}: in the file, not in the model"));
        }
        if (_differences.Count > 0)
        {
            throw new ArgumentException(
                string.Join(Environment.NewLine, _differences.Prepend($"Load: the file {file.Path} does not fit the model:")),
                    nameof(file));
        }
        foreach ((Tensor<T> tensor, StoredTensor stored) in tensors)
        {
            file.ReadInto(stored, tensor.Output);
        }
        foreach ((NamedCounter counter, long value) in counters)
        {
            counter.Value = value;
        }
        return new([.. missing, .. _counters.Keys.Where(name => !seen.ContainsKey(name))], unexpected);
    }

    private bool Fits(string name, in Tensor<T> tensor, StoredTensor stored)
    {
        string? difference =
            !stored.Shape.SequenceEqual(tensor.Shape.ToArray().Select(static extent => (long)extent))
                ? $"the shape {StoredTensor.Format(stored.Shape)} in the file, {tensor.Shape} in the model"
            : !stored.Type.IsNumber ? $"the type {stored.Type} in the file, which does not convert"
            : null;
        if (difference is not null)
        {
            _differences.Add($"- {name}: {difference}");
        }
        return difference is null;
    }

    private long? ReadCounter(string name, StoredTensor stored)
    {
        if (stored.Type != DataType.Int64 || stored.Shape.Count > 0)
        {
            _differences.Add(
                $"- {name}: {stored.Type} {StoredTensor.Format(stored.Shape)} in the file, "
                    + $"a whole number, {DataType.Int64} [], in the model");
            return null;
        }
        long[] value = new long[1];
        file.ReadInto(stored, value.AsSpan());
        if (value[0] < 0)
        {
            _differences.Add(FormattableString.Invariant($"- {name}: {value[0]} in the file, a number from 0 on in the model"));
            return null;
        }
        return value[0];
    }
}
