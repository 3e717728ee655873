using System.Numerics;

namespace Engine;

/// <summary>Describes how a saved state differs from what a rule needs.</summary>
internal static class StateDifference
{
    /// <summary>The difference, or null where the state fits.</summary>
    public static string? Of<T>(Group<T> group, ParameterEntry<T> entry, ParameterState<T> saved)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (saved.Rule != group.RuleName)
        {
            return $"got the state of {saved.Rule}, expected that of {group.RuleName}";
        }
        if (saved.Step < 0)
        {
            return $"got {saved.Step} updates, expected at least 0";
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
