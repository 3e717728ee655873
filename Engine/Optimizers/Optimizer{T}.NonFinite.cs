using System.Globalization;
using Engine.Kernels;

namespace Engine;

public sealed partial class Optimizer<T>
{
    /// <summary>Throws if a step has made a parameter infinite or NaN.</summary>
    private void CheckUpdates()
    {
        foreach (Group<T> group in _groups)
        {
            foreach (ParameterEntry<T> entry in group.Entries)
            {
                if (entry.IsUpdated && !Finite.All<T>(entry.Parameter.ValueBuffer.Span))
                {
                    throw Describe(group, entry);
                }
            }
        }
    }

    /// <summary>Throws if a step has made one of these rows infinite or NaN.</summary>
    private void CheckRows(ParameterEntry<T> entry, ReadOnlySpan<int> rows)
    {
        int width = entry.Parameter.Shape.Length / entry.Parameter.Shape[0];
        foreach (int row in rows)
        {
            if (!Finite.All<T>(entry.Parameter.ValueBuffer.Span.Slice(row * width, width)))
            {
                throw Describe(Find(entry.Parameter, nameof(StepRows)).Group, entry);
            }
        }
    }

    private static NonFiniteValueException Describe(Group<T> group, ParameterEntry<T> entry)
    {
        ReadOnlySpan<T> values = entry.Parameter.ValueBuffer.Span;
        int element = NonFiniteValueException.FirstIn(values);
        (IReadOnlyList<StateArray> arrays, _) = group.LayoutOf(entry);
        List<string> inputs = [string.Create(CultureInfo.InvariantCulture, $"the learning rate {group.LastLearningRate}")];
        for (int i = 0; i < entry.State.Length; i++)
        {
            inputs.Add(entry.State[i].Length == values.Length
                ? string.Create(CultureInfo.InvariantCulture, $"{arrays[i].Key} {entry.State[i].Span[element]} there")
                : $"{arrays[i].Key} {arrays[i].Shape}");
        }
        return new NonFiniteValueException(
            NonFinitePhase.Update,
            group.RuleName,
            string.Create(CultureInfo.InvariantCulture, $"the parameter '{entry.Parameter.Name}' after update {entry.Updates}"),
            element,
            double.CreateTruncating(values[element]),
            "the step had " + string.Join("; ", inputs),
            CallSite.OfCaller());
    }
}
