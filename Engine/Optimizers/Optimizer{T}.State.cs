namespace Engine;

public sealed partial class Optimizer<T>
{
    /// <summary>
    /// A copy of the optimizer's whole state, by parameter name. With it and the parameters' values, training continues bit for bit as if
    /// it had not been interrupted.
    /// </summary>
    /// <exception cref="InvalidOperationException">Two parameters have the same name by now.</exception>
    public OptimizerState<T> SaveState()
    {
        CheckNames(nameof(SaveState));
        Dictionary<string, ParameterState<T>> states = [];
        foreach (Group<T> group in _groups)
        {
            foreach (ParameterEntry<T> entry in group.Entries)
            {
                (IReadOnlyList<StateArray> arrays, IReadOnlyList<StateName> scalars) = group.LayoutOf(entry);
                Dictionary<string, Tensor<T>> savedArrays = [];
                for (int i = 0; i < entry.State.Length; i++)
                {
                    savedArrays.Add(arrays[i].Key, Tensor<T>.From(entry.State[i].Span, arrays[i].Shape));
                }
                Dictionary<string, double> savedScalars = [];
                for (int i = 0; i < entry.Scalars.Length; i++)
                {
                    savedScalars.Add(scalars[i].Key, entry.Scalars[i]);
                }
                states[entry.Parameter.Name] = new ParameterState<T>(group.RuleName, entry.Updates, savedArrays, savedScalars);
            }
        }
        return new OptimizerState<T>(Report.Steps, states);
    }

    /// <summary>Replaces the optimizer's state by a saved one.</summary>
    /// <param name="state">The saved state.</param>
    /// <param name="match">How exactly it must fit.</param>
    /// <exception cref="InvalidOperationException">Two parameters have the same name by now.</exception>
    /// <exception cref="ArgumentException">
    /// The state does not fit; the message lists every difference, and nothing was changed.
    /// </exception>
    public void LoadState(OptimizerState<T> state, StateMatch match = StateMatch.Strict)
    {
        ArgumentNullException.ThrowIfNull(state);
        CheckNames(nameof(LoadState));
        List<string> differences = [];
        List<(Group<T> Group, ParameterEntry<T> Entry, ParameterState<T> State)> fitting = [];
        foreach (Group<T> group in _groups)
        {
            foreach (ParameterEntry<T> entry in group.Entries)
            {
                string name = entry.Parameter.Name;
                if (!state.Parameters.TryGetValue(name, out ParameterState<T>? saved))
                {
                    differences.Add($"- {name}: in the optimizer, not in the state");
                }
                else if (StateDifference.Of(group, entry, saved) is { } difference)
                {
                    differences.Add($"- {name}: {difference}");
                }
                else
                {
                    fitting.Add((group, entry, saved));
                }
            }
        }
        HashSet<string> known = [.. _entries.Select(entry => entry.Parameter.Name)];
        differences.AddRange(state.Parameters.Keys.Where(name => !known.Contains(name))
            .Select(name => $"- {name}: in the state, not in the optimizer"));
        if (differences.Count > 0 && match == StateMatch.Strict)
        {
            throw new ArgumentException(
                string.Join(Environment.NewLine, differences.Prepend("LoadState: the state does not fit the optimizer:")), nameof(state));
        }
        foreach (ParameterEntry<T> entry in _entries)
        {
            entry.Reset();
        }
        foreach ((Group<T> group, ParameterEntry<T> entry, ParameterState<T> saved) in fitting)
        {
            Load(group, entry, saved);
        }
        Report.Steps = state.Steps;
    }

    private static void Load(Group<T> group, ParameterEntry<T> entry, ParameterState<T> saved)
    {
        entry.Updates = saved.Step;
        if (saved.Step == 0 && saved.Arrays.Count == 0) // arrays may be there before the first step: UpdateCurvature makes them
        {
            return;
        }
        group.InitializeState(entry);
        (IReadOnlyList<StateArray> arrays, IReadOnlyList<StateName> scalars) = group.LayoutOf(entry);
        for (int i = 0; i < arrays.Count; i++)
        {
            saved.Arrays[arrays[i].Key].Span.CopyTo(entry.State[i].Span);
        }
        for (int i = 0; i < scalars.Count; i++)
        {
            entry.Scalars[i] = saved.Scalars[scalars[i].Key];
        }
    }

    /// <summary>
    /// Names were different when the parameters were added, but a module renames the parameters of a module that is put into it.
    /// </summary>
    private void CheckNames(string operation)
    {
        HashSet<string> names = [];
        foreach (ParameterEntry<T> entry in _entries)
        {
            if (!names.Add(entry.Parameter.Name))
            {
                throw new InvalidOperationException(
                    $"{operation}: got two parameters with the name '{entry.Parameter.Name}', expected different names: " +
                    "state is saved under them. Build the whole model before its optimizer.");
            }
        }
    }
}
