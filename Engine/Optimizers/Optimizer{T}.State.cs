namespace Engine;

public sealed partial class Optimizer<T>
{
    /// <summary>
    /// A copy of the optimizer's whole state, by parameter name, with the hyperparameters as text and the state of plateaus. With it and
    /// the parameters' values, training continues bit for bit as if it had not been interrupted.
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Two parameters have the same name by now, another call is running, or a rule threw during an earlier step.
    /// </exception>
    public OptimizerState<T> SaveState()
    {
        using Use use = Enter(nameof(SaveState));
        CheckNames(nameof(SaveState));
        Dictionary<string, ParameterState<T>> states = [];
        List<GroupState> groups = [];
        foreach (Group<T> group in _groups)
        {
            HyperparameterList hypers = group.Hyperparameters;
            groups.Add(new GroupState(
                group.RuleName, [.. group.Entries.Select(entry => entry.Parameter.Name)], hypers.Texts,
                [.. hypers.Plateaus.Select(plateau => plateau.State)]));
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
        return new OptimizerState<T>(Report.Steps, states, groups);
    }

    /// <summary>
    /// Replaces the optimizer's state by a saved one. If it throws, nothing was changed. If a rule threw during an earlier step, restore
    /// the parameters' values first; the optimizer can be used again afterwards.
    /// </summary>
    /// <param name="state">The saved state.</param>
    /// <param name="match">How exactly it must fit.</param>
    /// <exception cref="InvalidOperationException">Two parameters have the same name by now, or another call is running.</exception>
    /// <exception cref="ArgumentException">
    /// The state does not fit, and the message lists every difference; or a part of it is null.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="match"/> is none of the three.</exception>
    public void LoadState(OptimizerState<T> state, StateMatch match = StateMatch.Strict)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!Enum.IsDefined(match))
        {
            throw new ArgumentOutOfRangeException(
                nameof(match), $"LoadState: got the match {match}, expected Strict, Partial or NewHyperparameters.");
        }
        using Use use = Enter(nameof(LoadState), repairs: true);
        CheckNames(nameof(LoadState));
        List<string> differences = [];
        List<(Group<T> Group, ParameterEntry<T> Entry, long Updates, Buffer<T>[] Arrays, double[] Scalars)> fitting = [];
        foreach (Group<T> group in _groups)
        {
            foreach (ParameterEntry<T> entry in group.Entries)
            {
                string name = entry.Parameter.Name;
                if (!state.Parameters.TryGetValue(name, out ParameterState<T>? saved))
                {
                    differences.Add($"- {name}: in the optimizer, not in the state");
                    continue;
                }
                if (StateDifference.Missing(saved) is { } missing)
                {
                    throw new ArgumentException(
                        $"LoadState: got {missing} in the state of '{name}', expected all of its parts.", nameof(state));
                }
                if (StateDifference.Of(group, entry, saved) is { } difference)
                {
                    differences.Add($"- {name}: {difference}");
                    continue;
                }
                (Buffer<T>[] arrays, double[] scalars) = Copy(group.LayoutOf(entry), saved);
                fitting.Add((group, entry, saved.Step, arrays, scalars));
            }
        }
        HashSet<string> known = [.. _entries.Select(entry => entry.Parameter.Name)];
        differences.AddRange(state.Parameters.Keys.Where(name => !known.Contains(name))
            .Select(name => $"- {name}: in the state, not in the optimizer"));
        List<(ReduceOnPlateau Plateau, PlateauState State)> plateaus = [];
        foreach (Group<T> group in _groups)
        {
            foreach (GroupState saved in StateDifference.Groups(group, state.Groups))
            {
                if (match == StateMatch.Strict)
                {
                    string place = $"{group.RuleName} of '{group.Entries[0].Parameter.Name}'";
                    differences.AddRange(StateDifference.Of(group, saved).Select(difference => $"- {place}: {difference}"));
                }
                if (saved.Rule == group.RuleName && group.Hyperparameters.Plateaus is var own && own.Count == saved.Plateaus.Count)
                {
                    plateaus.AddRange(own.Zip(saved.Plateaus));
                }
            }
        }
        if (differences.Count > 0 && match != StateMatch.Partial)
        {
            throw new ArgumentException(
                string.Join(Environment.NewLine, differences.Prepend("LoadState: the state does not fit the optimizer:")), nameof(state));
        }
        foreach (ParameterEntry<T> entry in _entries)
        {
            entry.Reset();
        }
        foreach ((Group<T> group, ParameterEntry<T> entry, long updates, Buffer<T>[] arrays, double[] scalars) in fitting)
        {
            if (updates > 0 || arrays.Length > 0) // arrays may be there before the first step: UpdateCurvature makes them
            {
                group.SetState(entry, arrays, scalars);
            }
            entry.Updates = updates;
        }
        foreach ((ReduceOnPlateau plateau, PlateauState saved) in plateaus)
        {
            plateau.State = saved;
        }
        Report.Steps = state.Steps;
        _failure = null;
    }

    /// <summary>Copies a saved state that fits the layout; none where it was saved before the first step.</summary>
    private static (Buffer<T>[] Arrays, double[] Scalars) Copy(in StateLayout layout, ParameterState<T> saved)
    {
        if (saved.Step == 0 && saved.Arrays.Count == 0)
        {
            return ([], []);
        }
        Buffer<T>[] arrays = new Buffer<T>[layout.Arrays.Count];
        for (int i = 0; i < arrays.Length; i++)
        {
            ReadOnlySpan<T> values = saved.Arrays[layout.Arrays[i].Key].Span;
            arrays[i] = new Buffer<T>(values.Length, clear: false);
            values.CopyTo(arrays[i].Span);
        }
        return (arrays, [.. layout.Scalars.Select(scalar => saved.Scalars[scalar.Key])]);
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
