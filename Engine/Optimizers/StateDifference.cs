using System.Numerics;

namespace Engine;

/// <summary>Describes how a saved state differs from what a rule needs.</summary>
internal static class StateDifference
{
    /// <summary>What a saved state lacks that every state has, or null where it is complete.</summary>
    public static string? Missing<T>(ParameterState<T>? saved) where T : unmanaged, IFloatingPointIeee754<T> =>
        saved is null ? "null"
        : saved.Rule is null ? $"{nameof(saved.Rule)} = null"
        : saved.Arrays is null ? $"{nameof(saved.Arrays)} = null"
        : saved.Scalars is null ? $"{nameof(saved.Scalars)} = null"
        : saved.Arrays.Where(array => array.Value.IsDefault)
            .Select(array => $"a default tensor for the array {array.Key}").FirstOrDefault();

    /// <summary>The saved groups of a group's parameters.</summary>
    /// <exception cref="ArgumentException">A part of one is null.</exception>
    public static IReadOnlyList<GroupState> Groups<T>(Group<T> group, IReadOnlyList<GroupState> saved)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (GroupState state in saved)
        {
            if (state?.Rule is null || state.Parameters is null || state.Hyperparameters is null || state.Plateaus is null
                || state.Plateaus.Contains(null!))
            {
                throw new ArgumentException("LoadState: got a null in the state of a group, expected all of its parts.", nameof(state));
            }
        }
        HashSet<string> names = [.. group.Parameters.Select(parameter => parameter.Name)];
        return [.. saved.Where(state => state.Parameters.Any(names.Contains))];
    }

    /// <summary>The hyperparameters of a group that differ from the saved ones, where the rule is the same.</summary>
    public static IEnumerable<string> Of<T>(Group<T> group, GroupState saved) where T : unmanaged, IFloatingPointIeee754<T>
    {
        IReadOnlyDictionary<string, string> own = group.Hyperparameters.Texts;
        return saved.Rule != group.RuleName
            ? []
            : from property in own.Keys.Union(saved.Hyperparameters.Keys)
              let before = saved.Hyperparameters.GetValueOrDefault(property)
              let now = own.GetValueOrDefault(property)
              where before != now
              select $"{property} was {before ?? "not used"}, and is {now ?? "not used"}";
    }

    /// <summary>The difference, or null where the state fits.</summary>
    public static string? Of<T>(Group<T> group, ParameterEntry<T> entry, ParameterState<T> saved)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (saved.Rule != group.RuleName)
        {
            return $"got the state of {saved.Rule}, expected that of {group.RuleName}";
        }
        if (saved.Step is < 0 or > OptimizerState<T>.MaxCount)
        {
            return $"got {saved.Step} updates, expected 0 to {OptimizerState<T>.MaxCount}";
        }
        if (saved.Step == 0 && saved.Arrays.Count == 0)
        {
            return null;
        }
        (IReadOnlyList<StateArray> arrays, IReadOnlyList<StateName> scalars) = group.LayoutOf(entry);
        foreach ((_, string name, Shape shape, _) in arrays)
        {
            if (!saved.Arrays.TryGetValue(name, out Tensor<T> array))
            {
                return $"the array {name} is missing";
            }
            if (array.Shape != shape)
            {
                return $"the array {name} has the shape {array.Shape}, expected {shape}";
            }
        }
        if (scalars.Select(scalar => scalar.Key).FirstOrDefault(key => !saved.Scalars.ContainsKey(key)) is { } missing)
        {
            return $"the number {missing} is missing";
        }
        string? extra = saved.Arrays.Keys.Except(arrays.Select(array => array.Key))
            .Concat(saved.Scalars.Keys.Except(scalars.Select(scalar => scalar.Key)))
            .FirstOrDefault();
        return extra is null ? null : $"got {extra}, which {group.RuleName} does not keep";
    }
}
