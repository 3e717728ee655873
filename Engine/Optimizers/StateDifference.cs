using System.Numerics;

namespace Engine;

/// <summary>Says in words how a saved state differs from what a rule needs.</summary>
internal static class StateDifference
{
    /// <summary>The difference, or null where the state fits.</summary>
    public static string? Of<T>(Group<T> group, Member<T> member, ParameterState<T> saved) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (saved.Rule != group.RuleName)
        {
            return $"got the state of {saved.Rule}, expected that of {group.RuleName}";
        }
        if (saved.Step < 0)
        {
            return $"got {saved.Step} updates, expected none or more";
        }
        if (saved.Step == 0 && saved.Arrays.Count == 0)
        {
            return null;
        }
        (IReadOnlyList<StateArray> arrays, IReadOnlyList<string> scalars) = group.Layout(member);
        foreach ((string name, Shape shape, _) in arrays)
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
        if (scalars.FirstOrDefault(name => !saved.Scalars.ContainsKey(name)) is { } missing)
        {
            return $"the number {missing} is missing";
        }
        string? extra = saved.Arrays.Keys.Except(arrays.Select(array => array.Name)).Concat(saved.Scalars.Keys.Except(scalars)).FirstOrDefault();
        return extra is null ? null : $"got {extra}, which {group.RuleName} does not keep";
    }
}
