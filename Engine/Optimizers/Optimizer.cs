using System.Numerics;
using Engine.Kernels;

namespace Engine;

/// <summary>Makes optimizers: <c>Optimizer.For(new AdamW { LearningRate = 1e-3 }, model.Parameters)</c>.</summary>
public static class Optimizer
{
    /// <summary>An optimizer with one group: these parameters under this rule.</summary>
    /// <exception cref="ArgumentException">There are no parameters, one is there twice, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of the rule lies outside its range.</exception>
    public static Optimizer<T> For<TRule, T>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        Optimizer<T> optimizer = new();
        optimizer.AddGroup(rule, parameters);
        return optimizer;
    }

    /// <summary>An optimizer with the usual two groups: parameters of two or more dimensions (weights) with the rule's decay, all others (biases, norms) without it. A decay of the rule's own (NovoGrad's, ScheduleFreeAdamW's, ASGD's λ) is part of the rule and stays.</summary>
    /// <exception cref="ArgumentException">There are no parameters, one is there twice, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of the rule lies outside its range.</exception>
    public static Optimizer<T> ByRole<TRule, T>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IRule where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        Parameter<T>[] all = [.. parameters];
        Optimizer<T> optimizer = new();
        foreach ((TRule ofRole, Parameter<T>[] members) in new[] { (rule, Array.FindAll(all, p => p.Shape.Rank >= 2)), (rule with { WeightDecay = WeightDecay.None }, Array.FindAll(all, p => p.Shape.Rank < 2)) })
        {
            if (members.Length > 0 || all.Length == 0)
            {
                optimizer.AddGroup(ofRole, members);
            }
        }
        return optimizer;
    }
}

/// <summary>
/// Groups of parameters under their rules, and the step that takes them all forward in one sweep: clipping, decay, rule and the clearing of gradients in one pass over memory.
/// A warm step allocates nothing. A step that throws has changed nothing.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed class Optimizer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<Group<T>> _groups = [];
    private readonly List<Member<T>> _members = [];
    private readonly StepReport _report = new();
    private readonly SweepParts<T> _sweep = new();
    private readonly RowGradient<T> _rows = new();
    private Member<T>[] _byName = [];
    private double[] _norms = [];

    /// <summary>How gradients are kept small before the step.</summary>
    public GradientClip Clip { get; set; }

    /// <summary>What happens when a gradient is not finite.</summary>
    public NonFinite NonFinite { get; set; }

    /// <summary>Whether the loss is climbed instead of descended: the gradients' sign is turned before decay and rule.</summary>
    public bool Maximize { get; init; }

    /// <summary>Whether a step leaves the gradients as they are, instead of clearing them as it goes.</summary>
    public bool KeepGradients { get; init; }

    /// <summary>Whether each step measures ‖Δθ‖/‖θ‖ for its report, which costs two more passes over the parameters and a copy of them.</summary>
    public bool MeasuresUpdates { get; init; }

    /// <summary>The groups, in the order in which they were added.</summary>
    public IReadOnlyList<Group<T>> Groups => _groups;

    /// <summary>What the last step did; the same object for all steps.</summary>
    public StepReport Report => _report;

    /// <summary>Adds parameters under a rule of their own. Works at any time: their state begins at their first step.</summary>
    /// <exception cref="ArgumentException">There are no parameters, one is there already, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyper-parameter of the rule lies outside its range.</exception>
    public Group<T> AddGroup<TRule>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IRule =>
        Add(typeof(TRule).Name, parameters, members => new RuleGroup<TRule, T>(rule, members));

    /// <summary>Adds the group that <paramref name="make"/> makes of the parameters, after it has been checked that they may come in.</summary>
    internal TGroup Add<TGroup>(string ruleName, IEnumerable<Parameter<T>> parameters, Func<Member<T>[], TGroup> make) where TGroup : Group<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        List<Member<T>> added = [];
        foreach (Parameter<T> parameter in parameters)
        {
            if (parameter is null)
            {
                throw new ArgumentException($"AddGroup: got a null among the parameters of {ruleName}.", nameof(parameters));
            }
            if (_members.Concat(added).FirstOrDefault(m => ReferenceEquals(m.Parameter, parameter) || m.Parameter.Name == parameter.Name) is { } twin)
            {
                throw new ArgumentException(ReferenceEquals(twin.Parameter, parameter)
                    ? $"AddGroup: got the parameter '{parameter.Name}' twice, expected each once."
                    : $"AddGroup: got two parameters with the name '{parameter.Name}', expected different names: state is kept under them.", nameof(parameters));
            }
            added.Add(new Member<T>(parameter));
        }
        if (added.Count == 0)
        {
            throw new ArgumentException($"AddGroup: got no parameters for {ruleName}, expected at least one.", nameof(parameters));
        }
        TGroup group = make([.. added]);
        _groups.Add(group);
        _members.AddRange(added);
        _byName = [.. _members.OrderBy(m => m.Parameter.Name, StringComparer.Ordinal)];
        _norms = new double[_members.Count];
        _report.Skipped.EnsureCapacity(_members.Count);
        return group;
    }

    /// <summary>Makes all gradients absent.</summary>
    public void ClearGradients()
    {
        foreach (Member<T> member in _members)
        {
            member.Parameter.ClearGradient();
        }
    }

    /// <summary>
    /// Takes every parameter that has a gradient one step on, and clears the gradients. A parameter without one is passed over: neither decay nor momentum moves it, and its count stays.
    /// </summary>
    /// <returns>What the step did; the object is used again by the next step.</returns>
    /// <exception cref="ArithmeticException">A gradient is not finite and the policy is <see cref="NonFinite.Throw"/>.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A scheduled hyper-parameter has left its range.</exception>
    public StepReport Step()
    {
        _report.Begin(_members, NonFinite != NonFinite.Propagate || Clip.MaximumNorm is not null ? GlobalNorm() : double.NaN);
        if (!double.IsFinite(_report.GradientNorm) && NonFinite != NonFinite.Propagate)
        {
            if (NonFinite == NonFinite.Throw)
            {
                throw new ArithmeticException($"Step: the gradient of '{FirstNonFinite().Parameter.Name}' is not finite; nothing was changed.");
            }
            _report.NonFiniteSteps++;
            _report.ClipCoefficient = 0;
            if (!KeepGradients)
            {
                ClearGradients();
            }
            return _report;
        }
        double coefficient = Clip.Coefficient(_report.GradientNorm);
        double clamp = Clip.MaximumValue ?? double.PositiveInfinity;
        foreach (Group<T> group in _groups)
        {
            group.Stage(Maximize ? -coefficient : coefficient, clamp);
        }
        _report.ClipCoefficient = coefficient;
        _report.LearningRate = _groups.Count == 0 ? double.NaN : _groups[0].LearningRate;
        _report.Steps++;
        if (MeasuresUpdates)
        {
            Remember();
        }
        _sweep.Run(_groups, clamp < double.PositiveInfinity);
        foreach (Group<T> group in _groups)
        {
            group.Update();
            group.Commit(KeepGradients);
        }
        _report.UpdateRatio = MeasuresUpdates ? UpdateRatio() : double.NaN;
        return _report;
    }

    /// <summary>
    /// Takes some rows of one parameter a step on, and touches neither value nor state of any other row: the update for embeddings, of which a batch reads a few. Works with every rule that goes element by
    /// element; its count goes up for the whole parameter, as in PyTorch's SparseAdam. Clipping by norm takes the norm of these rows, after those given twice have been added up in the order given.
    /// </summary>
    /// <param name="parameter">Of two or more dimensions; a row is what one index of the first axis has.</param>
    /// <param name="rows">Which rows, in any order; one may come more than once.</param>
    /// <param name="gradients">Their gradients, of [rows, the parameter's other extents]; taken up at once, the parameter's own gradient stays as it is.</param>
    /// <exception cref="ArgumentException">The parameter is not in this optimizer, or the gradients have another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A row lies outside the parameter, or a scheduled hyper-parameter outside its range.</exception>
    /// <exception cref="ArithmeticException">A gradient is not finite and the policy is <see cref="NonFinite.Throw"/>.</exception>
    /// <exception cref="InvalidOperationException">The parameter's rule needs the whole tensor.</exception>
    public void StepRows(Parameter<T> parameter, ReadOnlySpan<int> rows, in Tensor<T> gradients)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        (Group<T> group, Member<T> member) = Find(parameter, nameof(StepRows));
        _rows.Gather(parameter, rows, gradients);
        if (_rows.Rows.IsEmpty)
        {
            return;
        }
        double norm = NonFinite != NonFinite.Propagate || Clip.MaximumNorm is not null ? Math.Sqrt(Reduction.SumOfSquares(_rows.Gradients)) : double.NaN;
        if (!double.IsFinite(norm) && NonFinite != NonFinite.Propagate)
        {
            if (NonFinite == NonFinite.Throw)
            {
                throw new ArithmeticException($"StepRows: the gradient of '{parameter.Name}' is not finite; nothing was changed.");
            }
            _report.NonFiniteSteps++;
            return;
        }
        double coefficient = Clip.Coefficient(norm);
        group.StepRows(member, _rows.Rows, _rows.Gradients, Maximize ? -coefficient : coefficient, Clip.MaximumValue ?? double.PositiveInfinity);
    }

    /// <summary>A copy of all that the optimizer remembers, by parameter name. With it and the parameters' values a training goes on as if it had not been interrupted, bit for bit.</summary>
    public OptimizerState<T> SaveState()
    {
        CheckNames(nameof(SaveState));
        Dictionary<string, ParameterState<T>> states = [];
        foreach (Group<T> group in _groups)
        {
            foreach (Member<T> member in group.Members)
            {
                (IReadOnlyList<StateArray> arrays, IReadOnlyList<string> scalars) = group.Layout(member);
                states[member.Parameter.Name] = new ParameterState<T>(group.RuleName, member.Updates,
                    arrays.Take(member.State.Length).Select((array, i) => (array.Name, Tensor<T>.From(member.State[i].Span, array.Shape))).ToDictionary(),
                    scalars.Take(member.Kept.Length).Select((name, i) => (name, member.Kept[i])).ToDictionary());
            }
        }
        return new OptimizerState<T>(_report.Steps, states);
    }

    /// <summary>Takes up what another optimizer remembered.</summary>
    /// <param name="state">Its state.</param>
    /// <param name="match">How exactly it must fit.</param>
    /// <exception cref="InvalidOperationException">Two parameters have come to bear the same name.</exception>
    /// <exception cref="ArgumentException">It does not fit; the message lists every difference, and nothing was changed.</exception>
    public void LoadState(OptimizerState<T> state, StateMatch match = StateMatch.Strict)
    {
        ArgumentNullException.ThrowIfNull(state);
        CheckNames(nameof(LoadState));
        List<string> differences = [];
        List<(Group<T> Group, Member<T> Member, ParameterState<T> State)> fitting = [];
        foreach (Group<T> group in _groups)
        {
            foreach (Member<T> member in group.Members)
            {
                string name = member.Parameter.Name;
                if (!state.Parameters.TryGetValue(name, out ParameterState<T>? saved))
                {
                    differences.Add($"- {name}: in the optimizer, not in the state");
                }
                else if (StateDifference.Of(group, member, saved) is { } difference)
                {
                    differences.Add($"- {name}: {difference}");
                }
                else
                {
                    fitting.Add((group, member, saved));
                }
            }
        }
        HashSet<string> known = [.. _members.Select(m => m.Parameter.Name)];
        differences.AddRange(state.Parameters.Keys.Where(name => !known.Contains(name)).Select(name => $"- {name}: in the state, not in the optimizer"));
        if (differences.Count > 0 && match == StateMatch.Strict)
        {
            throw new ArgumentException($"LoadState: the state does not fit the optimizer:{Environment.NewLine}{string.Join(Environment.NewLine, differences)}", nameof(state));
        }
        foreach (Member<T> member in _members)
        {
            member.Reset();
        }
        foreach ((Group<T> group, Member<T> member, ParameterState<T> saved) in fitting)
        {
            member.Updates = saved.Step;
            if (saved.Step > 0 || saved.Arrays.Count > 0) // curvature may have been taken before the first step
            {
                group.Prepare(member);
                (IReadOnlyList<StateArray> arrays, IReadOnlyList<string> scalars) = group.Layout(member);
                for (int i = 0; i < arrays.Count; i++)
                {
                    saved.Arrays[arrays[i].Name].Span.CopyTo(member.State[i].Span);
                }
                for (int i = 0; i < scalars.Count; i++)
                {
                    member.Kept[i] = saved.Scalars[scalars[i]];
                }
            }
        }
        _report.Steps = state.Steps;
    }

    /// <summary>The value at which a parameter is to be evaluated: its own, or the average that an <see cref="IAveragedRule"/> keeps (schedule-free rules, ASGD). A copy.</summary>
    /// <exception cref="ArgumentException">The parameter is not in this optimizer.</exception>
    public Tensor<T> EvaluationValue(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        (Group<T> group, Member<T> member) = Find(parameter, nameof(EvaluationValue));
        Tensor<T> value = parameter.Value.Clone();
        group.TryEvaluate(member, value.Output);
        return value;
    }

    private (Group<T> Group, Member<T> Member) Find(Parameter<T> parameter, string operation)
    {
        foreach (Group<T> group in _groups)
        {
            foreach (Member<T> member in group.Members)
            {
                if (ReferenceEquals(member.Parameter, parameter))
                {
                    return (group, member);
                }
            }
        }
        throw new ArgumentException($"{operation}: the parameter '{parameter.Name}' is not in this optimizer.", nameof(parameter));
    }

    /// <summary>Names were different when the parameters were added, but a module that takes another in renames what is in it.</summary>
    private void CheckNames(string operation)
    {
        HashSet<string> names = [];
        foreach (Member<T> member in _members)
        {
            if (!names.Add(member.Parameter.Name))
            {
                throw new InvalidOperationException($"{operation}: two parameters have the name '{member.Parameter.Name}' by now, expected different names: state is kept under them. Build the model whole before its optimizer.");
            }
        }
    }

    private void Remember()
    {
        foreach (Member<T> member in _members)
        {
            member.Before ??= new Buffer<T>(member.Parameter.Shape.Length, clear: false);
            member.Parameter.Value.Span.CopyTo(member.Before.Span);
        }
    }

    /// <summary>‖θ − before‖/‖before‖ over all parameters.</summary>
    private double UpdateRatio()
    {
        double moved = 0, size = 0;
        foreach (Member<T> member in _byName)
        {
            size += Reduction.SumOfSquares<T>(member.Before!.Span);
            System.Numerics.Tensors.TensorPrimitives.Subtract(member.Parameter.Value.Span, member.Before.Span, member.Before.Span);
            moved += Reduction.SumOfSquares<T>(member.Before.Span);
        }
        return Math.Sqrt(moved / size);
    }

    /// <summary>‖g‖₂ over all gradients there are, added in the order of the names so that the order of the parameters does not matter.</summary>
    internal unsafe double GlobalNorm()
    {
        int count = 0;
        foreach (Member<T> member in _byName)
        {
            if (member.Parameter.HasGradient)
            {
                _norms[count++] = member.SquaredNorm = Reduction.SumOfSquares(member.Parameter.Gradient.Span);
            }
        }
        fixed (double* norms = _norms)
        {
            return count == 0 ? 0 : Math.Sqrt(Reduction.PairwiseSum(norms, count));
        }
    }

    private Member<T> FirstNonFinite()
    {
        foreach (Member<T> member in _members)
        {
            if (member.Parameter.HasGradient && !double.IsFinite(member.SquaredNorm))
            {
                return member;
            }
        }
        return _members.First(m => m.Parameter.HasGradient); // each is finite, their sum is not
    }
}
