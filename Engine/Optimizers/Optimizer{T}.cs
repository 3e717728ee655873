using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Groups of parameters under their rules, and the step that updates them all in one sweep: clipping, decay, rule and the clearing of
/// gradients in one pass over memory. A warm step allocates nothing. A step of built-in rules that throws has changed nothing.
/// </summary>
/// <remarks>
/// Before a step writes anything, it does all that can throw: it checks the gradients, evaluates the schedules, checks the hyperparameters
/// and allocates state. What is left is the code of the rules. If a rule of your own throws there, or a schedule that is not a pure
/// function, some parameters have moved and others have not; every later call then throws, until the parameters have been restored with
/// <see cref="Parameter{T}.SetValue"/> and the state with <see cref="LoadState"/>. An optimizer and its parameters are used by one thread
/// at a time: a call during a call of the same optimizer throws, and steps of two optimizers that share parameters must not overlap.
/// </remarks>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class Optimizer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<Group<T>> _groups = [];
    private readonly List<IElementwiseGroup<T>> _elementwise = [];
    private readonly List<IWholeTensorGroup> _wholeTensor = [];
    private readonly List<ParameterEntry<T>> _entries = [];
    private readonly Dictionary<Parameter<T>, (Group<T> Group, ParameterEntry<T> Entry)> _places = [];
    private readonly ParallelSweep<T> _sweep = new();
    private readonly RowGradient<T> _rows = new();
    private ParameterEntry<T>[] _byName = [];
    private bool _rulesNeedNorms;

    /// <summary>How gradients are clipped before the step, after <see cref="Transforms"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound on the elements is 0 in their precision.</exception>
    public GradientClip Clip
    {
        get;
        set => field = value.Kind == GradientClipKind.ByValue && T.IsZero(T.CreateTruncating(value.Bound))
            ? throw new ArgumentOutOfRangeException(nameof(Clip), string.Create(CultureInfo.InvariantCulture,
                $"Clip: got the bound {value.Bound} on the elements, which is 0 in {ElementType.NameOf<T>()}, "
                    + $"expected at least {T.Epsilon}."))
            : value;
    }

    /// <summary>What happens when a gradient is not finite.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not one of the enumeration.</exception>
    public NonFinite NonFinite
    {
        get;
        set => field = Enum.IsDefined(value) ? value : throw new ArgumentOutOfRangeException(nameof(NonFinite), string.Create(
            CultureInfo.InvariantCulture, $"NonFinite: got {(int)value}, expected Throw, Skip or Propagate."));
    }

    /// <summary>
    /// Whether the step maximizes instead of minimizes: the sign of the clipped gradients is flipped before decay and rule.
    /// </summary>
    public bool Maximize { get; init; }

    /// <summary>Whether a step leaves the gradients as they are, instead of clearing them.</summary>
    public bool KeepGradients { get; init; }

    /// <summary>
    /// Whether each step measures ‖Δθ‖/‖θ‖ for its report, which costs two more passes over the parameters and a copy of them.
    /// </summary>
    public bool MeasuresUpdates { get; init; }

    /// <summary>
    /// Whether a step that has made an element of a parameter infinite or NaN throws a <see cref="NonFiniteValueException"/>, which names
    /// the element, the rule's state and the line that called it. The step has been made then. It costs one more pass over the parameters.
    /// </summary>
    public bool DetectsNonFinite { get; init; }

    /// <summary>The groups, in the order in which they were added.</summary>
    public IReadOnlyList<Group<T>> Groups => _groups;

    /// <summary>What the last step did; the same object for all steps.</summary>
    public StepReport Report { get; } = new();

    /// <summary>An optimizer without parameters; <see cref="AddGroup{TRule}"/> adds them.</summary>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public Optimizer() => ElementType.Check<T>();

    /// <summary>Adds parameters under a rule of their own, at any time: their state begins at their first step.</summary>
    /// <param name="rule">The rule with its hyperparameters.</param>
    /// <param name="parameters">The parameters; each has a name of its own.</param>
    /// <exception cref="ArgumentException">
    /// There are no parameters, one was added before, or two have the same name; or the rule cannot work: it uses state that it does not
    /// declare, or branches on a value.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
    public Group<TRule, T> AddGroup<TRule>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IRule =>
        Add(typeof(TRule).Name, parameters, entries => new ElementwiseGroup<TRule, T>(rule, entries));

    /// <summary>Adds the group that <paramref name="create"/> makes of the parameters, after they have been checked.</summary>
    internal TGroup Add<TGroup>(string ruleName, IEnumerable<Parameter<T>> parameters, Func<ParameterEntry<T>[], TGroup> create)
        where TGroup : Group<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        using Use use = Enter("AddGroup");
        List<ParameterEntry<T>> added = [];
        HashSet<Parameter<T>> known = [.. _places.Keys];
        HashSet<string> names = [.. known.Select(parameter => parameter.Name)];
        foreach (Parameter<T> parameter in parameters)
        {
            if (parameter is null)
            {
                throw new ArgumentException($"AddGroup: got a null among the parameters of {ruleName}.", nameof(parameters));
            }
            if (!known.Add(parameter))
            {
                throw new ArgumentException(
                    $"AddGroup: got the parameter '{parameter.Name}' twice, expected each once.", nameof(parameters));
            }
            if (!names.Add(parameter.Name))
            {
                throw new ArgumentException(
                    $"AddGroup: got two parameters with the name '{parameter.Name}', expected different names: state is saved under them.",
                    nameof(parameters));
            }
            added.Add(new ParameterEntry<T>(parameter));
        }
        if (added.Count == 0)
        {
            throw new ArgumentException($"AddGroup: got no parameters for {ruleName}, expected at least one.", nameof(parameters));
        }
        TGroup group = create([.. added]);
        group.Owner = this;
        _groups.Add(group);
        _rulesNeedNorms |= group.NeedsGradientNorm;
        if (group is IElementwiseGroup<T> elementwise)
        {
            _elementwise.Add(elementwise);
        }
        else if (group is IWholeTensorGroup wholeTensor)
        {
            _wholeTensor.Add(wholeTensor);
        }
        foreach (ParameterEntry<T> entry in added)
        {
            _entries.Add(entry);
            _places.Add(entry.Parameter, (group, entry));
        }
        _byName = [.. _entries.OrderBy(e => e.Parameter.Name, StringComparer.Ordinal)];
        _parts = new double[_entries.Count];
        Report.Skipped.EnsureCapacity(_entries.Count);
        return group;
    }

    /// <summary>The number of steps and what happens before each, then a line for each group.</summary>
    public override string ToString()
    {
        string first = string.Create(
            CultureInfo.InvariantCulture,
            $"Optimizer after {Report.Steps} steps, {Describe(_transforms)}{Clip}, non-finite gradients: {NonFinite}");
        return string.Join('\n', _groups.Select(group => $"  {group}").Prepend(first));
    }

    /// <summary>Makes all gradients absent.</summary>
    /// <exception cref="InvalidOperationException">Another call is running.</exception>
    public void ClearGradients()
    {
        using Use use = Enter(nameof(ClearGradients), repairs: true);
        ClearAllGradients();
    }

    private void ClearAllGradients()
    {
        foreach (ParameterEntry<T> entry in _entries)
        {
            entry.Parameter.ClearGradient();
        }
    }

    /// <summary>
    /// Updates every parameter that has a gradient, and clears the gradients. A parameter without one is skipped: neither decay nor
    /// momentum changes it, and its update count stays.
    /// </summary>
    /// <returns>What the step did; the next step uses the same object.</returns>
    /// <exception cref="ArithmeticException">A gradient is not finite and the policy is <see cref="NonFinite.Throw"/>.</exception>
    /// <exception cref="NonFiniteValueException">
    /// A parameter is not finite after the step, and <see cref="DetectsNonFinite"/> is on.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException">A scheduled hyperparameter is outside its range.</exception>
    /// <exception cref="InvalidOperationException">
    /// Another call is running, or a rule threw during an earlier step, so that parameters may be partly updated.
    /// </exception>
    /// <remarks>
    /// In this order: <see cref="Transforms"/> change copies of the gradients; ‖g‖ is measured for the report, and gradients that are not
    /// finite are rejected; the gradients are clipped; decay and rule.
    /// </remarks>
    public StepReport Step() => StepWeighted(1);

    /// <summary>Makes a step with the gradients multiplied by <paramref name="weight"/> before all else.</summary>
    internal StepReport StepWeighted(double weight)
    {
        using Use use = Enter(nameof(Step));
        double norm = PrepareGradients(weight);
        if (IsRejected(norm))
        {
            Reject(nameof(Step), _entries);
            Report.Begin(_entries, norm);
            Report.ClipCoefficient = 0;
            if (!KeepGradients)
            {
                ClearAllGradients();
            }
            return Report;
        }
        double coefficient = ClipGradients(norm);
        Stage();
        Write(Clip.Kind == GradientClipKind.ByValue);
        Report.Begin(_entries, norm);
        Report.ClipCoefficient = coefficient;
        Report.Steps++;
        foreach (Group<T> group in _groups)
        {
            group.Finish(KeepGradients);
        }
        Report.LearningRate = _groups.Count == 0 ? double.NaN : _groups[0].LastLearningRate;
        Report.UpdateRatio = MeasuresUpdates ? UpdateRatio() : double.NaN;
        if (DetectsNonFinite)
        {
            CheckUpdates();
        }
        return Report;
    }

    /// <summary>
    /// The value at which a parameter is evaluated, as a copy: its own value, or the average that an <see cref="IAveragedRule"/> keeps
    /// (schedule-free rules, ASGD).
    /// </summary>
    /// <exception cref="ArgumentException">The parameter is not in this optimizer.</exception>
    /// <exception cref="InvalidOperationException">Another call is running, or a rule threw during an earlier step.</exception>
    public Tensor<T> EvaluationValue(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        using Use use = Enter(nameof(EvaluationValue));
        (Group<T> group, ParameterEntry<T> entry) = Find(parameter, nameof(EvaluationValue));
        Tensor<T> value = parameter.Value.Clone();
        if (group is IElementwiseGroup<T> elementwise)
        {
            elementwise.ToEvaluationPoint(entry, value.Output);
        }
        return value;
    }

    /// <summary>A parameter's group and entry.</summary>
    /// <exception cref="ArgumentException">The parameter is not in this optimizer.</exception>
    internal (Group<T> Group, ParameterEntry<T> Entry) Find(Parameter<T> parameter, string operation) =>
        _places.TryGetValue(parameter, out (Group<T>, ParameterEntry<T>) place)
            ? place
            : throw new ArgumentException(
                $"{operation}: got the parameter '{parameter.Name}', expected one of this optimizer's.", nameof(parameter));

    /// <summary>The group and entry of a parameter under an elementwise rule.</summary>
    /// <exception cref="ArgumentException">The parameter is not in this optimizer.</exception>
    /// <exception cref="InvalidOperationException">Its rule is not elementwise.</exception>
    internal (IElementwiseGroup<T> Group, ParameterEntry<T> Entry) FindElementwise(Parameter<T> parameter, string operation)
    {
        (Group<T> group, ParameterEntry<T> entry) = Find(parameter, operation);
        return group is IElementwiseGroup<T> elementwise
            ? (elementwise, entry)
            : throw new InvalidOperationException(
                $"{operation}: got the parameter '{parameter.Name}' under {group.RuleName}, which needs whole tensors; expected one " +
                "under an elementwise rule.");
    }

    /// <summary>Does all of the step that can throw, and undoes it if something does.</summary>
    private void Stage()
    {
        try
        {
            foreach (Group<T> group in _groups)
            {
                group.Stage();
            }
            if (MeasuresUpdates)
            {
                CopyValues();
            }
        }
        catch
        {
            foreach (Group<T> group in _groups)
            {
                group.Discard();
            }
            throw;
        }
    }

    /// <summary>Updates parameters and state.</summary>
    private void Write(bool clamp)
    {
        string? ruleName = null;
        foreach (ParameterEntry<T> entry in _entries)
        {
            if (entry.IsUpdated)
            {
                entry.Parameter.MarkChanged();
            }
        }
        try
        {
            _sweep.Run(_elementwise, clamp);
            foreach (IWholeTensorGroup group in _wholeTensor)
            {
                ruleName = group.RuleName;
                group.Update();
            }
        }
        catch (Exception cause)
        {
            Fail(nameof(Step), ruleName ?? _sweep.FailedRule ?? "a rule", cause);
            throw;
        }
    }

    private void CopyValues()
    {
        foreach (ParameterEntry<T> entry in _entries)
        {
            entry.ValueBefore ??= new Buffer<T>(entry.Parameter.Shape.Length, clear: false);
            entry.Parameter.ValueBuffer.Span.CopyTo(entry.ValueBefore.Span);
        }
    }

    /// <summary>‖θ − before‖/‖before‖ over all parameters.</summary>
    private double UpdateRatio()
    {
        double change = 0, size = 0;
        foreach (ParameterEntry<T> entry in _byName)
        {
            Span<T> before = entry.ValueBefore!.Span;
            size += Reduction.SumOfSquares<T>(before);
            TensorPrimitives.Subtract(entry.Parameter.ValueBuffer.Span, before, before);
            change += Reduction.SumOfSquares<T>(before);
        }
        return Math.Sqrt(change / size);
    }
}
