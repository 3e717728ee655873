using System.Numerics;
using System.Numerics.Tensors;
using Engine.Kernels;

namespace Engine;

/// <summary>
/// Groups of parameters under their rules, and the step that updates them all in one sweep: clipping, decay, rule and the clearing of
/// gradients in one pass over memory. A warm step allocates nothing. A step that throws has changed no parameter.
/// </summary>
/// <typeparam name="T"><see cref="float"/> or <see cref="double"/>.</typeparam>
public sealed partial class Optimizer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<Group<T>> _groups = [];
    private readonly List<ElementwiseGroup<T>> _elementwise = [];
    private readonly List<WholeTensorGroup<T>> _wholeTensor = [];
    private readonly List<ParameterEntry<T>> _entries = [];
    private readonly ParallelSweep<T> _sweep = new();
    private readonly RowGradient<T> _rows = new();
    private ParameterEntry<T>[] _byName = [];
    private double[] _squaredNorms = [];

    /// <summary>How gradients are clipped before the step.</summary>
    public GradientClip Clip { get; set; }

    /// <summary>What happens when a gradient is not finite.</summary>
    public NonFinite NonFinite { get; set; }

    /// <summary>Whether the step maximizes instead of minimizes: the sign of the gradients is flipped before decay and rule.</summary>
    public bool Maximize { get; init; }

    /// <summary>Whether a step leaves the gradients as they are, instead of clearing them.</summary>
    public bool KeepGradients { get; init; }

    /// <summary>
    /// Whether each step measures ‖Δθ‖/‖θ‖ for its report, which costs two more passes over the parameters and a copy of them.
    /// </summary>
    public bool MeasuresUpdates { get; init; }

    /// <summary>The groups, in the order in which they were added.</summary>
    public IReadOnlyList<Group<T>> Groups => _groups;

    /// <summary>What the last step did; the same object for all steps.</summary>
    public StepReport Report { get; } = new();

    internal bool NeedsGlobalNorm => NonFinite != NonFinite.Propagate || Clip.MaximumNorm is not null;

    /// <summary>An optimizer without parameters; <see cref="AddGroup{TRule}"/> adds them.</summary>
    /// <exception cref="NotSupportedException">T is neither float nor double.</exception>
    public Optimizer() => ElementType.Check<T>();

    /// <summary>Adds parameters under a rule of their own, at any time: their state begins at their first step.</summary>
    /// <param name="rule">The rule with its hyperparameters.</param>
    /// <param name="parameters">The parameters; each has a name of its own.</param>
    /// <exception cref="ArgumentException">There are no parameters, one was added before, or two have the same name.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A hyperparameter of the rule is outside its range.</exception>
    public ElementwiseGroup<TRule, T> AddGroup<TRule>(TRule rule, IEnumerable<Parameter<T>> parameters) where TRule : struct, IRule =>
        Add(typeof(TRule).Name, parameters, entries => new ElementwiseGroup<TRule, T>(rule, entries));

    /// <summary>Adds the group that <paramref name="create"/> makes of the parameters, after they have been checked.</summary>
    internal TGroup Add<TGroup>(string ruleName, IEnumerable<Parameter<T>> parameters, Func<ParameterEntry<T>[], TGroup> create)
        where TGroup : Group<T>
    {
        ArgumentNullException.ThrowIfNull(parameters);
        List<ParameterEntry<T>> added = [];
        foreach (Parameter<T> parameter in parameters)
        {
            if (parameter is null)
            {
                throw new ArgumentException($"AddGroup: got a null among the parameters of {ruleName}.", nameof(parameters));
            }
            if (_entries.Concat(added).FirstOrDefault(e => e.Parameter == parameter || e.Parameter.Name == parameter.Name) is { } earlier)
            {
                string problem = ReferenceEquals(earlier.Parameter, parameter)
                    ? $"got the parameter '{parameter.Name}' twice, expected each once."
                    : $"got two parameters with the name '{parameter.Name}', expected different names: state is saved under them.";
                throw new ArgumentException($"AddGroup: {problem}", nameof(parameters));
            }
            added.Add(new ParameterEntry<T>(parameter));
        }
        if (added.Count == 0)
        {
            throw new ArgumentException($"AddGroup: got no parameters for {ruleName}, expected at least one.", nameof(parameters));
        }
        TGroup group = create([.. added]);
        _groups.Add(group);
        if (group is ElementwiseGroup<T> elementwise)
        {
            _elementwise.Add(elementwise);
        }
        else if (group is WholeTensorGroup<T> wholeTensor)
        {
            _wholeTensor.Add(wholeTensor);
        }
        _entries.AddRange(added);
        _byName = [.. _entries.OrderBy(e => e.Parameter.Name, StringComparer.Ordinal)];
        _squaredNorms = new double[_entries.Count];
        Report.Skipped.EnsureCapacity(_entries.Count);
        return group;
    }

    /// <summary>Makes all gradients absent.</summary>
    public void ClearGradients()
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
    /// <exception cref="ArgumentOutOfRangeException">A scheduled hyperparameter is outside its range.</exception>
    public StepReport Step()
    {
        Report.Begin(_entries, NeedsGlobalNorm ? GlobalNorm() : double.NaN);
        if (IsRejected(Report.GradientNorm))
        {
            if (NonFinite == NonFinite.Throw)
            {
                throw new ArithmeticException(
                    $"Step: the gradient of '{FirstNonFinite().Parameter.Name}' is not finite; nothing was changed.");
            }
            Report.NonFiniteSteps++;
            Report.ClipCoefficient = 0;
            if (!KeepGradients)
            {
                ClearGradients();
            }
            return Report;
        }
        GradientTransform transform = TransformOf(Report.GradientNorm);
        foreach (Group<T> group in _groups)
        {
            group.ComputeScalars(transform);
        }
        Report.ClipCoefficient = Math.Abs(transform.Factor);
        Report.LearningRate = _groups.Count == 0 ? double.NaN : _groups[0].LearningRate;
        Report.Steps++;
        if (MeasuresUpdates)
        {
            CopyValues();
        }
        foreach (ParameterEntry<T> entry in _entries)
        {
            if (entry.IsUpdated)
            {
                entry.Parameter.MarkChanged();
            }
        }
        _sweep.Run(_elementwise, transform.IsClamped);
        foreach (WholeTensorGroup<T> group in _wholeTensor)
        {
            group.Update();
        }
        foreach (Group<T> group in _groups)
        {
            group.Finish(KeepGradients);
        }
        Report.UpdateRatio = MeasuresUpdates ? UpdateRatio() : double.NaN;
        return Report;
    }

    /// <summary>
    /// Updates some rows of one parameter, and touches neither value nor state of any other row: the step for embeddings, of which a batch
    /// uses a few rows. Works with every elementwise rule; the update count is that of the whole parameter, as in PyTorch's SparseAdam.
    /// Clipping by norm takes the norm of these rows, after rows that are given more than once have been added up in the order given.
    /// </summary>
    /// <param name="parameter">A parameter of two or more dimensions; a row is one index of the first axis.</param>
    /// <param name="rows">The rows, in any order; one may be given more than once.</param>
    /// <param name="gradients">
    /// Their gradients, of shape [rows, the parameter's other extents]; the parameter's own gradient is neither read nor cleared.
    /// </param>
    /// <exception cref="ArgumentException">The parameter is not in this optimizer, or the gradients have another shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A row is outside the parameter, or a scheduled hyperparameter outside its range.
    /// </exception>
    /// <exception cref="ArithmeticException">A gradient is not finite and the policy is <see cref="NonFinite.Throw"/>.</exception>
    /// <exception cref="InvalidOperationException">The parameter's rule is not elementwise.</exception>
    public void StepRows(Parameter<T> parameter, ReadOnlySpan<int> rows, in Tensor<T> gradients)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        (Group<T> group, ParameterEntry<T> entry) = Find(parameter, nameof(StepRows));
        _rows.Gather(parameter, rows, gradients);
        if (_rows.Rows.IsEmpty)
        {
            return;
        }
        double norm = NeedsGlobalNorm ? Math.Sqrt(Reduction.SumOfSquares(_rows.Gradients)) : double.NaN;
        if (IsRejected(norm))
        {
            if (NonFinite == NonFinite.Throw)
            {
                throw new ArithmeticException($"StepRows: the gradient of '{parameter.Name}' is not finite; nothing was changed.");
            }
            Report.NonFiniteSteps++;
            return;
        }
        if (group is not ElementwiseGroup<T> elementwise)
        {
            throw new InvalidOperationException(
                $"StepRows: got the parameter '{parameter.Name}' under {group.RuleName}, which needs whole tensors; expected an " +
                "elementwise rule.");
        }
        parameter.MarkChanged();
        elementwise.StepRows(entry, _rows.Rows, _rows.Gradients, TransformOf(norm));
    }

    /// <summary>
    /// The value at which a parameter is evaluated, as a copy: its own value, or the average that an <see cref="IAveragedRule"/> keeps
    /// (schedule-free rules, ASGD).
    /// </summary>
    /// <exception cref="ArgumentException">The parameter is not in this optimizer.</exception>
    public Tensor<T> EvaluationValue(Parameter<T> parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        (Group<T> group, ParameterEntry<T> entry) = Find(parameter, nameof(EvaluationValue));
        Tensor<T> value = parameter.Value.Clone();
        if (group is ElementwiseGroup<T> elementwise)
        {
            elementwise.ToEvaluationPoint(entry, value.Output);
        }
        return value;
    }

    /// <summary>Whether the policy for non-finite gradients forbids a step with gradients of this global norm.</summary>
    internal bool IsRejected(double globalNorm) => NonFinite != NonFinite.Propagate && !double.IsFinite(globalNorm);

    /// <summary>What clipping and maximizing do to gradients of this global norm.</summary>
    internal GradientTransform TransformOf(double globalNorm)
    {
        double coefficient = Clip.Coefficient(globalNorm);
        return new(Maximize ? -coefficient : coefficient, Clip.MaximumValue ?? double.PositiveInfinity);
    }

    /// <summary>A parameter's group and entry.</summary>
    internal (Group<T> Group, ParameterEntry<T> Entry) Find(Parameter<T> parameter, string operation)
    {
        foreach (Group<T> group in _groups)
        {
            foreach (ParameterEntry<T> entry in group.Entries)
            {
                if (ReferenceEquals(entry.Parameter, parameter))
                {
                    return (group, entry);
                }
            }
        }
        throw new ArgumentException(
            $"{operation}: got the parameter '{parameter.Name}', expected one of this optimizer's.", nameof(parameter));
    }

    /// <summary>‖g‖₂ over all gradients, added in the order of the names so that the order of the parameters does not matter.</summary>
    internal unsafe double GlobalNorm()
    {
        int count = 0;
        foreach (ParameterEntry<T> entry in _byName)
        {
            if (entry.Parameter.HasGradient)
            {
                _squaredNorms[count++] = entry.SquaredNorm = Reduction.SumOfSquares(entry.Parameter.Gradient.Span);
            }
        }
        fixed (double* squaredNorms = _squaredNorms)
        {
            return count == 0 ? 0 : Math.Sqrt(Reduction.PairwiseSum(squaredNorms, count));
        }
    }

    private ParameterEntry<T> FirstNonFinite()
    {
        foreach (ParameterEntry<T> entry in _entries)
        {
            if (entry.Parameter.HasGradient && !double.IsFinite(entry.SquaredNorm))
            {
                return entry;
            }
        }
        return _entries.First(entry => entry.Parameter.HasGradient); // each square is finite, their sum is not
    }

    private void CopyValues()
    {
        foreach (ParameterEntry<T> entry in _entries)
        {
            entry.ValueBefore ??= new Buffer<T>(entry.Parameter.Shape.Length, clear: false);
            entry.Parameter.Value.Span.CopyTo(entry.ValueBefore.Span);
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
            TensorPrimitives.Subtract(entry.Parameter.Value.Span, before, before);
            change += Reduction.SumOfSquares<T>(before);
        }
        return Math.Sqrt(change / size);
    }
}
